package check

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"rtmpwriter/rtmp"
)

// maxAddresses bounds how many addresses are tried; more are named only.
const maxAddresses = 8

// resolve looks the host's name up for both families and says what came of it.
func (c *checker) resolve(ctx context.Context) []netip.Addr {
	host := c.url.Host
	if a, err := netip.ParseAddr(host); err == nil {
		c.report.add(Finding{Step: stepResolve, Result: Skipped, Detail: host + " is an address"})
		return []netip.Addr{a}
	}
	begun := time.Now()
	v4, err4 := c.lookup(ctx, "ip4", host)
	v6, err6 := c.lookup(ctx, "ip6", host)
	took := time.Since(begun)
	if len(v4)+len(v6) == 0 {
		err := err4
		if err == nil {
			err = err6
		}
		c.report.fail(stepResolve, took, fmt.Errorf("resolve %s: %w", host, err))
		return nil
	}
	detail := host + ": " + named("IPv4", v4) + ", " + named("IPv6", v6)
	c.report.add(Finding{Step: stepResolve, Result: OK, Took: took, Detail: detail})
	return append(v4, v6...)
}

// lookup finds the addresses of a host of one family, "ip4" or "ip6".
type lookup func(ctx context.Context, family, host string) ([]netip.Addr, error)

func (c *checker) lookup(ctx context.Context, family, host string) ([]netip.Addr, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.ConnectTimeout)
	defer cancel()
	if c.options.lookup != nil {
		return c.options.lookup(ctx, family, host)
	}
	return net.DefaultResolver.LookupNetIP(ctx, family, host)
}

func named(family string, addresses []netip.Addr) string {
	if len(addresses) == 0 {
		return "no " + family
	}
	texts := make([]string, len(addresses))
	for i, a := range addresses {
		texts[i] = a.Unmap().String()
	}
	return family + " " + strings.Join(texts, " ")
}

// reach opens a TCP connection to each address, so that one that is dead beside
// others that work is seen too. It fails when none works.
func (c *checker) reach(ctx context.Context, addresses []netip.Addr) bool {
	type outcome struct {
		address string
		took    time.Duration
		err     error
	}
	var failed, reached []outcome
	for _, a := range addresses[:min(len(addresses), maxAddresses)] {
		address := net.JoinHostPort(a.Unmap().String(), strconv.Itoa(c.url.Port))
		took, err := c.touch(ctx, address)
		if err != nil {
			failed = append(failed, outcome{address, took, err})
			continue
		}
		c.tcpTrip.note(took)
		reached = append(reached, outcome{address, took, nil})
	}
	for _, o := range reached {
		c.report.add(Finding{Step: stepTCP, Result: OK, Took: o.took, Detail: o.address})
	}
	for _, o := range failed {
		if len(reached) > 0 {
			c.report.add(Finding{Step: stepTCP, Result: Warning, Took: o.took, Error: o.err.Error(),
				Advice: "this address does not answer, others do: publishing works, ask the operator"})
			continue
		}
		c.report.fail(stepTCP, o.took, o.err)
	}
	return len(reached) > 0
}

// touch connects and closes at once.
func (c *checker) touch(ctx context.Context, address string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.ConnectTimeout)
	defer cancel()
	begun := time.Now()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	took := time.Since(begun)
	if err != nil {
		return took, &rtmp.OpError{Op: "dial", Addr: address, Err: err}
	}
	return took, conn.Close()
}
