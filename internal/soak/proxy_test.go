package soak

import (
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// harms are what the proxy does to a connection.
const (
	resets     = iota // both sides, in the middle of whatever is under way
	closes            // both sides, politely
	stalls            // nothing passes for up to four seconds, then it goes on
	goesSilent        // nothing passes any more, and no end is told
	throttles         // a trickle for two seconds
	dribbles          // two thousand bytes one by one
	garbles           // random bytes from the server's side
	harms
)

var harmNames = [harms]string{"resets", "closes", "stalls", "silences", "throttles", "single bytes", "garbage"}

// proxy stands between the publishers and one server and does harm at random.
type proxy struct {
	target   string
	listener net.Listener
	running  sync.WaitGroup // the accept loop, and three goroutines a connection
	calm     chan struct{}  // closed when there is to be no more harm
	done     chan struct{}
	count    [harms]atomic.Int64
	refusals atomic.Int64

	mu     sync.Mutex
	random *rand.Rand
	away   time.Time // connections are refused until then
}

func newProxy(t *testing.T, target string, seed uint64) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &proxy{target: target, listener: l, calm: make(chan struct{}), done: make(chan struct{}), random: rand.New(rand.NewPCG(seed, 1))}
	p.running.Go(p.accept)
	return p
}

// soothe ends the harm, also what is under way.
func (p *proxy) soothe() { close(p.calm) }

func (p *proxy) isCalm() bool {
	select {
	case <-p.calm:
		return true
	default:
		return false
	}
}

// close ends the proxy and its connections, and joins its goroutines.
func (p *proxy) close() {
	close(p.done)
	_ = p.listener.Close()
	p.running.Wait()
}

// between is a random time.
func (p *proxy) between(least, most time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return least + time.Duration(p.random.Int64N(int64(most-least)))
}

func (p *proxy) pick(n int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.random.IntN(n)
}

// accept ends with the listener.
func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		away := time.Now().Before(p.away)
		p.mu.Unlock()
		server, err := net.Dial("tcp", p.target)
		if err != nil || away && !p.isCalm() {
			p.refusals.Add(1)
			reset(client)
			if err == nil {
				_ = server.Close()
			}
			continue
		}
		// Bounded buffers, so that a stall is felt soon. Smaller ones than a few
		// segments of loopback would make it a slow link.
		_ = client.(*net.TCPConn).SetReadBuffer(262144)
		_ = server.(*net.TCPConn).SetWriteBuffer(262144)
		l := &link{proxy: p, client: client, server: server, over: make(chan struct{})}
		p.running.Go(l.harm)
		p.running.Go(func() { l.copy(server, client, &l.up) })
		p.running.Go(func() { l.copy(client, server, &l.down) })
	}
}

func reset(conn net.Conn) {
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
}

// link is one connection through the proxy.
type link struct {
	*proxy
	client, server net.Conn
	up, down       direction
	ends           atomic.Int32
	over           chan struct{} // both directions have ended
}

// direction is one way of a link: what is to happen to the bytes that come.
type direction struct {
	mu    sync.Mutex
	held  chan struct{} // closed when they may go on; nil: they may
	bytes int64
	slow  time.Time // until then there is a trickle
	slice int       // so many go one by one
}

// copy passes bytes until an end, which it passes on too.
func (l *link) copy(to, from net.Conn, d *direction) {
	defer func() {
		if l.ends.Add(1) == 2 {
			close(l.over)
			_ = l.client.Close()
			_ = l.server.Close()
		}
	}()
	buffer := make([]byte, 8192)
	for {
		n, err := from.Read(buffer)
		if n > 0 && !l.pass(to, d, buffer[:n]) {
			reset(from) // nobody is there to take it
			return
		}
		if err != nil {
			_ = to.(*net.TCPConn).CloseWrite()
			return
		}
	}
}

func (l *link) pass(to net.Conn, d *direction, b []byte) bool {
	for len(b) > 0 {
		d.mu.Lock()
		held, slow, n := d.held, time.Now().Before(d.slow), len(b)
		switch {
		case d.slice > 0:
			n, d.slice = 1, d.slice-1
		case slow:
			n = min(n, 1000)
		}
		d.bytes += int64(n)
		d.mu.Unlock()
		if held != nil {
			select {
			case <-held:
			case <-l.over:
			case <-l.done:
			}
		}
		if slow {
			l.wait(20 * time.Millisecond)
		}
		if _, err := to.Write(b[:n]); err != nil {
			return false
		}
		b = b[n:]
	}
	return true
}

// wait tells whether the link is there after d.
func (l *link) wait(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-l.over:
	case <-l.done:
		reset(l.client)
		reset(l.server)
	}
	return false
}

// hold keeps both directions for a time.
func (l *link) hold(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	released := make(chan struct{})
	for _, way := range []*direction{&l.up, &l.down} {
		way.mu.Lock()
		way.held = released
		way.mu.Unlock()
	}
	select {
	case <-timer.C:
	case <-l.calm:
	case <-l.over:
	case <-l.done:
	}
	for _, way := range []*direction{&l.up, &l.down} {
		way.mu.Lock()
		way.held = nil
		way.mu.Unlock()
	}
	close(released)
}

// harm does something bad now and then until the link is over: the first time
// perhaps while the session is being made.
func (l *link) harm() {
	pause := l.between(0, 8*time.Second)
	if l.pick(8) == 0 {
		pause = l.between(0, 20*time.Millisecond)
	}
	for l.wait(pause) {
		if !l.isCalm() {
			l.strike(l.pick(harms))
		}
		pause = l.between(100*time.Millisecond, 6*time.Second)
	}
}

func (l *link) strike(what int) {
	l.up.mu.Lock()
	early := l.up.bytes < 8000
	l.up.mu.Unlock()
	if what == garbles && early {
		what = resets // a server that was never one is not tried again
	}
	l.count[what].Add(1)
	switch what {
	case resets, closes:
		l.leave(l.between(0, 6*time.Second))
		if what == resets {
			reset(l.client)
			reset(l.server)
			return
		}
		_ = l.client.Close()
		_ = l.server.Close()
	case stalls:
		l.hold(l.between(200*time.Millisecond, 4*time.Second))
	case goesSilent:
		l.hold(20 * time.Second) // far longer than the client bears
	case throttles:
		l.up.mu.Lock()
		l.up.slow = time.Now().Add(2 * time.Second)
		l.up.mu.Unlock()
	case dribbles:
		for _, way := range []*direction{&l.up, &l.down} {
			way.mu.Lock()
			way.slice = 2000
			way.mu.Unlock()
		}
	case garbles:
		b := make([]byte, 200)
		for i := range b {
			b[i] = byte(l.pick(256))
		}
		b[0] = 0xc0 | b[0] // no chunk stream begins so
		_, _ = l.client.Write(b)
	}
}

// leave refuses connections for d.
func (p *proxy) leave(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = time.Now().Add(d)
}
