package interop

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// handshakeSize is what each side sends before its first message.
const handshakeSize = 1 + 2*1536

// The message types that the proxy looks at.
const (
	typeChunkSize       = 1
	typeAcknowledgement = 3
	typeCommand         = 20
)

// errCut is why a direction ends that has come to its limit.
var errCut = errors.New("the connection is cut here")

// direction is one way of a connection through the proxy. It passes bytes on as
// they come, and knows where RTMP's messages begin: the two sides of this
// test, as most do, send one after the other.
type direction struct {
	in     *bufio.Reader
	out    net.Conn
	passed atomic.Int64
	limit  atomic.Int64 // where it is cut; negative: nowhere
	chunk  int
	last   map[byte]header // by chunk stream
}

// header is the beginning of a message.
type header struct {
	raw, length int
	kind        byte
	timestamp   uint32
	stream      byte
	name        string // of a command
}

func newDirection(in, out net.Conn) *direction {
	d := &direction{in: bufio.NewReader(in), out: out, chunk: 128, last: map[byte]header{}}
	d.limit.Store(-1)
	return d
}

// cutAfter sets the limit n bytes from here.
func (d *direction) cutAfter(n int64) { d.limit.Store(d.passed.Load() + n) }

// pass lets n bytes through, or as many as the limit leaves. The limit may be set
// meanwhile, in front of what is still to come.
func (d *direction) pass(n int) error {
	for {
		limit := d.limit.Load()
		switch left := limit - d.passed.Load(); {
		case limit >= 0 && left <= 0:
			return errCut
		case n == 0:
			return nil
		default:
			if _, err := d.in.Peek(1); err != nil {
				return err
			}
			if limit != d.limit.Load() {
				continue
			}
			most := min(n, d.in.Buffered())
			if limit >= 0 {
				most = int(min(int64(most), left))
			}
			b, _ := d.in.Peek(most)
			if _, err := d.out.Write(b); err != nil {
				return err
			}
			_, _ = d.in.Discard(most)
			d.passed.Add(int64(most))
			n -= most
		}
	}
}

// next waits for the header of the next message, and passes nothing.
func (d *direction) next() (h header, err error) {
	b, err := d.in.Peek(1)
	if err != nil {
		return h, err
	}
	kind, stream := b[0]>>6, b[0]&0x3f
	if stream < 2 {
		return h, fmt.Errorf("chunk header %#x: this proxy does not know it", b[0])
	}
	size := 1 + []int{11, 7, 3, 0}[kind]
	if b, err = d.in.Peek(size); err != nil {
		return h, err
	}
	h = d.last[stream]
	h.raw, h.stream, h.name = size, stream, ""
	switch { // of type 3 there are only the server's, whose times do not matter
	case kind == 0:
		h.timestamp = uint24(b[1:])
	case kind < 3:
		h.timestamp += uint24(b[1:])
	}
	if kind < 2 {
		h.length, h.kind = int(uint24(b[4:])), b[7]
	}
	d.last[stream] = h
	return h, d.look(&h)
}

func uint24(b []byte) uint32 { return uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2]) }

// look reads what it needs of a short message's body.
func (d *direction) look(h *header) error {
	if h.kind != typeCommand && h.kind != typeChunkSize && h.kind != typeAcknowledgement {
		return nil
	}
	b, err := d.in.Peek(h.raw + min(h.length, 32))
	if err != nil {
		return err
	}
	b = b[h.raw:]
	switch {
	case h.kind == typeCommand && len(b) > 3 && int(b[2]) <= len(b)-3:
		h.name = string(b[3 : 3+b[2]])
	case h.kind == typeChunkSize && len(b) == 4:
		d.chunk = int(binary.BigEndian.Uint32(b))
	case h.kind == typeAcknowledgement && len(b) == 4:
		h.timestamp = binary.BigEndian.Uint32(b)
	}
	return nil
}

// size is how many bytes the message takes.
func (d *direction) size(h header) int {
	return h.raw + h.length + max(0, (h.length-1)/d.chunk)
}

// link is a connection through the proxy.
type link struct {
	client, server net.Conn
	up, down       *direction
	moment         *moment // nil: it is not cut
	mu             sync.Mutex
	media          []passed
	acks           []acknowledged
	wasCut         time.Time
}

// passed is a media message of the client's, as far as it went; acknowledged what
// the server said that it has.
type (
	passed struct {
		timestamp uint32
		end       int64
	}
	acknowledged struct {
		bytes uint32
		at    time.Time
	}
)

// serve carries the connection until both ways have ended.
func (l *link) serve() {
	var done sync.WaitGroup
	done.Go(func() { l.carry(l.up, l.sendUp) })
	l.carry(l.down, l.sendDown)
	done.Wait()
	_, _ = l.client.Close(), l.server.Close()
}

// cut tells when the connection was cut, if it was.
func (l *link) cut() (at time.Time, was bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.wasCut, !l.wasCut.IsZero()
}

// carry runs one direction, and ends it or the connection.
func (l *link) carry(d *direction, run func() error) {
	err := run()
	if errors.Is(err, errCut) {
		l.mu.Lock()
		l.wasCut = time.Now()
		l.mu.Unlock()
	}
	if half, ok := d.out.(*net.TCPConn); ok && errors.Is(err, io.EOF) {
		_ = half.CloseWrite()
		return
	}
	for _, c := range []net.Conn{l.client, l.server} {
		_ = c.(*net.TCPConn).SetLinger(0)
		_ = c.Close()
	}
}

func (l *link) sendDown() error {
	if err := l.down.pass(handshakeSize); err != nil {
		return err
	}
	for {
		h, err := l.down.next()
		if err != nil {
			return err
		}
		if err := l.down.pass(l.down.size(h)); err != nil {
			return err
		}
		if h.kind == typeAcknowledgement {
			l.mu.Lock()
			l.acks = append(l.acks, acknowledged{h.timestamp, time.Now()})
			l.mu.Unlock()
		}
	}
}

func (l *link) sendUp() error {
	m := l.moment
	m.begin(l)
	if err := l.up.pass(handshakeSize); err != nil {
		return err
	}
	for {
		h, err := l.up.next()
		if err != nil {
			return m.atEnd(err)
		}
		size := l.up.size(h)
		m.before(l, h, size)
		if err := l.up.pass(size); err != nil {
			return err
		}
		m.after(l, h)
		l.mu.Lock()
		if h.kind == 8 || h.kind == 9 {
			l.media = append(l.media, passed{h.timestamp, l.up.passed.Load()})
		}
		l.mu.Unlock()
	}
}
