package rtmp

import (
	"errors"
	"io"
	"net"
	"os"
	"time"

	"rtmpwriter/rtmp/internal/chunk"
)

// closingWords is how long a failed write waits for the reader, which may have
// the server's reason still before it.
const closingWords = 250 * time.Millisecond

// earlyEnd is how soon after its go-ahead a server closes that did not mean it:
// some look at the stream key only then.
const earlyEnd = time.Second

// end ends the session; the first reason holds.
func (c *Conn) end(err error) {
	c.mu.Lock()
	first := c.err == nil
	if first {
		c.err, c.ended = err, time.Now()
		close(c.done)
	}
	c.mu.Unlock()
	if first && c.cfg.OnEnd != nil {
		c.cfg.OnEnd()
	}
}

// opError names the step that Dial is at; an error that names one already stays
// as it is.
func (c *Conn) opError(err error) error {
	var op *OpError
	if errors.As(err, &op) {
		return err
	}
	var insecure *TLSError
	if errors.As(err, &insecure) {
		return &OpError{opTLS, c.addr, insecure}
	}
	return &OpError{c.step(), c.addr, err}
}

// readFailed ends the session when the server's side has ended. It is called by
// the reader, before readerDone.
func (c *Conn) readFailed(err error) {
	c.readErr = err
	c.end(c.reason(opRead, err))
}

// writeFailed ends the session for a failed write. Where the server has closed,
// its last words are better than our broken pipe: the reader has until
// closingWords to find them.
func (c *Conn) writeFailed(err error) {
	if !errors.Is(err, os.ErrDeadlineExceeded) && !errors.Is(err, net.ErrClosed) && !peerDead(err) {
		timer := time.NewTimer(closingWords)
		defer timer.Stop()
		select {
		case <-c.readerDone:
		case <-timer.C:
		}
	}
	c.end(c.reason(opWrite, err))
}

// reason says why the session ended, given the error of a read or a write: in
// the server's words if it had some, else in ours. When all has been sent,
// the end is no failure.
func (c *Conn) reason(op string, err error) error {
	c.mu.Lock()
	step, farewell, words := c.state.step, c.state.farewell, c.words
	early := time.Since(c.state.since) < earlyEnd
	c.mu.Unlock()
	if step != "" {
		op = step
	}
	var (
		broken   *chunk.FormatError
		insecure *TLSError
	)
	switch {
	case farewell:
		return c.closedHere()
	case errors.As(err, &broken):
		return &OpError{op, c.addr, &ProtocolError{broken.Reason}}
	case peerDead(err) && c.cfg.PeerTimeout > 0:
		return &OpError{op, c.addr, &deadPeerError{c.cfg.PeerTimeout, err}}
	case errors.As(err, &insecure):
		return &OpError{opTLS, c.addr, insecure}
	case !isClose(err):
		return &OpError{op, c.addr, err}
	case words != nil:
		return &OpError{words.Op, c.addr, words}
	case step != "":
		return &OpError{op, c.addr, &silentCloseError{step, err}}
	default:
		return &OpError{op, c.addr, &peerClosedError{err, early}}
	}
}

// isClose tells whether err is the other side's closing or resetting.
func isClose(err error) bool {
	for _, end := range peerClosed {
		if errors.Is(err, end) {
			return true
		}
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.ErrClosedPipe)
}
