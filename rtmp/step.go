package rtmp

import (
	"crypto/tls"
	"net/netip"
	"time"

	"rtmpwriter/amf0"
)

// Step is one step of Dial that is done, well or not: for logs and diagnosis.
// A step may come several times: addresses, ports and rounds of authentication.
type Step struct {
	// Op is "resolve", "proxy", "dial", "tls", "tunnel", "handshake", "auth",
	// "connect", "createStream" or "publish".
	Op string
	// Addr is the host and port, or the address, that the step was about.
	Addr string
	// Took is how long it took.
	Took time.Duration
	// Err is why it failed, nil when it did not.
	Err error
	// Resolved are the addresses of "resolve".
	Resolved []netip.Addr
	// TLS is the connection's state after "tls".
	TLS *tls.ConnectionState
	// Server is what the server said of itself in answer to "connect".
	Server amf0.Object
}

// step tells a step that began at begun.
func (c *Config) step(s Step, begun time.Time) {
	s.Took = time.Since(begun)
	if s.Err != nil {
		c.Logger.Info("step failed", "step", s.Op, "server", s.Addr, "took", s.Took, "error", s.Err)
	} else {
		c.Logger.Info("step done", "step", s.Op, "server", s.Addr, "took", s.Took)
	}
	if c.OnStep != nil {
		c.OnStep(s)
	}
}
