package publish

import (
	"context"
	"errors"

	"rtmpwriter/amf0"
)

// ErrNotConnected answers a Call while there is no connection.
var ErrNotConnected = errors.New("not connected to the server")

// Call gives the server a command (specification, section 8), for example
// startRecording on Wowza, and returns its answer: values of package amf0, the
// command object first. A nil object is sent as null. It is not queued: without a
// connection it fails with ErrNotConnected, and a connection that is lost takes
// the answer with it. See rtmp.Conn.Call for the bounds and the errors.
func (p *Publisher) Call(ctx context.Context, name string, object amf0.Object, args ...any) ([]any, error) {
	p.mu.Lock()
	conn, closed := p.conn, p.closed
	p.mu.Unlock()
	switch {
	case closed:
		return nil, ErrClosed
	case conn == nil:
		return nil, ErrNotConnected
	}
	return conn.Call(ctx, name, object, args...)
}
