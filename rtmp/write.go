package rtmp

import (
	"fmt"

	"rtmpwriter/rtmp/internal/chunk"
)

// Append adds a message to what the next Flush sends. It copies the header and
// keeps the payload slices as they are; in the steady state it allocates
// nothing. Messages of one type must come in the order of their timestamps;
// one that goes back costs a longer chunk header. Not to be called
// concurrently with itself or Flush.
//
// The error is the session's end, or that the message can't be sent at all:
// unknown type, longer than 16777215 bytes, HeaderLen out of range.
func (c *Conn) Append(m *Message) error {
	if m.HeaderLen < 0 || m.HeaderLen > MaxTagHeader {
		return fmt.Errorf("message header of %d bytes: must be 0 to %d", m.HeaderLen, MaxTagHeader)
	}
	h := chunk.Header{CSID: csidAudio, Type: uint8(m.Type), Timestamp: m.Timestamp, StreamID: c.streamID}
	switch m.Type {
	case TypeAudio, TypeData:
	case TypeVideo:
		h.CSID = csidVideo
	default:
		return fmt.Errorf("message type %d: only audio, video and data are published", m.Type)
	}
	c.lock()
	defer c.unlock()
	if err := c.unusable(); err != nil {
		return err
	}
	err := c.chunks.Append(h, m.Header[:m.HeaderLen], m.Payload)
	c.pending.Store(int64(c.chunks.Pending()))
	return err
}

// Pending is how many bytes were appended and not yet flushed, chunk headers
// included.
func (c *Conn) Pending() int { return int(c.pending.Load()) }

// Flush sends what was appended, in one vectored write on TCP, and returns when
// the kernel has all of it: then the payload slices are free again, also when
// it fails. It blocks for as long as bytes move, and fails when none has for
// SendTimeout. Not to be called concurrently with itself or Append.
//
// The error is why the session ended, the server's words first.
func (c *Conn) Flush() error {
	c.lock()
	if err := c.unusable(); err != nil {
		c.discard()
		c.unlock()
		return err
	}
	err := c.emitMedia()
	c.discard()
	c.unlock()
	if err != nil {
		c.writeFailed(err)
		return c.Err()
	}
	return nil
}

// discard empties what is pending.
func (c *Conn) discard() {
	c.chunks.Reset()
	c.pending.Store(0)
}

// unusable says why nothing can be written; nil if it can. It needs the write
// lock.
func (c *Conn) unusable() error {
	select {
	case <-c.done:
		return c.Err()
	default:
	}
	if c.parted {
		return c.closedHere()
	}
	return nil
}
