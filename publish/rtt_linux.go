package publish

import (
	"net"

	"golang.org/x/sys/unix"
)

// roundTrip is the connection's smoothed round-trip time in milliseconds as the
// kernel measures it, rounded up so that a fast network is not "unknown"; 0
// where it cannot be had.
func roundTrip(conn net.Conn) uint32 {
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return 0
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return 0
	}
	var micros uint32
	_ = raw.Control(func(fd uintptr) { // a closed connection has no round trip
		if info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO); err == nil {
			micros = info.Rtt
		}
	})
	return (micros + 999) / 1000
}
