package rtmp

import (
	"net"
	"sync"
	"syscall"
	"time"
)

// NetworkStats are the counters that the system keeps of the session's TCP
// connection: on Linux those of TCP_INFO and SIOCOUTQ (tcp(7)), on Windows 10
// from version 1703 on those of SIO_TCP_INFO (mstcpip.h), on macOS those of
// TCP_CONNECTION_INFO (netinet/tcp.h). They are of the socket: beneath TLS they
// count its bytes, and through a proxy they are of the way to that.
type NetworkStats struct {
	// RTT is the smoothed round-trip time and RTTVar its variation, 0 on
	// Windows; MinRTT is the smallest, 0 on macOS and before it is known.
	RTT, RTTVar, MinRTT time.Duration
	// Retransmits counts the segments sent again since the connection began. On
	// Windows, which counts bytes, it is how many full ones those would be.
	Retransmits uint64
	// DeliveryRate is in bits a second what the peer has last been seen taking;
	// Linux alone tells it, 0 elsewhere and before it is known. AppLimited tells
	// that there was less to send then than the path would have taken.
	DeliveryRate uint64
	AppLimited   bool
	// CongestionWindow is how many bytes may be under way.
	CongestionWindow uint64
	// Outstanding is how many of the bytes written the peer's TCP has not
	// acknowledged; Unsent how many of them were not sent even once, 0 on macOS.
	Outstanding, Unsent uint64
}

// NetworkStats asks the system for the counters of the connection; a call costs
// three microseconds and no memory. It is false where they can't be had: on other
// systems, in a tunnel, on a transport of one's own that is no *net.TCPConn, and
// when the session has ended. Safe from any goroutine.
func (c *Conn) NetworkStats() (NetworkStats, bool) { return c.socket.read() }

// socketProbe asks for the counters of one socket again and again; everything
// it needs is made once.
type socketProbe struct {
	mu      sync.Mutex
	raw     syscall.RawConn
	wire    *stallWriter     // what writes to it
	layers  uint64           // of TLS over it
	ask     func(fd uintptr) // nil where there is no socket
	query   socketQuery
	written uint64 // by us when the query began, and by a proxy's greeting
	found   NetworkStats
	ok      bool
}

// init looks for the socket beneath the session's layers.
func (p *socketProbe) init(raw, conn net.Conn, out *stallWriter) {
	tcp, ok := beneath(raw).(*net.TCPConn)
	if !ok {
		return
	}
	socket, err := tcp.SyscallConn()
	if err != nil {
		return
	}
	p.raw, p.wire = socket, out
	if secure, ok := conn.(*secureConn); ok {
		p.wire = secure.wire
		p.layers++
	}
	if proxied, ok := raw.(*secureProxyConn); ok {
		p.wire = proxied.wire
		p.layers++
	}
	p.ask = func(fd uintptr) { p.found, p.ok = p.query.ask(fd, p.written) }
}

func (p *socketProbe) read() (NetworkStats, bool) {
	if p.ask == nil {
		return NetworkStats{}, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.written = p.wire.before + p.wire.sent.Load()
	p.found, p.ok = NetworkStats{}, false
	if err := p.raw.Control(p.ask); err != nil { // closed
		return NetworkStats{}, false
	}
	p.found.Unsent = min(p.found.Unsent, p.found.Outstanding) // they are not of the same instant
	return p.found, p.ok
}
