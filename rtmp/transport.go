package rtmp

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"rtmpwriter/rtmp/internal/network"
)

// open dials the server, sets the socket's options and, for rtmps, runs the
// TLS handshake. conn is raw, or TLS over it. A tunnel is both raw and conn.
func open(ctx context.Context, u *URL, cfg Config) (raw, conn net.Conn, err error) {
	cfg.Proxy = cfg.Proxy.For(u) // here: what carries a tunnel has another scheme
	if strings.HasPrefix(u.Scheme, "rtmpt") {
		return openTunnel(ctx, u, cfg)
	}
	if cfg.Proxy == nil {
		raw, err = reach(ctx, u.Host, u.Port, cfg)
	} else {
		raw, err = cfg.Proxy.reach(ctx, u.Addr(), cfg)
	}
	if err != nil {
		return nil, nil, err
	}
	if u.Scheme != "rtmps" {
		return raw, raw, nil
	}
	secure, err := startTLS(ctx, raw, u, cfg)
	if err != nil {
		_ = raw.Close()
		return nil, nil, err
	}
	return raw, secure, nil
}

// seams are where tests put themselves between Dial and the world.
type seams struct {
	lookup  network.Lookup  // nil: the system's resolver
	connect network.Connect // nil: TCP
	ports   []int           // instead of 443 and 80, for fallback-ports
	tunnels []int           // instead of 80, 443 and 1935, for fallback-tunnel
}

// reach opens a TCP connection to a host: by the user's own function, or to the
// first of its addresses that answers.
func reach(ctx context.Context, host string, port int, cfg Config) (net.Conn, error) {
	addr := net.JoinHostPort(host, strconv.Itoa(port))
	var conn net.Conn
	var err error
	if cfg.Dial != nil {
		begun := time.Now()
		conn, err = cfg.Dial(ctx, "tcp", addr)
		err = ended(ctx, err)
		cfg.step(Step{Op: opDial, Addr: addr, Err: err}, begun)
	} else {
		conn, err = reachFirst(ctx, host, port, cfg)
	}
	if err == nil {
		if err = setSocketOptions(conn, cfg); err == nil {
			return conn, nil
		}
		_ = conn.Close()
	}
	var (
		named *OpError
		dns   *net.DNSError
	)
	switch {
	case errors.As(err, &named):
		return nil, named
	case errors.As(err, &dns): // of the user's own function
		return nil, &OpError{opResolve, addr, err}
	}
	return nil, &OpError{opDial, addr, err}
}

// reachFirst resolves a name and connects in the manner of RFC 8305.
func reachFirst(ctx context.Context, host string, port int, cfg Config) (net.Conn, error) {
	name := net.JoinHostPort(host, strconv.Itoa(port))
	begun := time.Now()
	found, err := network.Resolve(ctx, cfg.seams.lookup, host)
	err = ended(ctx, err)
	cfg.step(Step{Op: opResolve, Addr: name, Resolved: found, Err: err}, begun)
	if err != nil {
		return nil, &OpError{opResolve, name, err}
	}
	begun = time.Now()
	conn, addr, err := connectFrom(ctx, found, port, cfg)
	if err != nil {
		cfg.step(Step{Op: opDial, Addr: name, Err: err}, begun)
		return nil, err
	}
	cfg.step(Step{Op: opDial, Addr: addr.String()}, begun)
	return conn, nil
}

func connectFrom(ctx context.Context, found []netip.Addr, port int, cfg Config) (net.Conn, netip.AddrPort, error) {
	source, err := network.FindSource(cfg.Bind)
	if err != nil {
		return nil, netip.AddrPort{}, err
	}
	if found, err = source.Reach(found); err != nil {
		return nil, netip.AddrPort{}, err
	}
	addrs := make([]netip.AddrPort, len(found))
	for i, addr := range found {
		addrs[i] = netip.AddrPortFrom(addr, uint16(port))
	}
	connect := cfg.seams.connect
	if connect == nil {
		connect = source.Connect
	}
	return network.Race(ctx, addrs, connect)
}

// setSocketOptions applies what the connection can have: a pipe has none.
// While connecting, small messages follow each other, and Nagle's algorithm
// would wait for the server's delayed acknowledgement (40 ms) between them.
func setSocketOptions(conn net.Conn, cfg Config) error {
	if err := setNoDelay(conn, true); err != nil {
		return err
	}
	if err := setPeerTimeout(conn, cfg.PeerTimeout); err != nil {
		// Better a session whose end is noticed late than none.
		cfg.Logger.Warn("this system can't bound how long a dead peer stays unnoticed", "option", "peer-timeout", "error", err)
	}
	if err := setNotSentLowWater(conn, cfg.NotSentLowWater); err != nil {
		cfg.Logger.Warn("this system can't bound what waits in the socket", "error", err)
	}
	if s, ok := conn.(interface{ SetWriteBuffer(int) error }); ok && cfg.SocketBuffer > 0 {
		return s.SetWriteBuffer(cfg.SocketBuffer)
	}
	return nil
}

func setNoDelay(conn net.Conn, on bool) error {
	if s, ok := conn.(interface{ SetNoDelay(bool) error }); ok {
		return s.SetNoDelay(on)
	}
	return nil
}

// ended replaces an error that came of the context's end by the reason for
// that end, unless it has that already.
func ended(ctx context.Context, err error) error {
	if err != nil && network.Ended(ctx) {
		if cause := context.Cause(ctx); !errors.Is(err, cause) {
			return cause
		}
	}
	return err
}
