//go:build !386

package rtmp

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"unsafe"
)

// vectored writes vectors to a socket as net.Buffers does, but the runtime is not
// told of the system call. That would wake its monitor, a thread that looks around
// some times before it rests again: a third of a live stream's CPU. The call never
// waits: MSG_DONTWAIT holds also for a socket that somebody has made a blocking one.
type vectored struct {
	conn   *net.TCPConn
	raw    syscall.RawConn
	try    func(fd uintptr) bool // made once, so that no call allocates
	rest   net.Buffers           // what is still to be written
	slices []syscall.Iovec       // room for the kernel's form of it
	header syscall.Msghdr
	sent   int64
	failed error
}

func newVectored(conn *net.TCPConn) (*vectored, error) {
	raw, err := conn.SyscallConn()
	v := &vectored{conn: conn, raw: raw}
	v.try = v.once
	return v, err
}

// write writes the vector and consumes it, or what of it goes until the
// connection's deadline.
func (v *vectored) write(vector *net.Buffers) (int64, error) {
	v.rest, v.sent, v.failed = *vector, 0, nil
	err := v.raw.Write(v.try)
	*vector, v.rest = v.rest, nil
	clear(v.slices)
	if err != nil || v.failed != nil {
		err = v.failure(err)
	}
	return v.sent, err
}

// failure is the error as package net words it.
func (v *vectored) failure(err error) error {
	if v.failed != nil {
		return &net.OpError{Op: "write", Net: "tcp", Source: v.conn.LocalAddr(), Addr: v.conn.RemoteAddr(), Err: v.failed}
	}
	if op := (*net.OpError)(nil); errors.As(err, &op) {
		op.Op = "write" // that it was a raw one is nobody's business
	}
	return err
}

// once writes until all is written or something is wrong. It is false when the
// socket takes no more for now.
func (v *vectored) once(fd uintptr) bool {
	for v.fill() {
		n, _, errno := syscall.RawSyscall(syscall.SYS_SENDMSG, fd, uintptr(unsafe.Pointer(&v.header)), syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL) //nolint:gosec // the kernel reads what the header names
		switch {
		case errno == syscall.EAGAIN:
			return false
		case errno == syscall.EINTR:
		case errno != 0:
			v.failed = os.NewSyscallError("sendmsg", errno)
			return true
		case n == 0:
			v.failed = io.ErrUnexpectedEOF
			return true
		default:
			v.sent += int64(n)
			v.consume(int(n))
		}
	}
	return true
}

// fill brings the rest into the kernel's form and tells whether there is any.
func (v *vectored) fill() bool {
	clear(v.slices) // there may be fewer now
	v.slices = v.slices[:0]
	for _, b := range v.rest {
		if len(b) > 0 {
			v.slices = append(v.slices, syscall.Iovec{Base: &b[0]})
			v.slices[len(v.slices)-1].SetLen(len(b))
		}
	}
	if len(v.slices) == 0 {
		v.rest = nil
		return false
	}
	v.header.Iov = &v.slices[0]
	setLength(&v.header.Iovlen, len(v.slices))
	return true
}

// setLength sets a field that has another size on other processors.
func setLength[T uint32 | uint64](field *T, n int) { *field = T(n) }

// consume takes n bytes off the rest.
func (v *vectored) consume(n int) {
	for len(v.rest) > 0 && n >= len(v.rest[0]) {
		n -= len(v.rest[0])
		v.rest[0] = nil // let go of it
		v.rest = v.rest[1:]
	}
	if n > 0 {
		v.rest[0] = v.rest[0][n:]
	}
}
