package rtmp

import (
	"context"
	"errors"
	"time"

	"rtmpwriter/rtmp/internal/chunk"
)

const (
	// finalWindow is what a server is asked to acknowledge at the stream's end.
	finalWindow = 4096
	// confirmLook is how often it is looked at what it has acknowledged.
	confirmLook = 5 * time.Millisecond
	// confirmLimit is for how long it may acknowledge nothing more where it has not
	// read so far by its own habits; confirmBriefly where it has, and only may not
	// take another window: a server that does answers within a round trip.
	confirmLimit   = 500 * time.Millisecond
	confirmBriefly = 100 * time.Millisecond
)

// confirmation is what is known of the stream's end at a server that acknowledges.
// That its TCP has taken all means little: it may be a balancer's, which throws
// away what it has not passed on when we close.
type confirmation struct {
	asked bool   // FCUnpublish is sent
	end   uint64 // bytes, with the last of the media
	times uint64 // acknowledgements that came before
}

// confirm asks a server that has acknowledged before to do so for the rest, and
// waits until it has, or acknowledges no more. FCUnpublish, which ends nothing, is
// what makes it look.
func (c *Conn) confirm(ctx context.Context) error {
	had, times := c.taken.acknowledged()
	end, err := c.sendEnd(times > 0)
	c.ending = confirmation{asked: times > 0, end: end, times: times}
	if err != nil || times == 0 {
		return err
	}
	ticker := time.NewTicker(confirmLook)
	defer ticker.Stop()
	for moved := time.Now(); had < end; {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-c.readerDone:
			return nil // farewell finds out
		case now := <-ticker.C:
			if n, _ := c.taken.acknowledged(); n > had {
				had, moved = n, now
			}
			limit := confirmLimit
			if had+c.taken.habit() >= end {
				limit = confirmBriefly
			}
			if now.Sub(moved) >= limit || c.unpublished() {
				return nil
			}
		}
	}
	return nil
}

// sendEnd flushes the media and, where it is asked, the small window and
// FCUnpublish behind it.
func (c *Conn) sendEnd(ask bool) (end uint64, err error) {
	c.lock()
	defer c.unlock()
	err = c.emitMedia()
	c.discard()
	end = c.out.sent.Load()
	if err != nil || !ask {
		return end, err
	}
	if err = c.emit([][]byte{appendControl(nil, chunk.TypeWindowAckSize, finalWindow)}); err == nil {
		err = c.emit([][]byte{appendCommand(nil, csidCommand, 0, c.cfg.ChunkSize, "FCUnpublish", float64(txnFCUnpublish), nil, c.url.StreamKey())})
	}
	return end, err
}

// unpublished tells that the server has said that the stream is over.
func (c *Conn) unpublished() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.unpublished
}

// unconfirmed tells that a server that acknowledges has not acknowledged the
// stream's end, as far as its habits go, and has not said that it is over.
func (c *Conn) unconfirmed() bool {
	had, times := c.taken.acknowledged()
	if !c.ending.asked || had == 0 || c.unpublished() {
		return false
	}
	tolerance := uint64(2 * finalWindow)
	if times == c.ending.times { // it may not take another window
		tolerance = c.taken.habit()
	}
	return had+tolerance < c.ending.end
}

// errUnconfirmed tells that the end of the stream may be missing.
var errUnconfirmed = errors.New("the connection was closed before the server had acknowledged the end of the stream, which may be missing there")
