package interop

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"syscall"
	"time"
)

// The steps of a session that a connection is cut in.
const (
	inHandshake = iota
	inConnect   // from connect to its answer
	inPublish   // from releaseStream to the go-ahead
	inMessage   // within a message of audio or video
	betweenMessages
	inClose // FCUnpublish, deleteStream, and the wait for the server's close
	steps
)

var stepNames = [steps]string{"handshake", "connect", "publish", "mid-message", "between messages", "close"}

// moment is where a connection is cut.
type moment struct {
	step int
	down bool          // in what the server says
	at   uint32        // of a message: the first one with such a timestamp, ms
	part float64       // where in it: 0 to 1
	away time.Duration // for how long nobody can connect then
}

// String is for the log of a failure.
func (m *moment) String() string {
	return fmt.Sprintf("%s down=%t at=%d part=%.3f away=%v", stepNames[m.step], m.down, m.at, m.part, m.away)
}

// moments are those of one stream, in the order of its connections, which take
// one each. Those within the stream come in its order, so that each is reached:
// a session never begins behind the end of the one before.
func moments(random *rand.Rand, count int, length uint32, longest time.Duration) (list []*moment) {
	var times []uint32
	for range count {
		times = append(times, uint32(random.IntN(int(length*9/10))))
	}
	slices.Sort(times)
	closes := 0
	for i := range count {
		m := &moment{
			step: random.IntN(inClose), down: random.IntN(3) == 0, at: times[i], part: random.Float64(),
			away: time.Duration(random.IntN(300)) * time.Millisecond,
		}
		if i >= count-2 && random.IntN(3) == 0 || closes > 0 {
			m.step = inClose
			closes++
		}
		if random.IntN(40) == 0 {
			m.away = time.Duration(random.Int64N(int64(longest)))
		}
		list = append(list, m)
	}
	return list
}

// between is a place within n bytes, after the first and before the last.
func (m *moment) between(n int) int64 { return 1 + int64(m.part*float64(n-2)) }

// begin sets the limit of a cut in the handshake.
func (m *moment) begin(l *link) {
	if m == nil || m.step != inHandshake {
		return
	}
	if m.down {
		l.down.cutAfter(m.between(handshakeSize))
	} else {
		l.up.cutAfter(m.between(handshakeSize))
	}
}

// before sets the limit of a cut in the client's message that comes.
func (m *moment) before(l *link, h header, size int) {
	if m == nil {
		return
	}
	media := (h.kind == 8 || h.kind == 9) && h.timestamp >= m.at
	words := []string{"releaseStream", "FCPublish", "createStream", "publish"}
	last := []string{"FCUnpublish", "deleteStream", ""}
	switch {
	case m.step == inConnect && !m.down && h.name == "connect",
		m.step == inPublish && !m.down && h.name == words[int(m.part*4)],
		m.step == inClose && h.name != "" && h.name == last[int(m.part*3)],
		m.step == inMessage && media:
		l.up.cutAfter(m.between(size))
	case m.step == betweenMessages && media:
		l.up.cutAfter(int64(size))
	}
}

// after sets the limit of a cut in the server's answer to a message.
func (m *moment) after(l *link, h header) {
	switch {
	case m == nil || !m.down:
	case m.step == inConnect && h.name == "connect":
		l.down.cutAfter(m.between(150))
	case m.step == inPublish && h.name == "createStream":
		l.down.cutAfter(m.between(100))
	}
}

// atEnd cuts where the client has said all, and waits for the server's end.
func (m *moment) atEnd(err error) error {
	if m != nil && m.step == inClose && m.part >= 2./3 && err == io.EOF {
		return errCut
	}
	return err
}

// proxy is the network between one publisher and its server.
type proxy struct {
	listener net.Listener
	target   string
	serving  sync.WaitGroup // the accept loop and the links; close joins them

	mu      sync.Mutex
	moments []*moment // of the connections to come
	links   []*link
}

func newProxy(target string, list []*moment) (*proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{listener: l, target: target, moments: list}
	p.serving.Go(p.accept)
	return p, nil
}

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.target)
		if err != nil {
			_ = client.Close()
			continue
		}
		l := &link{client: client, server: server, up: newDirection(client, server), down: newDirection(server, client)}
		p.mu.Lock()
		if len(p.moments) > 0 {
			l.moment, p.moments = p.moments[0], p.moments[1:]
		}
		p.links = append(p.links, l)
		p.mu.Unlock()
		p.serving.Go(func() {
			l.serve()
			p.putBack(l)
		})
	}
}

// putBack keeps a moment for the next connection that this one did not come to:
// its server may have refused it.
func (p *proxy) putBack(l *link) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, was := l.cut(); !was && l.moment != nil {
		p.moments = append([]*moment{l.moment}, p.moments...)
	}
}

// dial is the publisher's way to the proxy; nobody is there for a time after a cut.
func (p *proxy) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	p.mu.Lock()
	if n := len(p.links); n > 0 {
		l := p.links[n-1]
		if at, was := l.cut(); was && time.Since(at) < l.moment.away {
			p.mu.Unlock()
			return nil, syscall.ECONNREFUSED
		}
	}
	p.mu.Unlock()
	return new(net.Dialer).DialContext(ctx, network, p.listener.Addr().String())
}

func (p *proxy) close() {
	_ = p.listener.Close()
	p.serving.Wait()
}

// hits counts the cuts that were made, by step.
func (p *proxy) hits() (n [steps]int) {
	for _, l := range p.links {
		if _, was := l.cut(); was {
			n[l.moment.step]++
		}
	}
	return n
}
