package rtmp

import (
	"errors"
	"net"
)

// setNotSentLowWater has the kernel take no more while that many bytes have not
// been sent even once: what waits, waits with us, where it can still be dropped
// or kept.
func setNotSentLowWater(conn net.Conn, bytes int) error {
	tcp, ok := conn.(*net.TCPConn)
	if !ok || bytes <= 0 {
		return nil
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) { failed = limitNotSent(fd, bytes) })
	return errors.Join(err, failed)
}
