package rtmptest

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"
)

// patience bounds what a test waits for, in real or virtual time.
const patience = 20 * time.Second

// Server is a scripted RTMP server.
type Server struct {
	// Addr is the server's host:port.
	Addr string

	t        testing.TB
	script   Script
	listener net.Listener // nil in memory
	scheme   string
	http     *http.Server  // of a tunnel
	pipes    *pipeListener // of a tunnel in memory
	sessions chan *Session
	done     chan struct{}
	close    sync.Once
	running  sync.WaitGroup // the accept loop and one goroutine a session

	mu  sync.Mutex
	all []*Session
}

// NewServer starts a server on TCP over loopback. It is closed when the test
// ends.
func NewServer(t testing.TB, script Script) *Server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("rtmptest: %v", err)
	}
	s := newServer(t, script)
	s.Addr, s.listener = listener.Addr().String(), listener
	s.running.Go(s.acceptLoop)
	return s
}

// NewPipeServer starts a server in memory, reached by Dial only. Within a
// synctest bubble it must be made there, with the bubble's t.
func NewPipeServer(t testing.TB, script Script) *Server {
	s := newServer(t, script)
	s.Addr = "127.0.0.1:1935"
	return s
}

func newServer(t testing.TB, script Script) *Server {
	scheme := "rtmp"
	if script.TLS != nil {
		scheme = "rtmps"
	}
	s := &Server{t: t, script: script, scheme: scheme, sessions: make(chan *Session, 1024), done: make(chan struct{})}
	t.Cleanup(s.Close)
	return s
}

// URL returns rtmp://address/path, with the scheme that fits the server.
func (s *Server) URL(path string) string { return s.scheme + "://" + s.Addr + "/" + path }

// Dial connects to the server; it fits rtmp.Config.Dial.
func (s *Server) Dial(ctx context.Context, network, _ string) (net.Conn, error) {
	if s.listener != nil {
		return new(net.Dialer).DialContext(ctx, network, s.Addr)
	}
	select {
	case <-s.done:
		return nil, net.ErrClosed
	default:
	}
	size := s.script.PipeSize
	if size == 0 {
		size = 65536
	}
	client, server := Pipe(size)
	if s.script.Delay != nil {
		server = s.far(server, size)
	}
	if s.pipes != nil {
		s.pipes.conns <- server
	} else {
		s.serve(server)
	}
	return client, nil
}

// Session waits for the next connection.
func (s *Server) Session() *Session {
	s.t.Helper()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case session := <-s.sessions:
		return session
	case <-timer.C:
		s.t.Fatal("rtmptest: no connection came")
		return nil
	}
}

// Close closes the server and its connections, and waits for its goroutines.
func (s *Server) Close() {
	s.close.Do(func() {
		close(s.done)
		switch {
		case s.http != nil:
			_ = s.http.Close()
		case s.listener != nil:
			_ = s.listener.Close()
		}
		s.mu.Lock()
		all := slices.Clone(s.all)
		s.mu.Unlock()
		for _, session := range all {
			session.Close()
		}
	})
	s.running.Wait()
}

// acceptLoop ends with the listener.
func (s *Server) acceptLoop() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.serve(conn)
	}
}

func (s *Server) serve(conn net.Conn) {
	raw := conn
	if s.script.TLS != nil {
		conn = tls.Server(conn, s.script.TLS)
	}
	session := newSession(s, raw, conn)
	s.mu.Lock()
	s.all = append(s.all, session)
	s.mu.Unlock()
	if s.script.Forget {
		s.running.Go(func() { session.run(); s.forget(session) })
		return
	}
	s.running.Go(session.run)
	s.sessions <- session
}

func (s *Server) forget(session *Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = slices.DeleteFunc(s.all, func(other *Session) bool { return other == session })
}
