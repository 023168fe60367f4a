package tunnel

import (
	"errors"
	"os"
	"time"
)

// errTimeout is the end of one of the tunnel's own deadlines.
var errTimeout = os.ErrDeadlineExceeded

// CloseWrite ends the client's side and returns at once: what was written is
// sent, then the server is told of the end. When it has answered all of that,
// Read says io.EOF.
func (c *Conn) CloseWrite() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.parted = true
	c.change.Broadcast()
	return nil
}

// SetLinger with 0 has Close say nothing to the server, which then misses the
// client only when it gives up the session.
func (c *Conn) SetLinger(seconds int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.abrupt = seconds == 0
	return nil
}

// Close ends the session: readers and writers at once, bytes that are not under
// way are lost. The server is told, for which Close waits no longer than
// closeLimit; a server that isn't told may keep the stream's name taken until
// it misses the client. A second Close may be called to end that waiting after
// SetLinger(0).
func (c *Conn) Close() error {
	c.mu.Lock()
	c.closed = true
	abrupt := c.abrupt || c.err != nil
	c.readBy.set(time.Time{}, &c.change) // wakes all and leaves no timer behind
	c.writeBy.set(time.Time{}, &c.change)
	c.mu.Unlock()
	if abrupt {
		c.kill()
	}
	bound := time.AfterFunc(closeLimit, c.kill)
	defer bound.Stop()
	<-c.ended
	return nil
}

// kill ends whatever the session waits for.
func (c *Conn) kill() {
	c.cancel()
	c.mu.Lock()
	conn := c.conn
	c.mu.Unlock()
	if conn != nil {
		_ = conn.Close()
	}
}

// tooLate ends a session whose server does not reply.
func (c *Conn) tooLate() {
	c.mu.Lock()
	c.late = true
	c.mu.Unlock()
	c.kill()
}

// lost is the error of a request without a reply, given what failed.
func (c *Conn) lost(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var broken *FormatError
	switch {
	case errors.As(err, &broken):
		return err
	case c.late:
		return &LostError{}
	default:
		return &LostError{err}
	}
}
