package network

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errRefused = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}

// host behaves in one way when it is connected to.
type host struct {
	after time.Duration
	err   error
	deaf  bool // nothing comes back
}

// hosts is a network in memory: what was tried when, and what was closed.
type hosts struct {
	by     map[string]host
	begun  time.Time
	mu     sync.Mutex
	tried  map[string]time.Duration
	closed atomic.Int32
}

func (h *hosts) connect(ctx context.Context, addr netip.AddrPort) (net.Conn, error) {
	name := addr.Addr().String()
	h.mu.Lock()
	h.tried[name] = time.Since(h.begun)
	h.mu.Unlock()
	it := h.by[name]
	if it.deaf {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	timer := time.NewTimer(it.after)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		if it.err == nil { // it came about all the same
			return &named{closed: &h.closed}, nil
		}
		return nil, ctx.Err()
	}
	if it.err != nil {
		return nil, it.err
	}
	return &named{name: name, closed: &h.closed}, nil
}

// named is a connection that knows to whom, and counts when it is closed.
type named struct {
	net.Conn
	name   string
	closed *atomic.Int32
}

func (c *named) Close() error { c.closed.Add(1); return nil }

// raced is one race in a bubble. winner is empty when all failed.
func raced(t *testing.T, limit time.Duration, by map[string]host, order ...string) (h *hosts, winner string, took time.Duration, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeoutCause(t.Context(), limit, errors.New("out of time"))
		defer cancel()
		h = &hosts{by: by, begun: time.Now(), tried: map[string]time.Duration{}}
		var addrs []netip.AddrPort
		for _, name := range order {
			addrs = append(addrs, netip.AddrPortFrom(netip.MustParseAddr(name), 1935))
		}
		var conn net.Conn
		var addr netip.AddrPort
		conn, addr, err = Race(ctx, addrs, h.connect)
		took = time.Since(h.begun)
		if err == nil {
			winner = conn.(*named).name
			require.Equal(t, winner, addr.Addr().String())
		}
	})
	return h, winner, took, err
}

func TestRaceTakesTheFirstThatAnswers(t *testing.T) {
	const six, four = "2001:db8::1", "192.0.2.1"
	for name, c := range map[string]struct {
		by     map[string]host
		winner string
		took   time.Duration
		second time.Duration // when four was tried; negative: never
		closed int32
	}{
		"the first is quick":         {map[string]host{six: {after: 200 * time.Millisecond}}, six, 200 * time.Millisecond, -1, 0},
		"the first says nothing":     {map[string]host{six: {deaf: true}, four: {after: 30 * time.Millisecond}}, four, 280 * time.Millisecond, 250 * time.Millisecond, 0},
		"the first is slow and wins": {map[string]host{six: {after: 300 * time.Millisecond}, four: {after: time.Second}}, six, 300 * time.Millisecond, 250 * time.Millisecond, 1},
		"the second overtakes":       {map[string]host{six: {after: time.Second}, four: {after: 10 * time.Millisecond}}, four, 260 * time.Millisecond, 250 * time.Millisecond, 1},
		"the first refuses at once":  {map[string]host{six: {err: errRefused}, four: {after: 10 * time.Millisecond}}, four, 10 * time.Millisecond, 0, 0},
		"the first refuses late": {
			map[string]host{six: {after: 100 * time.Millisecond, err: errRefused}, four: {after: 10 * time.Millisecond}},
			four, 110 * time.Millisecond, 100 * time.Millisecond, 0,
		},
	} {
		h, winner, took, err := raced(t, 10*time.Second, c.by, six, four)
		require.NoError(t, err, name)
		require.Equal(t, c.winner, winner, name)
		require.Equal(t, c.took, took, name)
		second, tried := h.tried[four]
		require.Equal(t, c.second >= 0, tried, name)
		if tried {
			require.Equal(t, c.second, second, name)
		}
		require.Equal(t, c.closed, h.closed.Load(), "%s: a loser that had connected is closed", name)
	}
}

