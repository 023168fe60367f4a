package tunnel

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// ask makes the request that is prepared and returns the head of its reply.
func (c *Conn) ask() (*http.Response, error) {
	for {
		if err := c.connect(c.life); err != nil {
			return nil, c.lost(err)
		}
		reply, err := c.exchange()
		if err == nil {
			c.wire.used = true
			c.signs.Add(1)
			if err := c.judge(reply); err != nil {
				return nil, err
			}
			return reply, nil
		}
		again := c.wire.stale() && c.life.Err() == nil
		c.hangUp()
		if !again { // so it is once at most: the next connection is a new one
			return nil, err
		}
	}
}

// exchange sends the request and reads the head of the reply.
func (c *Conn) exchange() (*http.Response, error) {
	w := c.wire
	w.feed.heard, w.feed.err = false, nil
	failed := c.send()
	if failed != nil {
		_ = w.conn.SetReadDeadline(time.Now().Add(lastWords)) // without one the watch bounds it
	}
	reply, err := w.head()
	switch {
	case err != nil:
		return nil, c.lost(err)
	case failed != nil && reply.StatusCode == http.StatusOK: // to a part of it
		return nil, c.lost(failed)
	}
	return reply, nil
}

// send writes the request in pieces, its head right before its body.
func (c *Conn) send() error {
	body := len(c.flight) - headRoom
	head := c.appendHead(c.scratch[:0], body)
	rest := c.flight[headRoom-len(head):]
	copy(rest, head)
	for len(rest) > 0 {
		n, err := c.wire.conn.Write(rest[:min(len(rest), pieceSize)])
		if err != nil {
			return err
		}
		rest = rest[n:]
		c.watch.Reset(replyLimit)
		c.gone(min(len(rest), body))
	}
	return nil
}

// gone makes room for Write when the transport has taken a piece of the
// client's bytes.
func (c *Conn) gone(left int) {
	if c.verb != verbSend {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unsent = left
	c.change.Broadcast()
}

// judge refuses what is no reply of a tunnel.
func (c *Conn) judge(reply *http.Response) error {
	switch {
	case reply.StatusCode != http.StatusOK:
		return &StatusError{reply.StatusCode, c.id == ""}
	case reply.ContentLength > maxBody:
		return &FormatError{fmt.Sprintf("the server's HTTP reply has %d bytes; at most %d can be", reply.ContentLength, maxBody)}
	}
	return nil
}

// receive hands the server's bytes to Read and returns the first byte of the
// reply, which is the tunnel's own, and how many followed. A reply without any
// is passed over.
func (c *Conn) receive(body io.Reader) (hint byte, n int, err error) {
	for first := true; ; {
		m, err := body.Read(c.scratch[:])
		b := c.scratch[:m]
		if first && m > 0 {
			hint, b, first = b[0], b[1:], false
		}
		n += len(b)
		c.deliver(b)
		switch {
		case err == io.EOF:
			return hint, n, nil
		case err != nil:
			return hint, n, c.lost(c.wire.feed.failure())
		}
	}
}

// deliver waits for room, unless nobody will read.
func (c *Conn) deliver(b []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(b) > 0 && !c.closed {
		n := min(len(b), maxUnread-len(c.in))
		c.in = append(c.in, b[:n]...)
		b = b[n:]
		c.change.Broadcast()
		if len(b) > 0 {
			c.watch.Stop() // this is not the server's fault
			c.change.Wait()
			c.watch.Reset(replyLimit)
		}
	}
}

// settle keeps the transport for the next request if it can.
func (c *Conn) settle(reply *http.Response) {
	if c.wire.spent(reply) {
		c.hangUp()
	}
}

// connect opens the transport unless it is open.
func (c *Conn) connect(ctx context.Context) error {
	if c.wire != nil {
		return nil
	}
	conn, err := c.dial(ctx)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.conn = conn
	c.mu.Unlock()
	if err := context.Cause(c.life); err != nil { // kill came too early to see it
		_ = conn.Close()
		return err
	}
	c.wire = newWire(conn)
	c.signs.Add(1)
	return nil
}

// hangUp closes the transport.
func (c *Conn) hangUp() {
	if c.wire != nil {
		_ = c.wire.conn.Close()
		c.wire = nil
	}
}
