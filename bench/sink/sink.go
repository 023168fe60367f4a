// Package sink is the receiver that every publisher is measured against: an RTMP
// server that agrees to everything, counts what comes and forgets it, and costs less
// than any of them. One thread waits for all connections, reads them in large
// pieces and walks over the chunk headers. It is for Linux.
package sink

import (
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"sync"

	"golang.org/x/sys/unix"
)

const (
	// readSize is how much is read at once.
	readSize = 256 << 10
	// moments is how many connections one wait tells of.
	moments = 256
)

// Sink is the receiver. Its methods may be called from any goroutine.
type Sink struct {
	addr     string
	listener int
	poll     int
	stop     int // an event that ends the loop
	done     chan struct{}

	sessions map[int]*session // the loop's own

	join sync.WaitGroup // the goroutines for TLS

	mu      sync.Mutex
	closed  bool
	secure  map[io.Closer]bool // the listeners and connections for TLS
	open    int
	began   int // of those that are open: have sent media
	ended   []Reception
	changed chan struct{} // closed and made anew with every change
}

// New listens on a free port of 127.0.0.1. Close ends it.
func New() (*Sink, error) {
	s := &Sink{
		listener: -1, poll: -1, stop: -1, done: make(chan struct{}), sessions: map[int]*session{},
		secure: map[io.Closer]bool{}, changed: make(chan struct{}),
	}
	if err := s.listen(); err != nil {
		s.shut()
		return nil, err
	}
	go s.loop() // ends with stop; Close waits for it
	return s, nil
}

// listen opens what the loop waits for.
func (s *Sink) listen() (err error) {
	if s.listener, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0); err != nil {
		return fmt.Errorf("socket: %w", err)
	}
	if err := unix.Bind(s.listener, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return fmt.Errorf("bind: %w", err)
	}
	if err := unix.Listen(s.listener, 1024); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	name, err := unix.Getsockname(s.listener)
	if err != nil {
		return fmt.Errorf("getsockname: %w", err)
	}
	at, ok := name.(*unix.SockaddrInet4)
	if !ok {
		return errors.New("getsockname: no IPv4 address")
	}
	s.addr = fmt.Sprintf("127.0.0.1:%d", at.Port)
	if s.stop, err = unix.Eventfd(0, unix.EFD_CLOEXEC); err != nil {
		return fmt.Errorf("eventfd: %w", err)
	}
	if s.poll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return fmt.Errorf("epoll: %w", err)
	}
	return errors.Join(s.watch(s.listener), s.watch(s.stop))
}

// Addr is the address that it listens at.
func (s *Sink) Addr() string { return s.addr }

// Close ends it with its listeners for TLS, and the connections that there still are.
// It is called once.
func (s *Sink) Close() error {
	if _, err := unix.Write(s.stop, []byte{1, 0, 0, 0, 0, 0, 0, 0}); err != nil {
		return err
	}
	<-s.done
	s.closeSecure()
	return nil
}

func (s *Sink) watch(fd int) error {
	return unix.EpollCtl(s.poll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
}

func (s *Sink) loop() {
	runtime.LockOSThread()
	defer close(s.done)
	events, buffer := make([]unix.EpollEvent, moments), make([]byte, readSize)
	for {
		n, err := unix.EpollWait(s.poll, events, -1)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return
		}
		for _, e := range events[:max(n, 0)] {
			switch int(e.Fd) {
			case s.stop:
				s.shut()
				return
			case s.listener:
				s.accept()
			default:
				s.read(int(e.Fd), buffer)
			}
		}
	}
}

func (s *Sink) accept() {
	for {
		fd, _, err := unix.Accept4(s.listener, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		if err != nil {
			return // none left; a connection that broke is not one
		}
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1) // answers are small
		if err := s.watch(fd); err != nil {
			_ = unix.Close(fd)
			continue
		}
		s.sessions[fd] = newSession(now())
		s.change(func() { s.open++ })
	}
}

func (s *Sink) read(fd int, buffer []byte) {
	session := s.sessions[fd]
	n, err := unix.Read(fd, buffer)
	switch {
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
		return
	case err != nil:
		s.end(fd, err)
		return
	case n == 0:
		s.end(fd, nil)
		return
	}
	err = session.feed(buffer[:n])
	s.note(session)
	if err == nil && len(session.out) > 0 {
		_, err = unix.Write(fd, session.out)
		session.out = session.out[:0]
		if errors.Is(err, unix.EAGAIN) {
			err = nil // it does not read; what it misses are acknowledgements
		}
	}
	if err != nil {
		s.end(fd, err)
	}
}

func (s *Sink) end(fd int, err error) {
	session := s.sessions[fd]
	delete(s.sessions, fd)
	_ = unix.Close(fd)
	session.Err = err
	s.gone(session)
}

func (s *Sink) shut() {
	for fd := range s.sessions {
		s.end(fd, net.ErrClosed)
	}
	for _, fd := range []int{s.listener, s.stop, s.poll} {
		if fd >= 0 {
			_ = unix.Close(fd)
		}
	}
}