func TestRaceTellsOfEveryAddress(t *testing.T) {
	refuse := map[string]host{"2001:db8::1": {err: errRefused}, "192.0.2.1": {after: time.Second, err: errRefused}}
	_, _, took, err := raced(t, time.Minute, refuse, "2001:db8::1", "192.0.2.1")
	require.EqualError(t, err, "[2001:db8::1]:1935: connection refused, 192.0.2.1:1935: connection refused")
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	require.Equal(t, time.Second, took)

	_, _, _, err = raced(t, time.Minute, refuse, "2001:db8::1")
	require.Equal(t, error(errRefused), err, "one address needs no list")

	deaf := map[string]host{"192.0.2.1": {err: errRefused}, "192.0.2.2": {deaf: true}}
	_, _, took, err = raced(t, 3*time.Second, deaf, "192.0.2.1", "192.0.2.2")
	require.EqualError(t, err, "out of time: 192.0.2.1:1935: connection refused, 192.0.2.2:1935: no answer")
	require.Equal(t, 3*time.Second, took)

	many := map[string]host{}
	var order []string
	for a := netip.MustParseAddr("192.0.2.1"); len(order) < 11; a = a.Next() {
		order = append(order, a.String())
		many[a.String()] = host{err: errRefused}
	}
	_, _, _, err = raced(t, time.Minute, many, order...)
	require.ErrorContains(t, err, "192.0.2.8:1935: connection refused and 3 more")
}

func TestRaceEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		h := &hosts{by: map[string]host{"192.0.2.1": {deaf: true}}, begun: time.Now(), tried: map[string]time.Duration{}}
		time.AfterFunc(time.Second, cancel)
		_, _, err := Race(ctx, []netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:1935")}, h.connect)
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, time.Second, time.Since(h.begun))
	})
}

func TestResolve(t *testing.T) {
	asked := 0
	lookup := func(addrs ...string) Lookup {
		return func(_ context.Context, network, name string) (found []netip.Addr, err error) {
			asked++
			require.Equal(t, "ip", network, "both families")
			require.Equal(t, "example.com", name)
			for _, a := range addrs {
				found = append(found, netip.MustParseAddr(a))
			}
			return found, nil
		}
	}
	for _, c := range []struct{ found, want []string }{
		{[]string{"2001:db8::1", "2001:db8::2", "192.0.2.1", "192.0.2.2"}, []string{"2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2"}},
		{[]string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1"}, []string{"192.0.2.1", "2001:db8::1", "192.0.2.2", "192.0.2.3"}},
		{[]string{"2001:db8::1", "2001:db8::1", "::ffff:192.0.2.1", "192.0.2.1"}, []string{"2001:db8::1", "192.0.2.1"}},
		{[]string{"2001:db8::2"}, []string{"2001:db8::2"}},
	} {
		got, err := Resolve(t.Context(), lookup(c.found...), "example.com")
		require.NoError(t, err)
		require.Equal(t, c.want, texts(got))
	}
	before := asked
	for _, literal := range []string{"192.0.2.7", "2001:db8::7", "fe80::1%eth0"} {
		got, err := Resolve(t.Context(), lookup(), literal)
		require.NoError(t, err)
		require.Equal(t, []string{literal}, texts(got))
	}
	require.Equal(t, before, asked, "an address needs no lookup")

	_, err := Resolve(t.Context(), lookup(), "example.com")
	var dns *net.DNSError
	require.ErrorAs(t, err, &dns)
	require.True(t, dns.IsNotFound)
	gone := &net.DNSError{Err: "no such host", Name: "example.com", IsNotFound: true}
	_, err = Resolve(t.Context(), func(context.Context, string, string) ([]netip.Addr, error) { return nil, gone }, "example.com")
	require.Equal(t, error(gone), err)

	many := make([]string, 40)
	for i, a := 0, netip.MustParseAddr("192.0.2.1"); i < len(many); i, a = i+1, a.Next() {
		many[i] = a.String()
	}
	got, err := Resolve(t.Context(), lookup(many...), "example.com")
	require.NoError(t, err)
	require.Len(t, got, maxAddresses)
}

func texts(addrs []netip.Addr) (all []string) {
	for _, a := range addrs {
		all = append(all, a.String())
	}
	return all
}

// lateContext is past its deadline and about to end, as when the system's own
// clock was the first.
type lateContext struct{ context.Context }

func (lateContext) Deadline() (time.Time, bool) { return time.Now(), true }

// A timeout of the system's at the deadline is the deadline, whichever comes
// first.
func TestRaceEndsInOneWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late := errors.New("too late")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, late)
		defer cancel()
		_, _, err := Race(lateContext{ctx}, []netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:1935")}, func(context.Context, netip.AddrPort) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}
		})
		require.EqualError(t, err, "too late: 192.0.2.1:1935: no answer")
	})
}
