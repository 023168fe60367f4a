package rtmp

import (
	"encoding/binary"
	"sync"
	"sync/atomic"

	"rtmpwriter/rtmp/internal/chunk"
)

// maxControl bounds the answers that wait for the socket, in bytes: some two
// hundred. A server that asks on without reading loses the rest of them.
const maxControl = 4096

// The user control events that concern a publisher (RTMP 1.0, section 7.1.7).
const (
	eventPingRequest  = 6
	eventPingResponse = 7
)

// controlQueue holds the session's answers to the server, whole messages only,
// until the control writer sends them. The reader fills it and never waits.
type controlQueue struct {
	mu      sync.Mutex
	bytes   []byte
	wake    chan struct{} // room for one
	dropped atomic.Uint64
}

// add queues a message unless the queue is full, and says whether it did.
func (q *controlQueue) add(message []byte) bool {
	q.mu.Lock()
	fits := len(q.bytes)+len(message) <= maxControl
	if fits {
		q.bytes = append(q.bytes, message...)
	}
	q.mu.Unlock()
	if !fits {
		q.dropped.Add(1)
		return false
	}
	select {
	case q.wake <- struct{}{}:
	default:
	}
	return true
}

// take moves what is queued behind dst.
func (q *controlQueue) take(dst []byte) []byte {
	q.mu.Lock()
	defer q.mu.Unlock()
	dst = append(dst, q.bytes...)
	q.bytes = q.bytes[:0]
	return dst
}

// controlLoop writes the answers between the flushes of the media, whole
// messages under the write lock. It ends with done.
func (c *Conn) controlLoop() {
	var batch []byte
	for {
		select {
		case <-c.done:
			return
		case <-c.control.wake:
		}
		batch = c.control.take(batch[:0])
		c.lock()
		var err error
		if !c.parted {
			err = c.emit([][]byte{batch})
		}
		c.unlock()
		if err != nil {
			c.writeFailed(err)
			return
		}
	}
}

// answerPing answers a PingRequest with the same time.
func (c *Conn) answerPing(body []byte) {
	if len(body) < 6 || binary.BigEndian.Uint16(body) != eventPingRequest {
		return
	}
	answer := binary.BigEndian.AppendUint16(nil, eventPingResponse)
	answer = append(answer, body[2:6]...)
	h := chunk.Header{CSID: csidControl, Type: chunk.TypeUserControl}
	c.control.add(chunk.AppendMessage(nil, h, answer, chunk.DefaultSize))
}

// handleWindow keeps the books of acknowledgements (sections 5.4.3 to 5.4.5).
func (c *Conn) handleWindow(m chunk.Message) {
	if len(m.Body) < 4 {
		return
	}
	v := binary.BigEndian.Uint32(m.Body)
	switch m.Type {
	case chunk.TypeAcknowledgement:
		if wrong := c.taken.hear(v, c.out.offered.Load()); wrong != "" {
			c.cfg.Logger.Info("the server's acknowledgements can't be true: from now on the socket's counters tell what it has", "server", c.addr, "reason", wrong)
		}
	case chunk.TypeWindowAckSize:
		c.in.window = uint64(v)
		c.peer.window.Store(v)
	case chunk.TypeSetPeerBandwidth:
		// The answer is due when the value changes. It never widens the window
		// that was announced: that would cost the acknowledgements.
		if c.peer.bandwidth.Swap(v) != v {
			c.control.add(appendControl(nil, chunk.TypeWindowAckSize, min(v, c.taken.announced())))
		}
	}
}

// SetWindowAckSize asks the server to acknowledge after so many bytes from now
// on, 0 for those of Config.WindowAckSize: a window that is seconds of a stream
// at one bit rate is half a minute at another. It may be called at any time of
// the session, from any goroutine, and does not wait; a server that has asked
// for more answers than it reads is not asked again.
func (c *Conn) SetWindowAckSize(bytes uint32) {
	if bytes == 0 {
		bytes = c.cfg.WindowAckSize
	}
	c.taken.announce(bytes, c.out.offered.Load(), func() bool {
		return c.control.add(appendControl(nil, chunk.TypeWindowAckSize, bytes))
	})
}

// acknowledge tells the server how much has come when its window is full. An
// acknowledgement that found no room is made up for by the next.
func (c *Conn) acknowledge() {
	n := c.in.received.Load()
	if c.in.window == 0 || n-c.in.told < c.in.window {
		return
	}
	if c.control.add(appendControl(nil, chunk.TypeAcknowledgement, uint32(n))) {
		c.in.told = n
	}
}
