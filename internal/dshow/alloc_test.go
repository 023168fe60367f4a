//go:build !race

package dshow

import (
	"context"
	"net"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/internal/com"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// The race detector makes sync.Pool forget buffers on purpose, so allocations
// are counted without it.

// void is a connection that loses what is written to it once it is told to.
type void struct {
	net.Conn
	off atomic.Bool
}

func (v *void) Write(b []byte) (int, error) {
	if v.off.Load() {
		return len(b), nil
	}
	return v.Conn.Write(b)
}

// sound is a frame of 128 kbit/s.
var sound = append([]byte{0x21, 1}, slices.Repeat([]byte{0x55}, 340)...)

// begun is a renderer whose stream has begun with a picture and its sound, to a
// connection that from then on loses what is written to it. The output buffer has
// so many bytes, 0: by default.
func begun(tb testing.TB, buffer int, first []byte) *Renderer {
	tb.Helper()
	server := rtmptest.NewServer(tb, rtmptest.Script{})
	o := publish.DefaultOptions()
	o.URL = server.URL("live+s3cret")
	if buffer > 0 {
		o.OutputBufferSize = buffer
	}
	r := New(&graph{}, o)
	var conn *void
	r.engine = []publish.Option{publish.WithDialer(func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		conn = &void{Conn: c}
		return conn, err
	})}
	require.Equal(tb, com.OK, r.Connected(video, annexB))
	require.Equal(tb, com.OK, r.Connected(audio, rawAAC))
	require.NoError(tb, r.ConnectServer(tb.Context()))
	require.NoError(tb, r.Run())
	tb.Cleanup(r.Close)
	sample := Sample{Data: sound, HasStart: true}
	require.Equal(tb, com.OK, r.Receive(audio, &sample))
	sample.Data = first
	require.Equal(tb, com.OK, r.Receive(video, &sample))
	r.session.drain()
	conn.off.Store(true)
	return r
}

// steady delivers a picture of 25 kB with its sound.
func steady(tb testing.TB) (deliver func()) {
	tb.Helper()
	data := picture(true, 1, 25000)
	r := begun(tb, 0, data)
	at := int64(0)
	return func() {
		at += 400_000
		s := Sample{Data: sound, Start: at, Stop: at + 400_000, HasStart: true, HasStop: true}
		if r.Receive(audio, &s) != com.OK {
			tb.Fatal("refused")
		}
		s.Data = data
		if r.Receive(video, &s) != com.OK {
			tb.Fatal("refused")
		}
	}
}

// In the steady state a sample's way through the filter allocates nothing.
func TestAllocNothingPerSample(t *testing.T) {
	deliver := steady(t)
	for range 2000 {
		deliver()
	}
	const samples = 5000
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range samples {
		deliver()
	}
	runtime.ReadMemStats(&after)
	// The runtime itself allocates a few objects now and then.
	require.Less(t, after.Mallocs-before.Mallocs, uint64(samples/50))
}

// BenchmarkReceive delivers pictures of 25 kB, each with its sound, to a
// connection that loses them.
func BenchmarkReceive(b *testing.B) {
	deliver := steady(b)
	b.SetBytes(25000 + 342)
	b.ReportAllocs()
	for b.Loop() {
		deliver()
	}
}
