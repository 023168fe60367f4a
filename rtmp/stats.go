package rtmp

import "sync/atomic"

// ConnStats are the session's counters since it began. Bytes are those of RTMP,
// handshake included, without TLS.
type ConnStats struct {
	BytesSent     uint64 // handed to the kernel
	BytesReceived uint64
	// BytesAcknowledged is what the server says it has received; never more
	// than BytesSent. Acknowledgements counts how often it said so. Some
	// servers never do, some tell nonsense: an estimate, no proof.
	BytesAcknowledged uint64
	Acknowledgements  uint64
	// PeerWindow is the server's Window Acknowledgement Size in bytes, 0
	// before it told one; PeerBandwidth that of Set Peer Bandwidth.
	PeerWindow    uint32
	PeerBandwidth uint32
	// ControlDropped counts answers to the server's pings and questions that
	// were dropped since it asked faster than it read.
	ControlDropped uint64
}

// Stats returns the counters. Safe from any goroutine.
func (c *Conn) Stats() ConnStats {
	s := ConnStats{
		BytesSent:         c.out.sent.Load(),
		BytesReceived:     c.peer.received.Load(),
		BytesAcknowledged: c.peer.acknowledged.Load(),
		Acknowledgements:  c.peer.acknowledgements.Load(),
		PeerWindow:        c.peer.window.Load(),
		PeerBandwidth:     c.peer.bandwidth.Load(),
		ControlDropped:    c.control.dropped.Load(),
	}
	s.BytesAcknowledged = min(s.BytesAcknowledged, s.BytesSent)
	return s
}

// peerStats is written by the reader goroutine.
type peerStats struct {
	received, acknowledged, acknowledgements atomic.Uint64
	window, bandwidth                        atomic.Uint32
	acknowledgedLast                         uint32 // the reader's own
}

// acknowledge takes the peer's 32-bit count, which wraps. One that goes
// backwards by the serial rule is counted and otherwise passed over, and so is one
// of more than was sent: it tells nothing, and who believed it would let go of what
// is under way. (A count may be ahead of sent for as long as a write takes; the
// next one makes up for it.)
func (p *peerStats) acknowledge(count uint32, sent uint64) {
	p.acknowledgements.Add(1)
	step := count - p.acknowledgedLast
	if int32(step) > 0 && p.acknowledged.Load()+uint64(step) <= sent {
		p.acknowledged.Add(uint64(step))
		p.acknowledgedLast = count
	}
}
