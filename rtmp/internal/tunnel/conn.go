package tunnel

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Conn is the client's end of a tunnel. Its methods may be called from any
// goroutine. Write returns when the tunnel has the bytes, not the server, as
// that of a socket does.
type Conn struct {
	host string
	dial func(context.Context) (net.Conn, error)
	id   string // of the session; set before the goroutine starts

	life   context.Context // ends what is being dialed
	cancel context.CancelFunc
	ended  chan struct{} // closed when the goroutine has returned
	signs  atomic.Uint64 // see Signs

	mu              sync.Mutex
	change          sync.Cond // of anything below
	fill            []byte    // headRoom bytes, then what the next request will carry
	unsent          int       // bytes of the request under way that the transport has not
	in              []byte    // from the server, not read yet
	err             error     // why the session has ended
	replied         uint64    // bytes of the requests that have a reply
	owed            bool      // the request under way carries bytes and has no reply
	parted          bool      // CloseWrite
	closed          bool      // Close
	abrupt          bool      // Close is to say nothing to the server
	readBy, writeBy deadline
	conn            net.Conn // the transport, also a closed one
	late            bool     // it was closed for giving no reply

	// The goroutine's own.
	wire    *wire  // nil: dial
	flight  []byte // the body of the request under way, behind headRoom bytes
	verb    string // of that request, or of the last
	number  uint64 // of that request
	wait    time.Duration
	watch   *time.Timer
	scratch [4096]byte
}

// Client opens a session. dial opens the transport, TCP or TLS, to the server;
// it is called again whenever the server has closed it, and must return soon
// after its context's end. host is the server's name for HTTP, with a port
// unless it is the scheme's own. ctx bounds the opening and has no effect
// afterwards.
//
// The error is dial's, or a *StatusError, *FormatError or *LostError.
func Client(ctx context.Context, dial func(context.Context) (net.Conn, error), host string) (*Conn, error) {
	if len(host) > maxHost || strings.ContainsFunc(host, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return nil, errors.New("the host's name can't be sent in an HTTP request")
	}
	c := newConn(dial, host)
	stop := context.AfterFunc(ctx, c.kill)
	err := c.open(ctx)
	if !stop() && err == nil { // the transport is closed already
		err = context.Cause(ctx)
	}
	if err != nil {
		c.kill()
		return nil, err
	}
	go c.run() // ends with Close, CloseWrite or the session; joined by Close
	return c, nil
}

func newConn(dial func(context.Context) (net.Conn, error), host string) *Conn {
	c := &Conn{host: host, dial: dial, ended: make(chan struct{}), fill: make([]byte, headRoom), flight: make([]byte, headRoom)}
	c.change.L = &c.mu
	c.life, c.cancel = context.WithCancel(context.Background())
	return c
}

// Read reads what the server has sent; io.EOF after CloseWrite, when the server
// has answered everything.
func (c *Conn) Read(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		switch {
		case c.closed:
			return 0, net.ErrClosed
		case c.readBy.passed():
			return 0, errTimeout
		case len(c.in) > 0 || len(b) == 0:
			n := copy(b, c.in)
			c.in = c.in[:copy(c.in, c.in[n:])]
			c.change.Broadcast()
			return n, nil
		case c.err != nil:
			return 0, c.err
		}
		c.change.Wait()
	}
}

// Write gives bytes to the next request. It waits for room.
func (c *Conn) Write(b []byte) (int, error) {
	n, err := c.WriteBuffers(&net.Buffers{b})
	return int(n), err
}

// WriteBuffers is Write for a vector, which it consumes like
// net.Buffers.WriteTo: what fits goes into one request. It copies the bytes
// once: the request goes out, perhaps again, when the caller has its slices
// back.
func (c *Conn) WriteBuffers(v *net.Buffers) (written int64, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		switch {
		case c.closed || c.parted:
			return written, net.ErrClosed
		case c.err != nil:
			return written, c.err
		case len(*v) == 0:
			return written, nil
		case c.writeBy.passed():
			return written, errTimeout
		}
		n := c.take(v)
		written += int64(n)
		if n == 0 && len(*v) > 0 {
			c.change.Wait()
			continue
		}
		c.change.Broadcast()
	}
}

// take moves what there is room for from v.
func (c *Conn) take(v *net.Buffers) (taken int) {
	for len(*v) > 0 {
		b := (*v)[0]
		n := min(len(b), max(bufferSize-c.waiting()-c.unsent, 0))
		c.fill = append(c.fill, b[:n]...)
		taken += n
		if n < len(b) {
			(*v)[0] = b[n:]
			break
		}
		(*v)[0] = nil
		*v = (*v)[1:]
	}
	return taken
}

// waiting is how many bytes no request has yet.
func (c *Conn) waiting() int { return len(c.fill) - headRoom }

// Unsent is how many of the bytes written the transport does not have yet.
func (c *Conn) Unsent() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.waiting() + c.unsent
}

// Replied is how many of the bytes written the server has replied to.
func (c *Conn) Replied() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.replied
}

// Signs counts what shows that the server is there: connections that it has
// taken, and replies, also those without anything for Read.
func (c *Conn) Signs() uint64 { return c.signs.Load() }

// Transport is the HTTP connection, which changes when the server closes it.
func (c *Conn) Transport() net.Conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.conn
}

// LocalAddr is that of the transport.
func (c *Conn) LocalAddr() net.Addr { return c.Transport().LocalAddr() }

// RemoteAddr is that of the transport.
func (c *Conn) RemoteAddr() net.Addr { return c.Transport().RemoteAddr() }

// SetDeadline sets both deadlines.
func (c *Conn) SetDeadline(t time.Time) error {
	_ = c.SetReadDeadline(t) // neither fails
	return c.SetWriteDeadline(t)
}

// SetReadDeadline bounds waiting reads and those to come; it does not harm the
// session.
func (c *Conn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.readBy.set(t, &c.change)
	return nil
}

// SetWriteDeadline bounds waiting writes and those to come; what a write has
// given to the tunnel by then is sent.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writeBy.set(t, &c.change)
	return nil
}
