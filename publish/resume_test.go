package publish_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// cutConn is a connection that is reset in the middle of the write or read that
// passes its number of bytes.
type cutConn struct {
	net.Conn
	mu          sync.Mutex
	up, down    int // bytes left each way; negative: never cut
	wasCut      bool
	whenCutDone func()
}

func (c *cutConn) cut() {
	if c.wasCut {
		return
	}
	c.wasCut = true
	c.whenCutDone()
	_ = c.Conn.(interface{ SetLinger(int) error }).SetLinger(0)
	_ = c.Conn.Close()
}

func (c *cutConn) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.up < 0 || len(b) <= c.up {
		if c.up >= 0 {
			c.up -= len(b)
		}
		return c.Conn.Write(b)
	}
	n, _ := c.Conn.Write(b[:c.up])
	c.cut()
	return n, syscall.ECONNRESET
}

func (c *cutConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.wasCut {
		return n, syscall.ECONNRESET
	}
	if c.down < 0 {
		return n, err
	}
	if c.down -= n; c.down < 0 {
		c.cut()
		return 0, syscall.ECONNRESET
	}
	return n, err
}

func (c *cutConn) CloseWrite() error { return c.Conn.(interface{ CloseWrite() error }).CloseWrite() }
func (c *cutConn) SetLinger(n int) error {
	return c.Conn.(interface{ SetLinger(int) error }).SetLinger(n)
}

// cuts is what happens to the connections of a stream: where the n-th is cut,
// and how long the server is away then.
type cuts struct {
	up, down []int
	away     []time.Duration
}

// resuming holds a minute for an outage, and never gives up.
func resuming(o *publish.Options) {
	o.OutageBuffer, o.ReconnectUnlimited, o.ReconnectOnStart, o.ReconnectInterval = time.Minute, true, true, 500*ms
	o.LiveMode = true
}

// streamWithCuts publishes seconds of a camera over connections that are cut, and
// returns the sessions.
func streamWithCuts(t *testing.T, script rtmptest.Script, seconds int, c cuts, change func(*publish.Options)) (sessions []*rtmptest.Session, stats publish.Stats) {
	t.Helper()
	server := rtmptest.NewPipeServer(t, script)
	defer server.Close()
	var back time.Time
	made := 0
	n := newNetwork(func(_ int, addr string) (net.Conn, error) {
		if time.Now().Before(back) {
			return nil, syscall.ECONNREFUSED
		}
		conn, err := server.Dial(context.Background(), "tcp", addr)
		sessions = append(sessions, server.Session())
		if made == len(c.up) || err != nil {
			return conn, err
		}
		i := made
		made++
		return &cutConn{Conn: conn, up: c.up[i], down: c.down[i], whenCutDone: func() { back = time.Now().Add(c.away[i]) }}, nil
	})
	s := startOn(t, n, func(o *publish.Options) {
		resuming(o)
		if change != nil {
			change(o)
		}
	}, videoInBand, rawAAC)
	cam := &camera{s: s}
	require.NoError(t, cam.run(time.Duration(seconds)*time.Second))
	require.LessOrEqual(t, cam.slow, 10*ms, "no Write waits")
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	require.NoError(t, s.Shutdown(ctx))
	require.NoError(t, <-s.ended)
	for _, session := range sessions {
		<-session.Ended()
	}
	stats = s.Stats()
	require.Equal(t, cam.wrote, total(stats), "%+v", stats)
	return sessions, stats
}

// union requires that the sessions have every frame of the camera's seconds, in
// order, each session decodable, and tells how many frames came twice.
func union(t *testing.T, sessions []*rtmptest.Session, seconds int) (twice int) {
	t.Helper()
	seen := map[[2]uint32]bool{}
	next := map[uint8]uint32{8: 0, 9: 0}
	step := map[uint8]uint32{8: 20, 9: 40}
	for _, session := range sessions {
		list := mediaOf(session)
		wellBegun(t, list, false)
		for _, m := range list {
			if m.Type == 18 || m.Body[1] == 0 {
				continue
			}
			key := [2]uint32{uint32(m.Type), m.Timestamp}
			if seen[key] {
				twice++
				continue
			}
			seen[key] = true
			require.Equal(t, next[m.Type], m.Timestamp, "type %d: the next new frame", m.Type)
			next[m.Type] += step[m.Type]
		}
	}
	require.EqualValues(t, seconds*1000, next[9])
	require.EqualValues(t, seconds*1000, next[8])
	return twice
}

// Wherever the connection is cut, in the handshake, within a message, at the end,
// and however long the server is away, up to ten seconds: nothing is lost, the
// order holds, and what comes twice is counted.
func TestNothingIsLostOverCuts(t *testing.T) {
	const seconds = 12
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 1))
				var c cuts
				for range 1 + r.IntN(4) {
					up, down := -1, -1
					switch r.IntN(4) {
					case 0: // handshake and commands
						up = r.IntN(4000)
					case 1: // what the server says
						down = r.IntN(4500)
					default: // 12 s are some 25 kB
						up = 3400 + r.IntN(25_000)
					}
					c.up, c.down, c.away = append(c.up, up), append(c.down, down), append(c.away, time.Duration(r.IntN(10_000))*ms)
				}
				script := rtmptest.Script{AckEvery: []int{0, 200, 2000}[seed%3]}
				sessions, stats := streamWithCuts(t, script, seconds, c, nil)
				twice := union(t, sessions, seconds)
				require.LessOrEqual(t, twice, stats.FramesResent, "what came twice is told")
				require.Zero(t, stats.FramesLost+stats.FramesDropped+stats.FramesSkipped)
			})
		})
	}
}

// An outage that begins with a server that takes nothing more, as on a cable
// that was pulled, loses nothing either: what comes until that is noticed is held as
// what comes later.
func TestNothingIsLostOverAStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAway(t, rtmptest.Script{AckEvery: 10_000, PipeSize: 20_000}, func(*publish.Options) {}, videoInBand, rawAAC)
		a.cam.bytes = 20_000 // the output buffer is full after half a second
		require.NoError(t, a.cam.run(3*time.Second))
		a.sessions[0].Stall()
		require.NoError(t, a.cam.run(6*time.Second))
		a.end(t)
		require.Equal(t, 1, a.Stats().Reconnects)
		require.Zero(t, a.Stats().FramesLost+a.Stats().FramesDropped, "%+v", a.Stats())
		union(t, a.sessions, 9)
	})
}
