// Package receiver is an embedded RTMP server that takes what is published to
// it and sums it up: which frames came, with which times and which bytes. The
// demo shows its numbers; tests compare them with what they sent.
//
// The protocol is github.com/yutopp/go-rtmp's, on purpose: a second opinion on
// what this module writes. Two of its limits cannot be configured away: it
// compiles for 64-bit systems only (elsewhere Start fails), and it does not
// read the extended timestamp of continuation chunks, so times of 0xFFFFFF ms
// (4 h 39 min) and more need a chunk size above the largest frame.
package receiver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
)

// ErrClosed is returned by Wait after Close.
var ErrClosed = errors.New("receiver is closed")

// maxResults bounds the results that nobody has waited for yet; the oldest go
// first.
const maxResults = 256

// Config says where to listen and what to tell. The zero value is usable.
type Config struct {
	// Addr is host:port; empty is a free port of 127.0.0.1.
	Addr string
	// Record keeps a Message for every message in Result.Messages. Without it
	// a stream may run for days.
	Record bool
	// OnMessage gets every message of every stream as it arrives, from the
	// goroutine of its connection: while it blocks, that publisher's messages
	// wait, and the network holds the publisher back.
	OnMessage func(Message)
}

// Receiver is a running server. Its methods are safe for concurrent use.
type Receiver struct {
	config   Config
	listener net.Listener
	serving  sync.WaitGroup // the accept loop and the connections; Close joins them

	mu      sync.Mutex
	closed  bool // Close was called
	over    bool // Close was called and no stream is left
	conns   map[*conn]struct{}
	streams map[string]struct{} // app/key of the streams being published
	ended   []*Result
	news    chan struct{} // closed and renewed when ended or over changes
}

// Start listens and serves until Close. ctx bounds the listening alone.
func Start(ctx context.Context, config Config) (*Receiver, error) {
	if config.Addr == "" {
		config.Addr = "127.0.0.1:0"
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", config.Addr)
	if err != nil {
		return nil, fmt.Errorf("RTMP receiver: %w", err)
	}
	r := &Receiver{
		config: config, listener: l, conns: map[*conn]struct{}{},
		streams: map[string]struct{}{}, news: make(chan struct{}),
	}
	if err := r.serve(); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return r, nil
}

// Addr is the host and port that the receiver listens on.
func (r *Receiver) Addr() string { return r.listener.Addr().String() }

// URL is where to publish the stream key of application app.
func (r *Receiver) URL(app, key string) string {
	return "rtmp://" + r.Addr() + "/" + app + "/" + key
}

// Wait returns the result of the next stream that has ended, each once and in
// the order of their ends. It waits until there is one, ctx ends or the
// receiver is closed; the error is then ctx's or ErrClosed.
func (r *Receiver) Wait(ctx context.Context) (*Result, error) {
	for {
		r.mu.Lock()
		if len(r.ended) > 0 {
			result := r.ended[0]
			r.ended = r.ended[1:]
			r.mu.Unlock()
			return result, nil
		}
		over, news := r.over, r.news
		r.mu.Unlock()
		if over {
			return nil, ErrClosed
		}
		select {
		case <-news:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Close stops listening, cuts all connections and returns when their streams
// have ended; Wait still gives their results. OnMessage must not call it.
func (r *Receiver) Close() error {
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		return nil
	}
	r.closed = true
	err := r.listener.Close()
	for c := range r.conns {
		_ = c.Conn.Close()
	}
	r.mu.Unlock()
	r.serving.Wait()

	r.mu.Lock()
	defer r.mu.Unlock()
	r.over = true
	r.tell()
	return err
}

// tell wakes all that wait; r.mu is held.
func (r *Receiver) tell() {
	close(r.news)
	r.news = make(chan struct{})
}
