package publish_test

import (
	"context"
	"net"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// counted is a connection that notes its writes.
type counted struct {
	net.Conn
	mu     sync.Mutex
	writes []int // bytes of each
}

func (c *counted) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.mu.Lock()
	c.writes = append(c.writes, n)
	c.mu.Unlock()
	return n, err
}

func (c *counted) CloseWrite() error { return c.Conn.(interface{ CloseWrite() error }).CloseWrite() }
func (c *counted) SetLinger(n int) error {
	return c.Conn.(interface{ SetLinger(int) error }).SetLinger(n)
}

// since tells the writes behind the first n.
func (c *counted) since(n int) []int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]int(nil), c.writes[n:]...)
}

func sum(list []int) (n int) {
	for _, v := range list {
		n += v
	}
	return n
}

// countedTo leads to a server by one connection that is noted.
func countedTo(server *rtmptest.Server) (*network, *counted) {
	c := &counted{}
	return newNetwork(func(_ int, addr string) (net.Conn, error) {
		conn, err := server.Dial(context.Background(), "tcp", addr)
		c.Conn = conn
		return c, err
	}), c
}

// sized is an access unit whose message has n bytes behind the tag header.
func sized(n int, key bool) []byte {
	nal := append([]byte{0x41}, filler(n-5)...)
	if key {
		nal[0] = 0x65
	}
	return annexB(nal)
}

// videoOutOfBand tells its parameter sets beforehand.
func videoOutOfBand(t *testing.T) media.Track {
	t.Helper()
	return media.Track{Codec: media.CodecH264, Framing: media.FramingAnnexB, Config: avcC(t, 4)}
}

// deafScript reads nothing after its go-ahead.
var deafScript = rtmptest.Script{PipeSize: 100, On: map[string]rtmptest.Handler{
	"publish": rtmptest.Then(rtmptest.Default(), rtmptest.Stall()),
}}

// patient waits for a deaf server.
func patient(o *publish.Options) { o.SendTimeout = time.Hour }

// Write blocks when the buffer is full, exactly then, and until there is room;
// so much and no more is held.
func TestOptionOutputBufferSize(t *testing.T) {
	for _, size := range []int{5000, 10_000, 200_000} {
		synctest.Test(t, func(t *testing.T) {
			s := start(t, deafScript, func(o *publish.Options) { patient(o); o.OutputBufferSize = size }, videoOutOfBand(t))
			session := s.server.Session()
			session.WaitCommand("publish")
			began := time.Now()
			for i := range size / 1000 {
				s.write(0, time.Duration(i)*40*ms, time.Duration(i)*40*ms, sized(1000, i == 0))
			}
			require.Zero(t, time.Since(began), "none has blocked")
			synctest.Wait()
			require.Equal(t, size, s.Stats().OutputBufferFillness)
			require.Equal(t, size, s.Stats().OutputBufferSize)
			time.AfterFunc(3*time.Second, session.Resume)
			s.write(0, time.Minute, time.Minute, sized(1000, false))
			require.Equal(t, 3*time.Second, time.Since(began), "the next one has")
			require.NoError(t, s.finishOn())
			s.server.Close()
		})
	}
}

// Without a buffer the frame is on the socket when Write returns.
func TestOptionOutputBufferSizeNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{PipeSize: 1000, ReadRate: 10_000})
		defer server.Close()
		n, conn := countedTo(server)
		s := startOn(t, n, func(o *publish.Options) { o.OutputBufferSize = 0 }, videoOutOfBand(t), rawAAC)
		session := server.Session()
		session.WaitCommand("publish")
		synctest.Wait()
		for i := range 5 {
			at, before, began := time.Duration(i)*time.Second, len(conn.since(0)), time.Now()
			s.write(0, at, at, sized(5000, i == 0))
			require.GreaterOrEqual(t, sum(conn.since(before)), 5000, "all of it was taken")
			require.InDelta(t, 0.4, time.Since(began).Seconds(), 0.2, "at the speed of the peer")
			require.Zero(t, s.Stats().OutputBufferFillness)
			before = len(conn.since(0))
			s.write(1, at, at, filler(100))
			require.GreaterOrEqual(t, sum(conn.since(before)), 100)
		}
		require.NoError(t, s.finishOn())
	})
}

