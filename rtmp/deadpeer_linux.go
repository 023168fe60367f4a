package rtmp

import (
	"os"
	"syscall"
	"time"
)

// tcpUserTimeout bounds in milliseconds how long data may stay
// unacknowledged, keep-alive probes included (tcp(7), TCP_USER_TIMEOUT).
const tcpUserTimeout = 18

func setUnacknowledgedLimit(fd uintptr, limit time.Duration) error {
	err := syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(max(limit.Milliseconds(), 1)))
	return os.NewSyscallError("setsockopt TCP_USER_TIMEOUT", err)
}
