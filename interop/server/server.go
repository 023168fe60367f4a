// Package server runs real RTMP servers on this machine that record what is
// published to them. Each listens on a port of the loopback address that was
// free, keeps its files in a folder of its own, and tells by an event, never by
// a pause, when a recording is complete.
package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"

	"rtmpwriter/interop/elementary"
)

// Server is a running server.
type Server interface {
	// Name is the server's name and version.
	Name() string
	// Expect gets ready for one publish under the stream key.
	Expect(ctx context.Context, key string) (*Reception, error)
	// Close ends the server; what it complained of is lost.
	Close() error
}

// Reception is a recording that is awaited.
type Reception struct {
	// URL is where to publish.
	URL string
	// Started waits until the server has begun to take the stream; nil where
	// servers do not tell.
	Started func(ctx context.Context) (string, error)
	// Wait returns the recording's path when it is complete.
	Wait func(ctx context.Context) (string, error)
	// Check tells what else is wrong with what was received, knowing what was
	// sent; nil where the recording is all that can be seen. It may be called
	// after Wait.
	Check func(sent *elementary.File) []string
}

// freePort is a port that nobody listens on.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	addr, err := netip.ParseAddrPort(l.Addr().String())
	return int(addr.Port()), errors.Join(err, l.Close())
}

// events hands the paths of complete recordings to those who wait for them.
type events struct {
	mu      sync.Mutex
	waiting map[string]chan string
}

// started goes before the key of a stream whose start is awaited; keys have no
// slash.
const started = "started/"

// expect returns the wait for the recording of a stream key.
func (e *events) expect(key string) func(context.Context) (string, error) {
	done := make(chan string, 1)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.waiting == nil {
		e.waiting = map[string]chan string{}
	}
	e.waiting[key] = done
	return func(ctx context.Context) (string, error) {
		select {
		case path := <-done:
			return path, nil
		case <-ctx.Done():
			return "", fmt.Errorf("the server told no end of the recording of %s: %w", key, context.Cause(ctx))
		}
	}
}

func (e *events) complete(key, path string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if done := e.waiting[key]; done != nil {
		delete(e.waiting, key)
		done <- path
	}
}
