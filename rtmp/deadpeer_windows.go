package rtmp

import (
	"os"
	"syscall"
	"time"
)

// tcpMaxRT bounds in seconds how long data is retransmitted (ws2ipdef.h,
// TCP_MAXRT).
const tcpMaxRT = 5

func setUnacknowledgedLimit(fd uintptr, limit time.Duration) error {
	seconds := int((limit + time.Second - 1) / time.Second)
	err := syscall.SetsockoptInt(syscall.Handle(fd), syscall.IPPROTO_TCP, tcpMaxRT, seconds)
	return os.NewSyscallError("setsockopt TCP_MAXRT", err)
}
