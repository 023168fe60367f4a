package receiver

import (
	"errors"
	"io"
	"net"
	"sync"
)

// conn is one connection as the library sees it. The library calls Close as
// the last act of its goroutine; that is what Receiver.Close waits for.
type conn struct {
	net.Conn
	owner *Receiver
	once  sync.Once

	// err is why reading ended; the library's own complaint comes in failure.
	// Both belong to the connection's goroutine.
	err, failure error
}

// admit takes the connection into the receiver's care; one that comes after
// Close is cut.
func (r *Receiver) admit(c net.Conn) *conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	admitted := &conn{Conn: c, owner: r}
	r.serving.Add(1)
	r.conns[admitted] = struct{}{}
	if r.closed {
		_ = c.Close()
	}
	return admitted
}

// Read notes why reading ended.
func (c *conn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err != nil {
		c.err = err
	}
	return n, err
}

// Close gives the connection up.
func (c *conn) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() {
		c.owner.mu.Lock()
		delete(c.owner.conns, c)
		c.owner.mu.Unlock()
		c.owner.serving.Done()
	})
	return err
}

// reason is why the connection ended; nil when the publisher closed it in
// order.
func (c *conn) reason() error {
	if c.err != nil && !errors.Is(c.err, io.EOF) {
		return c.err
	}
	return c.failure
}
