package rtmptest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Tunnel says how a tunnel's server treats HTTP. The zero value is a good
// server, which keeps connections and sessions.
type Tunnel struct {
	// EndAfter forgets a session after so many requests: 404 from then on.
	EndAfter int
	// HangUp closes the HTTP connection after every reply, without announcing
	// it; CloseEach announces it.
	HangUp, CloseEach bool
	// Chunked sends replies in chunks, without a length.
	Chunked bool
	// Delay is how long every reply but the first takes.
	Delay time.Duration
	// Refuse answers open with this status; 0 does not.
	Refuse int
	// Request sees every request's path before it is answered.
	Request func(path string)
}

// NewTunnelServer starts a server for RTMP through HTTP over loopback, which is
// net/http's. Script.TLS is for HTTP. It is closed when the test ends.
func NewTunnelServer(t testing.TB, script Script, how Tunnel) *Server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("rtmptest: %v", err)
	}
	s := newTunnelServer(t, script, how, listener)
	s.Addr, s.listener = listener.Addr().String(), listener
	return s
}

// NewPipeTunnelServer is NewTunnelServer in memory, reached by Dial only.
func NewPipeTunnelServer(t testing.TB, script Script, how Tunnel) *Server {
	listener := &pipeListener{conns: make(chan net.Conn, 1024), done: make(chan struct{})}
	s := newTunnelServer(t, script, how, listener)
	s.Addr, s.pipes = "127.0.0.1:80", listener
	return s
}

func newTunnelServer(t testing.TB, script Script, how Tunnel, listener net.Listener) *Server {
	secure := script.TLS
	script.TLS = nil // the session within is plain
	s := newServer(t, script)
	s.scheme = "rtmpt"
	h := &tunnelHandler{server: s, how: how, sessions: map[string]*tunnelSession{}}
	s.http = &http.Server{Handler: h, TLSConfig: secure, ReadHeaderTimeout: patience, ErrorLog: quiet()}
	serve := func() error { return s.http.Serve(listener) }
	if secure != nil {
		s.scheme = "rtmpts"
		serve = func() error { return s.http.ServeTLS(listener, "", "") }
	}
	s.running.Go(func() { // ends with Close
		if err := serve(); !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("rtmptest: %v", err)
		}
	})
	return s
}

// tunnelHandler unwraps RTMP from requests, for sessions of the Server.
type tunnelHandler struct {
	server *Server
	how    Tunnel

	mu       sync.Mutex
	sessions map[string]*tunnelSession
}

// ServeHTTP answers one request of a tunnel.
func (h *tunnelHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.how.Request != nil {
		h.how.Request(r.URL.Path)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/x-fcs")
	w.Header().Set("Cache-Control", "no-cache")
	if h.how.CloseEach {
		w.Header().Set("Connection", "close")
	}
	verb, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if r.Method == http.MethodPost && verb == "open" && rest == "1" {
		h.open(w)
		return
	}
	id, number, _ := strings.Cut(rest, "/")
	s := h.session(id)
	if s == nil {
		http.NotFound(w, r)
		return
	}
	if h.how.Delay > 0 {
		s.pause(h.how.Delay, r.Context().Done())
	}
	reply, ok := s.answer(verb, number, body)
	if !ok || verb == "close" {
		h.forget(id)
	}
	if !ok {
		_ = s.conn.Close()
		http.NotFound(w, r)
		return
	}
	h.reply(w, reply)
}

// maxRequest is far above what a client sends at once.
const maxRequest = 4 << 20

// open begins a session.
func (h *tunnelHandler) open(w http.ResponseWriter) {
	if h.how.Refuse != 0 {
		http.Error(w, "no", h.how.Refuse)
		return
	}
	id := rand.Text()
	client, server := Pipe(65536)
	s := newTunnelSession(h.server.t, client, h.how.EndAfter)
	h.mu.Lock()
	h.sessions[id] = s
	h.mu.Unlock()
	h.server.running.Go(s.pump)
	h.server.serve(server)
	h.reply(w, []byte(id+"\n"))
}

func (h *tunnelHandler) reply(w http.ResponseWriter, b []byte) {
	if h.how.HangUp { // net/http would announce it, or race with the next request
		conn, buffer, err := http.NewResponseController(w).Hijack()
		if err != nil {
			h.server.t.Errorf("rtmptest: %v", err)
			return
		}
		_, _ = fmt.Fprintf(buffer, "HTTP/1.1 200 OK\r\nContent-Type: application/x-fcs\r\nContent-Length: %d\r\n\r\n%s", len(b), b)
		_ = buffer.Flush()
		_ = conn.Close()
		return
	}
	if h.how.Chunked {
		for len(b) > 1 { // several chunks, and no length
			_, _ = w.Write(b[:1])
			b = b[1:]
			_ = http.NewResponseController(w).Flush()
			if len(b) > 8 {
				_, _ = w.Write(b)
				return
			}
		}
	} else {
		w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	}
	_, _ = w.Write(b)
}

func (h *tunnelHandler) session(id string) *tunnelSession {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.sessions[id]
}

func (h *tunnelHandler) forget(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.sessions, id)
}
