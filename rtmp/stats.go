package rtmp

import "sync/atomic"

// ConnStats are the session's counters since it began. Bytes are those of RTMP,
// handshake included, without TLS.
type ConnStats struct {
	BytesSent     uint64 // handed to the kernel
	BytesReceived uint64
	// BytesAcknowledged is what the server says it has received; never more
	// than BytesSent, and 0 where its words are found to be wrong.
	// Acknowledgements counts how often it said so. Some servers never do.
	BytesAcknowledged uint64
	Acknowledgements  uint64
	// BytesTaken is what the server surely has, and Evidence how that is known:
	// see Conn.Taken.
	BytesTaken uint64
	Evidence   Evidence
	// PeerWindow is the server's Window Acknowledgement Size in bytes, 0
	// before it told one; PeerBandwidth that of Set Peer Bandwidth.
	PeerWindow    uint32
	PeerBandwidth uint32
	// ControlDropped counts answers to the server's pings and questions that
	// were dropped since it asked faster than it read.
	ControlDropped uint64
}

// Sent is BytesSent of Stats by itself, for callers in a hurry. Safe from any
// goroutine.
func (c *Conn) Sent() uint64 { return c.out.sent.Load() }

// Stats returns the counters. Safe from any goroutine.
func (c *Conn) Stats() ConnStats {
	s := ConnStats{
		BytesSent:      c.out.sent.Load(),
		BytesReceived:  c.peer.received.Load(),
		PeerWindow:     c.peer.window.Load(),
		PeerBandwidth:  c.peer.bandwidth.Load(),
		ControlDropped: c.control.dropped.Load(),
	}
	s.BytesTaken, s.Evidence = c.Taken()
	s.BytesAcknowledged, s.Acknowledgements = c.taken.acknowledged()
	// Both may have come further since BytesSent was read.
	s.BytesTaken, s.BytesAcknowledged = min(s.BytesTaken, s.BytesSent), min(s.BytesAcknowledged, s.BytesSent)
	return s
}

// peerStats is written by the reader goroutine.
type peerStats struct {
	received          atomic.Uint64
	window, bandwidth atomic.Uint32
}
