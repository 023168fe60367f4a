//go:build !linux && !darwin

package rtmp

// limitNotSent has no counterpart here. Windows has the ideal send backlog,
// which it keeps by itself: it takes no more than about what the path holds.
func limitNotSent(uintptr, int) error { return nil }
