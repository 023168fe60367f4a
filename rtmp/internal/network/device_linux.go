package network

import "syscall"

// bindToDevice does what can be done: kernels before 5.7 want privileges, and
// then the address alone decides.
func bindToDevice(fd uintptr, device string) { _ = syscall.BindToDevice(int(fd), device) }
