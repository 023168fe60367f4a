// Package sink is the receiver that every publisher is measured against: an RTMP
// server that agrees to everything, counts what comes and forgets it, and costs less
// than any of them. One thread waits for all connections, reads them in large
// pieces and walks over the chunk headers. It is for Linux.
package sink

import (
	"context"
	"errors"
	"fmt"
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

	mu      sync.Mutex
	open    int
	began   int // of those that are open: have sent media
	ended   []Reception
	changed chan struct{} // closed and made anew with every change
}

// New listens on a free port of 127.0.0.1. Close ends it.
func New() (*Sink, error) {
	s := &Sink{done: make(chan struct{}), sessions: map[int]*session{}, changed: make(chan struct{})}
	var err error
	if s.listener, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0); err != nil {
		return nil, fmt.Errorf("socket: %w", err)
	}
	if err := unix.Bind(s.listener, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return nil, fmt.Errorf("bind: %w", err)
	}
	if err := unix.Listen(s.listener, 1024); err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	name, err := unix.Getsockname(s.listener)
	if err != nil {
		return nil, fmt.Errorf("getsockname: %w", err)
	}
	at, ok := name.(*unix.SockaddrInet4)
	if !ok {
		return nil, errors.New("getsockname: no IPv4 address")
	}
	s.addr = fmt.Sprintf("127.0.0.1:%d", at.Port)
	if s.stop, err = unix.Eventfd(0, unix.EFD_CLOEXEC); err != nil {
		return nil, fmt.Errorf("eventfd: %w", err)
	}
	if s.poll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, fmt.Errorf("epoll: %w", err)
	}
	if err := errors.Join(s.watch(s.listener), s.watch(s.stop)); err != nil {
		return nil, err
	}
	go s.loop() // ends with stop
	return s, nil
}

// Addr is the address that it listens at.
func (s *Sink) Addr() string { return s.addr }

// Close ends it, and the connections that there still are.
func (s *Sink) Close() error {
	if _, err := unix.Write(s.stop, []byte{1, 0, 0, 0, 0, 0, 0, 0}); err != nil {
		return err
	}
	<-s.done
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

// note counts a session that has had its first media.
func (s *Sink) note(session *session) {
	if session.First > 0 && !session.noted {
		session.noted = true
		s.change(func() { s.began++ })
	}
}

// gone takes the account of a session that has ended.
func (s *Sink) gone(session *session) {
	s.change(func() {
		s.open--
		if session.noted {
			s.began--
		}
		s.ended = append(s.ended, session.Reception)
	})
}

func (s *Sink) shut() {
	for fd := range s.sessions {
		s.end(fd, net.ErrClosed)
	}
	for _, fd := range []int{s.listener, s.stop, s.poll} {
		_ = unix.Close(fd)
	}
}

func (s *Sink) change(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	close(s.changed)
	s.changed = make(chan struct{})
}

// Collect waits until n publishers that sent media have come and gone since the last
// call, and tells what came of each.
func (s *Sink) Collect(ctx context.Context, n int) ([]Reception, error) {
	for {
		s.mu.Lock()
		var done []Reception
		for _, r := range s.ended {
			if r.First > 0 {
				done = append(done, r)
			}
		}
		open, changed := s.open, s.changed
		if len(done) >= n && open == 0 {
			s.ended = nil
			s.mu.Unlock()
			return done, nil
		}
		s.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("%d of %d publishers have come and gone, %d are there: %w", len(done), n, open, context.Cause(ctx))
		}
	}
}

// Await waits until so many connected publishers have sent media.
func (s *Sink) Await(ctx context.Context, n int) error {
	for {
		s.mu.Lock()
		open, changed := s.began, s.changed
		s.mu.Unlock()
		if open >= n {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("%d of %d publishers have sent media: %w", open, n, context.Cause(ctx))
		}
	}
}
