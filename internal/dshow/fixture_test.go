package dshow

import (
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rtmpwriter/internal/com"
	"rtmpwriter/internal/dshow/mediatype"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	ms    = time.Millisecond
	video = int(mediatype.Video)
	audio = int(mediatype.Audio)
)

// Types of both pins: Annex B with its parameter sets in band, and raw AAC LC of
// 48 kHz.
var (
	annexB = mediatype.MediaType{Major: mediatype.MajorVideo, Subtype: mediatype.SubtypeH264, Format: mediatype.FormatNone}
	rawAAC = mediatype.MediaType{
		Major: mediatype.MajorAudio, Subtype: com.FourCC(0xff), Format: com.MustGUID("{05589F81-C356-11CE-BF01-00AA0055595A}"),
		Block: append([]byte{0xff, 0, 2, 0, 0x80, 0xbb, 0, 0, 0, 0, 0, 0, 1, 0, 16, 0, 2, 0}, 0x11, 0x90),
	}
)

// The parameter sets of x264 for 64x48 at 25 frames a second.
var (
	sps = unhex("6742c00ad9047b011000000300100000030320f12264")
	pps = unhex("68cb83cb20")
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// picture is an access unit: an IDR picture with its parameter sets, or one that
// refers to it.
func picture(key bool, n byte, size int) []byte {
	start := []byte{0, 0, 0, 1}
	unit := append([]byte{0x41, 0x9a, n, 0x80}, slices.Repeat([]byte{0xaa}, size)...)
	if !key {
		return append(slices.Clone(start), unit...)
	}
	unit[0], unit[1] = 0x65, 0x88
	return slices.Concat(start, sps, start, pps, start, unit)
}

// graph is a host that writes down what it is told.
type graph struct {
	mu   sync.Mutex
	told []string
	// during is called within every event, as an application may do.
	during func(event string)
}

func (g *graph) note(text string) {
	g.mu.Lock()
	g.told = append(g.told, text)
	during := g.during
	g.mu.Unlock()
	if during != nil {
		during(text)
	}
}

func (g *graph) Event(e Event, hr com.HRESULT) { g.note(fmt.Sprintf("event %d %#x", e, uint32(hr))) }
func (g *graph) Status(s publish.State, _ string) {
	g.note(fmt.Sprintf("status %d", s))
}
func (g *graph) Statistics(publish.Stats, string) {}
func (g *graph) Log(publish.Options) (*slog.Logger, func()) {
	return slog.New(slog.DiscardHandler), func() {}
}

// events are what was told so far.
func (g *graph) events() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.told)
}

// rig is a renderer with a graph and a network.
type rig struct {
	*Renderer
	t      *testing.T
	graph  *graph
	server *rtmptest.Server
	down   atomic.Bool
	frames [2]int // delivered so far
}

// inTime runs a test in virtual time over a renderer whose pins are connected.
func inTime(t *testing.T, script rtmptest.Script, change func(*publish.Options), test func(*rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, script)
		defer server.Close()
		o := publish.DefaultOptions()
		o.URL = "rtmp://127.0.0.1/live+s3cret"
		if change != nil {
			change(&o)
		}
		g := &graph{}
		r := &rig{Renderer: New(g, o), t: t, graph: g, server: server}
		r.engine = []publish.Option{publish.WithDialer(func(ctx context.Context, network, addr string) (net.Conn, error) {
			if r.down.Load() {
				return nil, syscall.ECONNREFUSED
			}
			return server.Dial(ctx, network, addr)
		})}
		require.Equal(t, com.OK, r.Connected(video, annexB))
		require.Equal(t, com.OK, r.Connected(audio, rawAAC))
		test(r)
		r.Close()
		synctest.Wait()
		time.Sleep(2 * leavesWithin)
		synctest.Wait()
	})
}

// next delivers the next sample of a pin: 25 pictures and 50 frames of sound a
// second, a keyframe every second.
func (r *rig) next(pin, size int) com.HRESULT {
	n := r.frames[pin]
	r.frames[pin]++
	s := Sample{HasStart: true, HasStop: true}
	if pin == video {
		s.Start, s.Stop = int64(n)*400_000, int64(n+1)*400_000
		s.Data = picture(n%25 == 0, byte(n), size)
	} else {
		s.Start, s.Stop = int64(n)*200_000, int64(n+1)*200_000
		s.Data = append([]byte{0x21, byte(n)}, slices.Repeat([]byte{0x55}, size)...)
	}
	return r.Receive(pin, &s)
}

// play delivers d of both streams at their pace.
func (r *rig) play(d time.Duration) {
	r.t.Helper()
	for range int(d / (40 * ms)) {
		require.Equal(r.t, com.OK, r.next(video, 100))
		require.Equal(r.t, com.OK, r.next(audio, 20))
		require.Equal(r.t, com.OK, r.next(audio, 20))
		<-time.After(40 * ms) // virtual
	}
}

// blocked delivers on both pins until they are refused, and returns the answers.
func (r *rig) blocked(size int) chan com.HRESULT {
	answers := make(chan com.HRESULT, 2)
	for pin := range 2 {
		go func() {
			for {
				if answer := r.next(pin, size); answer != com.OK {
					answers <- answer
					return
				}
			}
		}()
	}
	synctest.Wait()
	return answers
}

// received counts what a session brought by message type.
func received(s *rtmptest.Session) (audio, video int) {
	for _, m := range s.Messages() {
		switch m.Type {
		case 8:
			audio++
		case 9:
			video++
		}
	}
	return audio, video
}
