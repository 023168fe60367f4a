//go:build linux || darwin

package rtmp

import (
	"os"
	"syscall"
)

func limitNotSent(fd uintptr, bytes int) error {
	return os.NewSyscallError("setsockopt TCP_NOTSENT_LOWAT", syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpNotSentLowWater, bytes))
}
