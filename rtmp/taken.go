package rtmp

import (
	"fmt"
	"sync"
	"time"
)

// Evidence says how it is known what the server has.
type Evidence uint8

// The kinds of evidence.
const (
	EvidenceNone         Evidence = iota // nothing tells
	EvidenceAcknowledged                 // the server's acknowledgements
	EvidenceSocket                       // the counters of the socket, or a tunnel's replies
)

// String returns "none", "acknowledged" or "socket".
func (e Evidence) String() string {
	switch e {
	case EvidenceNone:
		return "none"
	case EvidenceAcknowledged:
		return "acknowledged"
	case EvidenceSocket:
		return "socket"
	default:
		return fmt.Sprintf("evidence(%d)", uint8(e))
	}
}

// Taken is how many of the connection's bytes the server surely has, counted as
// ConnStats.BytesSent is, and how that is known. It may be less than the
// server has and, as far as the server is honest, never more. It does not
// fall, unless a server's acknowledgements are found to be wrong, or begin after
// the socket was believed. After the session's end it stays as it was.
//
// The server's acknowledgements tell (RTMP 1.0, section 5.4.3), until it says
// what can't be. Where none comes within two windows, the socket does: what the
// peer's TCP had acknowledged a second ago; the peer is the proxy where there is
// one. A server that has acknowledged once, also in an earlier session
// (Config.Acknowledges), is not taken for one that does not: when it is silent it
// has not read, whatever its TCP or a balancer's has. The socket must be asked a
// few times a second; a call looks at it ten times a second at most, and else
// costs a tenth of a microsecond. Safe from any goroutine.
func (c *Conn) Taken() (bytes uint64, by Evidence) {
	now := time.Now()
	c.mu.Lock()
	alive := c.err == nil
	if !alive { // what happened later proves nothing
		now = c.ended
	}
	c.mu.Unlock()
	b := &c.taken
	b.mu.Lock()
	defer b.mu.Unlock()
	sent := c.out.sent.Load() // before the socket is asked: what comes later counts later
	if alive && b.socket.due(now) {
		taken, ok := c.socketTaken(sent)
		b.socket.look(now, taken, ok)
	}
	b.socket.settle(now)
	return b.judge(sent, c.out.offered.Load())
}

// socketTaken is how many of the session's first sent bytes the peer's TCP has
// taken, or a tunnel's server has replied to.
func (c *Conn) socketTaken(sent uint64) (uint64, bool) {
	if t, ok := c.raw.(*tunnelConn); ok {
		return min(t.Replied(), sent), true
	}
	s, ok := c.socket.read()
	outstanding := s.Outstanding
	if outstanding > 0 { // a record of TLS is of no use before its last byte
		outstanding += c.socket.layers * recordSize
	}
	return sent - min(outstanding, sent), ok
}

// takenBooks keep what is known of what the server has.
type takenBooks struct {
	mu     sync.Mutex
	acks   acknowledger
	known  bool // it has acknowledged in an earlier session
	socket lagging
	window uint64 // announced to the server
	asked  uint64 // what may have been sent then
}

// announce notes another window, once it is on its way.
func (b *takenBooks) announce(window uint32, offered uint64, send func() bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if uint64(window) != b.window && send() {
		b.window, b.asked = uint64(window), offered
	}
}

func (b *takenBooks) announced() uint32 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return uint32(b.window)
}

// hear takes an acknowledgement, and says once what is wrong with the server's.
func (b *takenBooks) hear(count uint32, offered uint64) (wrong string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := b.acks.reason
	b.acks.hear(count, offered, b.window)
	if b.acks.reason != before {
		return b.acks.reason
	}
	return ""
}

// acknowledged is what the server says, as long as it is believed, and how often
// it has said something.
func (b *takenBooks) acknowledged() (bytes, times uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.acks.reason == "" {
		bytes = b.acks.position
	}
	return bytes, b.acks.heard
}

// fewAcks are not enough to know a server's habit by.
const fewAcks = 4

// habit is how far the server's acknowledgements may lie behind what it has, as it
// has done so far: twice the most that it let pass between two of them.
func (b *takenBooks) habit() uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.acks.heard >= fewAcks {
		return 2 * b.acks.gap
	}
	return 2 * max(b.window, b.acks.gap)
}

// judge weighs the evidence when so many bytes were sent, and so many may have
// been.
func (b *takenBooks) judge(sent, offered uint64) (uint64, Evidence) {
	acked := min(b.acks.position, sent)
	switch {
	case b.acks.reason != "" && b.socket.known:
		return b.socket.settled, EvidenceSocket
	case b.acks.reason != "":
		return 0, EvidenceNone
	case b.silent(offered) && b.socket.known:
		return b.socket.settled, EvidenceSocket
	case b.silent(offered): // nobody else can be asked
		return 0, EvidenceNone
	}
	return acked, EvidenceAcknowledged
}

// silent tells that the server does not acknowledge.
func (b *takenBooks) silent(offered uint64) bool {
	return b.acks.heard == 0 && !b.known && offered-b.asked >= 2*b.window
}
