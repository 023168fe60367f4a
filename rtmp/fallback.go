package rtmp

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"rtmpwriter/rtmp/internal/network"
)

// The ports that firewalls leave open (specification, section 4, fallback-ports
// and fallback-tunnel).
var (
	fallbackPorts = []int{443, 80}
	tunnelPorts   = []int{80, 443, 1935}
	secureTunnel  = []int{443}
)

// ways are the URLs to try, one after another as long as none can be reached:
// as it is; on other ports, unless it names one; through the tunnel.
func ways(u *URL, cfg Config) []*URL {
	found := []*URL{u}
	if cfg.FallbackPorts && u.Scheme == "rtmp" && !u.ported {
		found = append(found, onPorts(u, "rtmp", cfg.seams.ports, fallbackPorts)...)
	}
	switch {
	case !cfg.FallbackTunnel:
	case u.Scheme == "rtmp":
		found = append(found, onPorts(u, "rtmpt", cfg.seams.tunnels, tunnelPorts)...)
	case u.Scheme == "rtmps":
		found = append(found, onPorts(u, "rtmpts", cfg.seams.tunnels, secureTunnel)...)
	}
	return found
}

// onPorts makes copies of u; test ports come instead of the real ones.
func onPorts(u *URL, scheme string, test, ports []int) []*URL {
	if test != nil {
		ports = test
	}
	var found []*URL
	for _, port := range ports {
		way := *u
		way.Scheme, way.Port = scheme, port
		found = append(found, &way)
	}
	return found
}

// wayDialer dials one way. It calls reached when the server has answered in
// RTMP: then this is the way, whatever the server says.
type wayDialer func(ctx context.Context, way *URL, reached func()) (*Conn, error)

// overWays dials one way after another until one leads to the server. Each has
// an even share of the time that is left, so that a firewall that answers
// nothing leaves some for the next.
func overWays(ctx context.Context, ways []*URL, dial wayDialer) (*Conn, error) {
	var tried waysError
	for i, way := range ways {
		c, err := dialShare(ctx, way, len(ways)-i, dial)
		if err == nil {
			return c, nil
		}
		if i > 0 && !unreached(err) && ctx.Err() == nil { // the server's own word
			return nil, err
		}
		tried.ways, tried.errs = append(tried.ways, way), append(tried.errs, err)
		if !unreached(err) || ctx.Err() != nil {
			break
		}
	}
	if len(tried.errs) == 1 {
		return nil, tried.errs[0]
	}
	return nil, &tried
}

// dialShare dials with the time left divided by the number of ways that share
// it. The share is for finding the server: once it is reached it has all that
// is left, since authentication takes several connections.
func dialShare(ctx context.Context, way *URL, shares int, dial wayDialer) (*Conn, error) {
	reached := func() {}
	if deadline, ok := ctx.Deadline(); ok && shares > 1 {
		share := time.Until(deadline) / time.Duration(shares)
		late := &timeoutError{"not connected", share.Round(time.Millisecond), "this way's share of the connect timeout"}
		var cancel context.CancelCauseFunc
		ctx, cancel = context.WithCancelCause(ctx)
		defer cancel(nil)
		timer := time.AfterFunc(share, func() { cancel(late) })
		defer timer.Stop()
		reached = func() { timer.Stop() }
	}
	return dial(ctx, way, reached)
}

// unreached tells that an error came before the server had said anything of
// RTMP, so that another way may lead to it. A name without an address, an
// address of ours that is none, a proxy that can't be used and a certificate
// that does not fit are the same on every way. A proxy that takes too long may be waiting for the server itself.
func unreached(err error) bool {
	var (
		op    *OpError
		proxy *network.ProxyError
	)
	if !errors.As(err, &op) {
		return false
	}
	switch op.Op {
	case opHandshake:
		return true
	case opDial:
		return !network.IsSource(op.Err)
	case opProxy:
		return op.Timeout() || errors.As(err, &proxy) && (proxy.Kind == network.ProxyUnreachable || proxy.Kind == network.ProxyForbids)
	case opResolve:
		return op.Timeout()
	case opTLS:
		return isClose(err) || op.Timeout()
	}
	return op.Op == "tunnel"
}

// waysError tells why none of several ways led to the server.
type waysError struct {
	ways []*URL
	errs []error
}

func (e *waysError) Error() string {
	texts := make([]string, len(e.errs))
	for i, err := range e.errs {
		texts[i] = err.Error()
		if e.ways[i].Scheme != e.ways[0].Scheme {
			texts[i] = "by " + e.ways[i].Scheme + ": " + texts[i]
		}
	}
	return "no way leads to the server: " + strings.Join(texts, "; ")
}

// Unwrap returns the errors, the first way's first.
func (e *waysError) Unwrap() []error { return slices.Clone(e.errs) }
