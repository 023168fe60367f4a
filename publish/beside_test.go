package publish_test

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// besideSeconds is how long two publishers run beside each other.
const besideSeconds = 12

// lent counts the packets of a publisher that it has not given back.
type lent struct{ packets, bytes, mostBytes atomic.Int64 }

// loan is one of them.
type loan struct {
	from *lent
	size int64
}

func (l loan) Release() {
	l.from.packets.Add(-1)
	l.from.bytes.Add(-l.size)
}

func (l *lent) lend(size int) media.Releaser {
	l.packets.Add(1)
	l.mostBytes.Store(max(l.mostBytes.Load(), l.bytes.Add(int64(size))))
	return loan{l, int64(size)}
}

// arrivalTimes is when each message of a stream came, by type and timestamp.
type arrivalTimes struct {
	mu sync.Mutex
	at map[[2]uint32]time.Duration
}

// timed is a good server that notes them, and its network.
func timed(t *testing.T) (*rtmptest.Server, *arrivalTimes) {
	t.Helper()
	a := &arrivalTimes{at: map[[2]uint32]time.Duration{}}
	began := time.Now()
	return rtmptest.NewPipeServer(t, rtmptest.Script{Message: func(_ *rtmptest.Session, m rtmptest.Message) {
		if (m.Type == 8 || m.Type == 9) && m.Body[1] != 0 {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.at[[2]uint32{uint32(m.Type), m.Timestamp}] = time.Since(began)
		}
	}}), a
}

// troubles are what may happen to the publisher beside: its network, and its
// server if it has one.
var troubles = map[string]func(t *testing.T) (*network, *rtmptest.Server){
	"stalled": func(t *testing.T) (*network, *rtmptest.Server) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{PipeSize: 10_000, On: map[string]rtmptest.Handler{
			"publish": rtmptest.Then(rtmptest.Default(), rtmptest.Stall()),
		}})
		return to(server), server
	},
	"slow": func(t *testing.T) (*network, *rtmptest.Server) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{PipeSize: 10_000, ReadRate: 20_000})
		return to(server), server
	},
	"silent": func(t *testing.T) (*network, *rtmptest.Server) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{On: map[string]rtmptest.Handler{"connect": rtmptest.Silent()}})
		return to(server), server
	},
	"away": func(*testing.T) (*network, *rtmptest.Server) {
		return newNetwork(func(int, string) (net.Conn, error) { return nil, syscall.ECONNREFUSED }), nil
	},
	"unanswered": func(*testing.T) (*network, *rtmptest.Server) {
		return newNetwork(func(int, string) (net.Conn, error) {
			pass(5 * time.Second)
			return nil, syscall.ETIMEDOUT
		}), nil
	},
}

// writeBoth writes a camera's packets to all publishers, in their order, from one
// goroutine, as an application does that has several outputs.
func writeBoth(t *testing.T, books []*lent, publishers ...*stream) {
	t.Helper()
	cam := &camera{bytes: 20_000}
	for range besideSeconds * 25 {
		at := time.Duration(cam.n) * 40 * ms
		for _, p := range []media.Packet{
			{Track: 0, DTS: at, PTS: at, Data: cam.picture()},
			{Track: 1, DTS: at, PTS: at, Data: []byte{0x21, 1}},
			{Track: 1, DTS: at + 20*ms, PTS: at + 20*ms, Data: []byte{0x21, 2}},
		} {
			for i, s := range publishers {
				p.Owner = books[i].lend(len(p.Data))
				bound, cancel := context.WithTimeout(context.Background(), time.Second)
				_ = s.Write(bound, p) // one that is full refuses: that is its own matter
				cancel()
			}
		}
		pass(40 * ms)
	}
}

// alone is when everything arrives of a publisher that runs alone.
func alone(t *testing.T) (at map[[2]uint32]time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server, times := timed(t)
		defer server.Close()
		s := startOn(t, to(server), func(o *publish.Options) { o.LiveMode = true }, videoInBand, rawAAC)
		writeBoth(t, []*lent{{}}, s)
		require.NoError(t, s.finishOn())
		at = times.at
	})
	require.Len(t, at, besideSeconds*75)
	return at
}

// requireUndisturbed compares when things arrived. Sound of a picture's very moment
// goes along with it or with the next one, whoever is first.
func requireUndisturbed(t *testing.T, want, got map[[2]uint32]time.Duration) {
	t.Helper()
	require.Len(t, got, len(want))
	for message, at := range want {
		if message[0] == 9 {
			require.Equal(t, at, got[message], "picture of %d ms", message[1])
		} else {
			require.InDelta(t, at, got[message], float64(40*ms), "sound of %d ms", message[1])
		}
	}
}

// Two outputs of one stream, written from one goroutine: whatever is wrong with the
// server of one, the frames of the other arrive when they would if it were alone, and
// what waits for the bad one is bounded.
func TestOneOutputNeverDelaysAnother(t *testing.T) {
	undisturbed := alone(t)
	for name, trouble := range troubles {
		for mode, change := range map[string]func(*publish.Options){
			"refusing": func(*publish.Options) {},
			"dropping": func(o *publish.Options) { o.BufferOverflow, o.LatencyCap = publish.OverflowDrop, time.Second },
			"holding":  func(o *publish.Options) { o.OutageBuffer, o.OutageMemory = time.Minute, 2<<20 },
		} {
			t.Run(name+" "+mode, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					good, times := timed(t)
					defer good.Close()
					way, bad := trouble(t)
					if bad != nil {
						defer bad.Close()
					}
					troubled := startOn(t, way, func(o *publish.Options) { resuming(o); o.OutageBuffer = 0; change(o) }, videoInBand, rawAAC)
					s := startOn(t, to(good), func(o *publish.Options) { o.LiveMode = true }, videoInBand, rawAAC)
					books := []*lent{{}, {}}
					writeBoth(t, books, troubled, s)
					require.NoError(t, s.finishOn())
					requireUndisturbed(t, undisturbed, times.at)

					stats := troubled.Stats()
					require.NotZero(t, stats.FramesDropped+stats.FramesLost, "it was in trouble: %+v", stats)
					bound := int64(stats.OutputBufferSize)
					if mode == "holding" {
						bound = 2 * (2 << 20) // what waits, and as much on its way
					}
					require.LessOrEqual(t, books[0].mostBytes.Load(), bound+50_000, "and what is being sent")
					_ = troubled.finishOn()
					require.Zero(t, books[0].packets.Load()+books[1].packets.Load(), "all packets are given back")
				})
			})
		}
	}
}
