package rtmp

// sysGetsockopt is getsockopt's own number, from Linux 4.3 on; package syscall
// has that of socketcall(2) alone. An older kernel refuses it.
const sysGetsockopt = 365
