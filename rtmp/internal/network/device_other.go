//go:build !linux

package network

// bindToDevice leaves it to the address: the routes decide.
func bindToDevice(uintptr, string) {}
