//go:build !linux && !windows && !darwin

package rtmp

// socketQuery has no system to ask.
type socketQuery struct{}

func (*socketQuery) ask(uintptr, uint64) (NetworkStats, bool) { return NetworkStats{}, false }
