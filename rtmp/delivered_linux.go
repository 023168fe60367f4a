package rtmp

import (
	"context"
	"net"
	"syscall"
	"time"
	"unsafe"
)

const (
	// siocoutq asks how many bytes the peer's TCP has not acknowledged
	// (tcp(7), SIOCOUTQ).
	siocoutq = 0x5411
	// deliveryPoll is how often that is asked; nearly always once is enough.
	deliveryPoll = 2 * time.Millisecond
)

// unsent is how many bytes the server's TCP has not acknowledged, 0 where that
// cannot be told.
func unsent(conn net.Conn) (n int) {
	tcp, ok := beneath(conn).(*net.TCPConn)
	if !ok {
		return 0
	}
	if raw, err := tcp.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { n, _ = unacknowledged(fd) }) // a closed one has nothing to send
	}
	return n
}

// delivered tells whether all that was written has reached the server's TCP,
// now that the server has closed. One that closed before it had read the
// farewell resets the connection; the kernel tells that only when asked, since
// the end of the stream came first.
func delivered(ctx context.Context, conn net.Conn) error {
	tcp, ok := beneath(conn).(*net.TCPConn)
	if !ok {
		return nil
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return err
	}
	ticker := time.NewTicker(deliveryPoll)
	defer ticker.Stop()
	for {
		var failed, unsent int
		if err := raw.Control(func(fd uintptr) {
			// Reading the error clears it: this is the only place that does.
			failed, _ = syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_ERROR)
			unsent, _ = unacknowledged(fd)
		}); err != nil {
			return err
		}
		switch {
		case failed != 0:
			return syscall.Errno(failed)
		case unsent == 0:
			return nil
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// unacknowledged is the number of bytes that the peer's TCP has not taken; false
// where that can't be told.
func unacknowledged(fd uintptr) (int, bool) {
	var n int32
	_, _, errno := syscall.RawSyscall(syscall.SYS_IOCTL, fd, siocoutq, uintptr(unsafe.Pointer(&n))) //nolint:gosec // the kernel writes an int there
	if errno != 0 || n < 0 {
		return 0, false
	}
	return int(n), true
}