// Small messages that wait are gathered up to the size, large ones stay whole;
// 0 is a write a message.
func TestOptionOutputPacketSize(t *testing.T) {
	const record = 16384 // is written at once, since a pipe takes no vectors; the end of a flush is shorter
	// What waits are 4 kB in small frames and 300 kB in large ones.
	for size, flushes := range map[int]int{0: 2 + 40 + 60, 1450: 3, 200_000: 2, 1 << 20: 1} {
		synctest.Test(t, func(t *testing.T) {
			server := rtmptest.NewPipeServer(t, rtmptest.Script{})
			defer server.Close()
			n, conn := countedTo(server)
			o := publish.DefaultOptions()
			o.URL, o.OutputPacketSize, o.OutputBufferSize = "rtmp://127.0.0.1/live+x", size, 1<<20
			p, err := publish.New(o, publish.WithDialer(n.dial))
			require.NoError(t, err)
			require.NoError(t, p.SetTracks(rawAAC))
			require.NoError(t, p.Connect(t.Context()))
			connecting := len(conn.since(0))
			for i := range 40 + 60 { // all of them wait for Run
				at, data := time.Duration(i)*20*ms, filler(100)
				if i >= 40 {
					data = filler(5000)
				}
				require.NoError(t, p.Write(t.Context(), media.Packet{DTS: at, PTS: at, Data: data}))
			}
			ended := make(chan error, 1)
			go func() { ended <- p.Run(t.Context()) }()
			require.NoError(t, p.Drain(t.Context()))
			writes := conn.since(connecting)
			whole := func(n int) bool { return n == record }
			require.Len(t, slices.DeleteFunc(slices.Clone(writes), whole), flushes, "%v", writes)
			require.NoError(t, p.Shutdown(t.Context()))
			require.NoError(t, <-ended)
			got := mediaOf(server.Session())
			require.Len(t, got, 2+40+60)
			require.Equal(t, filler(5000), got[43].Body[2:])
		})
	}
}

// In live mode Write never blocks, whatever the peer does.
func TestOptionLiveMode(t *testing.T) {
	for _, live := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			s := start(t, deafScript, func(o *publish.Options) { patient(o); o.LiveMode, o.OutputBufferSize = live, 20_000 }, videoInBand, rawAAC)
			session := s.server.Session()
			session.WaitCommand("publish")
			time.AfterFunc(time.Minute, session.Resume)
			c := &camera{s: s}
			full := 0
			for began := time.Now(); time.Since(began) < 30*time.Second; {
				if err := c.run(time.Second); err != nil {
					require.ErrorIs(t, err, publish.ErrBufferFull)
					full++
					<-time.After(40 * ms)
				}
			}
			if live {
				require.Zero(t, c.slow)
				require.NotZero(t, full)
			} else {
				require.Greater(t, c.slow, 50*time.Second, "it has waited for the peer")
				require.Zero(t, full)
			}
			session.Resume()
			require.NoError(t, s.finishOn())
			s.server.Close()
		})
	}
}

// A full buffer in live mode: refused, or dropped without a word; either way
// what arrives can be decoded, and everything is counted.
func TestOptionBufferOverflowMode(t *testing.T) {
	for mode := range publish.OverflowDrop + 1 {
		synctest.Test(t, func(t *testing.T) {
			s := start(t, deafScript, func(o *publish.Options) {
				patient(o)
				o.LiveMode, o.OutputBufferSize, o.BufferOverflow = true, 40_000, mode
			}, videoInBand, rawAAC)
			session := s.server.Session()
			session.WaitCommand("publish")
			wrote, full := map[int]int{}, map[int]int{}
			for i := range 25 * 20 {
				if i == 25*10 {
					session.Resume()
				}
				at := time.Duration(i) * 40 * ms
				data := annexB(inter(byte(i)))
				if i%25 == 0 {
					data = annexB(smallSPS, pps, idr(byte(i)))
				}
				for track, b := range [][]byte{data, {0x21, 1}} {
					wrote[track]++
					if err := s.Write(t.Context(), media.Packet{Track: track, DTS: at, PTS: at, Data: b}); err != nil {
						require.ErrorIs(t, err, publish.ErrBufferFull)
						full[track]++
					}
				}
				<-time.After(40 * ms)
			}
			require.NoError(t, s.finishOn())
			<-session.Ended()
			wellBegun(t, mediaOf(session), false)
			stats := s.Stats()
			require.Equal(t, wrote[0]+wrote[1], total(stats))
			require.NotZero(t, stats.FramesDropped)
			if mode == publish.OverflowNoDrop {
				require.Equal(t, stats.FramesDropped, full[0]+full[1])
				require.NotZero(t, full[1], "audio too")
			} else {
				require.Empty(t, full, "Write tells nothing")
				require.Greater(t, wrote[0]-stats.VideoPacketsSent, 200, "video goes first")
				require.Less(t, wrote[1]-stats.AudioPacketsSent, 150)
			}
			s.server.Close()
		})
	}
}
