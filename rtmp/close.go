package rtmp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

// Abort resets the connection at once (RST on TCP), so that the server sees an
// abnormal end and may keep the broadcast for a reconnect. It interrupts Flush
// and Close, and may be called from any goroutine, more than once.
func (c *Conn) Abort() {
	c.end(&OpError{opClose, c.addr, &closedError{"aborted"}})
	if s, ok := c.raw.(interface{ SetLinger(int) error }); ok {
		_ = s.SetLinger(0) // fails on a closed socket only
	}
	_ = c.raw.Close()
}

const (
	// drainLimit is how long the server may do nothing after it has been told
	// of the end: neither take data nor close. Most close within a round trip.
	drainLimit = 3 * time.Second
	// drainLook is how often it is looked at what the server takes.
	drainLook = 250 * time.Millisecond
)

// Close ends the session politely: it flushes, sends FCUnpublish and
// deleteStream, half-closes, reads what the server still sends, so that
// nothing is lost to a reset, and closes. ctx bounds it; a bound of its own is
// there too. When the session has failed before, Close frees what it holds and
// returns Err. It may be called more than once, from any goroutine but that of
// OnStatus. The error tells that the stream's end may not have reached the
// server.
func (c *Conn) Close(ctx context.Context) error {
	if !c.closing.CompareAndSwap(false, true) {
		<-c.closed
		return c.closeErr
	}
	defer close(c.closed)
	stop := context.AfterFunc(ctx, func() { _ = c.raw.Close() })
	defer stop()
	// A failure after the last Flush is one that nobody knows of yet.
	failed := c.Err()
	switch {
	case failed == nil:
		c.closeErr = c.farewell(ctx)
	case !errors.Is(failed, net.ErrClosed):
		c.closeErr = failed
	}
	c.end(c.closedHere())
	_ = c.raw.Close()
	c.goroutines.Wait()
	return c.closeErr
}

// failure is Err, unless this side has ended the session.
func (c *Conn) failure() error {
	if err := c.Err(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// closedHere is Err after Close.
func (c *Conn) closedHere() error { return &OpError{opClose, c.addr, &closedError{"closed"}} }

// farewell sends what is left to say and waits for the server to close. A
// server that closed before it had all has not taken the stream's end.
func (c *Conn) farewell(ctx context.Context) error {
	c.settle(ctx)
	c.mu.Lock()
	c.state.closing = true
	c.mu.Unlock()
	err := c.confirm(ctx)
	if err == nil {
		err = c.sendFarewell()
	}
	if failed := c.failure(); failed != nil {
		return failed // the server's words say more than a broken pipe
	}
	if err != nil {
		return &OpError{opClose, c.addr, ended(ctx, err)}
	}
	if err := c.drain(ctx); err != nil {
		return &OpError{opClose, c.addr, err}
	}
	// A reset says that the server closed with data unread, or before it came.
	err = c.readErr
	if errors.Is(err, io.EOF) {
		bound, cancel := context.WithTimeout(ctx, drainLimit)
		defer cancel()
		err = delivered(bound, c.raw)
	}
	switch {
	case err == nil && c.unconfirmed():
		return &OpError{opClose, c.addr, errUnconfirmed}
	case err == nil:
		return nil
	case isClose(err):
		return c.cutShort(err)
	case errors.Is(err, context.DeadlineExceeded):
		err = errNotRead
	}
	return &OpError{opClose, c.addr, ended(ctx, err)}
}

// errNotRead tells that the end of the stream is missing at a server that has
// closed its side.
var errNotRead = &timeoutError{"the server has not read the stream to its end", drainLimit, "time to drain"}

// drainError tells that the end of the stream may be missing at the server. One
// that has read all of it and only keeps the socket looks the same from here,
// unless left tells that its TCP lacks so many bytes.
type drainError struct{ left int }

func (drainError) Error() string {
	return fmt.Sprintf("the server has not closed within %v of the end of the stream; it may not have read all of it (time to drain)", drainLimit)
}

func (drainError) Timeout() bool { return true }

func (drainError) Unwrap() error { return os.ErrDeadlineExceeded }

// KeptOpen reports whether err, from Close, says no more than that the server has
// kept the connection, while its TCP has taken the whole stream as far as that is
// known. To send the end again would be of no use.
func KeptOpen(err error) bool {
	var drain drainError
	return errors.As(err, &drain) && drain.left == 0
}

// drain waits until the server has closed. One that does not may not have read
// to the end; what lies in its buffers may be lost.
func (c *Conn) drain(ctx context.Context) error {
	ticker := time.NewTicker(drainLook)
	defer ticker.Stop()
	moved, left := time.Now(), undelivered(c.raw)
	had, _ := c.Taken()
	for {
		select {
		case <-c.readerDone:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		case now := <-ticker.C:
			if n := undelivered(c.raw); n < left {
				moved, left = now, n
			}
			// One that acknowledges reads what its TCP has taken long ago.
			if n, _ := c.Taken(); n > had {
				moved, had = now, n
			}
			if now.Sub(moved) >= drainLimit {
				return drainError{left}
			}
		}
	}
}

// settleTime is how long a stream of less than earlyEnd waits for a server's
// second thoughts. Some give the go-ahead, look at the stream key, and close:
// a short stream would be over before, and believed to be delivered.
const settleTime = 100 * time.Millisecond

func (c *Conn) settle(ctx context.Context) {
	c.mu.Lock()
	early := time.Since(c.state.since) < earlyEnd
	c.mu.Unlock()
	if !early {
		return
	}
	timer := time.NewTimer(settleTime)
	defer timer.Stop()
	select {
	case <-c.readerDone:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// cutShort is the error of a session that the server closed before its end.
func (c *Conn) cutShort(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.words != nil {
		return &OpError{c.words.Op, c.addr, c.words}
	}
	return &OpError{opClose, c.addr, &peerClosedError{err, time.Since(c.state.since) < earlyEnd}}
}

func (c *Conn) sendFarewell() error {
	c.lock()
	defer c.unlock()
	c.parted = true
	size := c.cfg.ChunkSize
	var b []byte
	if !c.ending.asked {
		b = appendCommand(b, csidCommand, 0, size, "FCUnpublish", float64(txnFCUnpublish), nil, c.url.StreamKey())
	}
	b = appendCommand(b, csidCommand, 0, size, "deleteStream", float64(txnDeleteStream), nil, float64(c.streamID))
	if err := c.emit([][]byte{b}); err != nil {
		return err
	}
	// Until here the server's end is a failure, from here on it is the answer.
	c.mu.Lock()
	c.state.farewell = true
	c.mu.Unlock()
	return c.closeWrite()
}

// closeWrite half-closes TLS, which tells the end within the protocol, and the
// transport beneath it.
func (c *Conn) closeWrite() error {
	layers := []net.Conn{c.conn, c.raw}
	if c.conn == c.raw {
		layers = layers[:1]
	}
	for _, conn := range layers {
		if h, ok := conn.(interface{ CloseWrite() error }); ok {
			if err := h.CloseWrite(); err != nil {
				return err
			}
		}
	}
	return nil
}
