package rtmp

import (
	"os"
	"syscall"
	"time"
)

// tcpRxtConnDropTime bounds in seconds how long data is retransmitted
// (netinet/tcp.h, TCP_RXT_CONNDROPTIME).
const tcpRxtConnDropTime = 0x80

func setUnacknowledgedLimit(fd uintptr, limit time.Duration) error {
	seconds := int((limit + time.Second - 1) / time.Second)
	err := syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpRxtConnDropTime, seconds)
	return os.NewSyscallError("setsockopt TCP_RXT_CONNDROPTIME", err)
}
