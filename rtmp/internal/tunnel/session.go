package tunnel

import (
	"context"
	"errors"
	"io"
	"net"
	"time"
)

// The requests of a session.
const (
	verbOpen  = "open"
	verbSend  = "send"
	verbIdle  = "idle"
	verbClose = "close"
)

// open connects and asks for a session.
func (c *Conn) open(ctx context.Context) error {
	c.watch = time.AfterFunc(replyLimit, c.tooLate)
	defer c.watch.Stop()
	if err := c.connect(ctx); err != nil {
		return err
	}
	c.verb, c.flight = verbOpen, append(c.flight[:headRoom], 0)
	reply, err := c.ask()
	if err != nil {
		return err
	}
	name, err := io.ReadAll(io.LimitReader(reply.Body, maxID+int64(len("\r\n"))+1))
	_ = reply.Body.Close() // nothing to release
	if err != nil {
		return c.lost(c.wire.feed.failure())
	}
	c.settle(reply)
	c.id, err = parseID(name)
	c.wait = minPoll
	return err
}

var errFault = errors.New("an internal fault of the tunnel")

// run makes the requests of the session, one after another.
func (c *Conn) run() {
	defer close(c.ended)
	err := c.requests()
	c.watch.Stop()
	c.hangUp()
	c.cancel()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.parted && !c.owed && c.waiting() == 0 {
		err = io.EOF // all was sent and answered: what came of the goodbye does not matter
	}
	c.err = err
	c.change.Broadcast()
}

// requests returns why the session has ended. A panic is such a reason: the
// program around us goes on.
func (c *Conn) requests() (err error) {
	defer func() {
		if recover() != nil {
			err = errFault
		}
	}()
	for {
		if !c.next() {
			return net.ErrClosed
		}
		c.watch.Reset(replyLimit)
		reply, err := c.ask()
		if err != nil {
			return err
		}
		c.answered()
		hint, n, err := c.receive(reply.Body)
		_ = reply.Body.Close() // nothing to release
		if err != nil {
			return err
		}
		c.watch.Stop()
		c.settle(reply)
		c.number++
		if c.verb == verbClose {
			return io.EOF
		}
		c.pace(hint, n)
	}
}

// next waits until a request is due and prepares it. It is false where Close is to
// say nothing.
func (c *Conn) next() bool {
	var due deadline
	c.mu.Lock()
	defer c.mu.Unlock()
	due.set(time.Now().Add(c.wait), &c.change)
	defer due.set(time.Time{}, &c.change)
	for {
		verb := ""
		switch {
		case c.closed && c.abrupt:
			return false
		case c.closed:
			verb = verbClose
		case c.waiting() > 0:
			c.fill, c.flight = c.flight[:headRoom], c.fill
			c.verb, c.owed, c.unsent = verbSend, true, len(c.flight)-headRoom
			return true
		case c.parted && c.verb == verbIdle: // it had the chance of a last word
			verb = verbClose
		case due.passed():
			verb = verbIdle
		}
		if verb != "" {
			c.verb, c.flight = verb, append(c.flight[:headRoom], 0) // as Flash did: some servers want a body
			return true
		}
		c.change.Wait()
	}
}

// pace says when the server is asked next.
func (c *Conn) pace(hint byte, n int) {
	if c.verb == verbSend || n > 0 { // more may follow
		c.wait = minPoll
		return
	}
	c.wait = min(max(2*c.wait, parsePoll(hint)), maxPoll)
}

// answered tells that the server has what was under way.
func (c *Conn) answered() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.owed {
		c.replied += uint64(len(c.flight) - headRoom)
	}
	c.owed = false
}
