//go:build !race

package publish_test

import (
	"context"
	"io"
	"net"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// The race detector makes sync.Pool forget buffers on purpose, so allocations
// are counted without it.

// sink is a TCP peer that relays to a scripted server until it is told to
// discard, which costs no allocation.
func sink(tb testing.TB) (url string, discard func()) {
	tb.Helper()
	server := rtmptest.NewServer(tb, rtmptest.Script{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = l.Close() })
	var off atomic.Bool
	go func() { // ends with the listener or the connection
		client, err := l.Accept()
		if err != nil {
			return
		}
		defer client.Close()
		upstream, err := net.Dial("tcp", server.Addr)
		if err != nil {
			return
		}
		defer upstream.Close()
		go func() { _, _ = io.Copy(client, upstream) }()
		buffer := make([]byte, 1<<20)
		for {
			n, err := client.Read(buffer)
			if err != nil {
				return
			}
			if !off.Load() {
				_, _ = upstream.Write(buffer[:n])
			}
		}
	}()
	return "rtmp://" + l.Addr().String() + "/live+x", func() { off.Store(true) }
}

// feeder writes one video frame of 25 kB in three NAL units and its audio.
type feeder struct {
	p     *publish.Publisher
	ended chan error
	at    time.Duration
	video []byte
	audio []byte
}

func newFeeder(tb testing.TB, change func(*publish.Options)) *feeder {
	tb.Helper()
	url, discard := sink(tb)
	o := publish.DefaultOptions()
	o.URL, o.TCPNoDelay = url, true
	if change != nil {
		change(&o)
	}
	p, err := publish.New(o)
	require.NoError(tb, err)
	require.NoError(tb, p.SetTracks(videoInBand, rawAAC))
	f := &feeder{p: p, ended: make(chan error, 1), audio: filler(340)}
	f.video = annexB([]byte{9, 0xf0}, append([]byte{6}, filler(40)...), append(idr(1), filler(25000)...))
	go func() { f.ended <- p.Run(context.Background()) }()
	first := annexB(smallSPS, pps, idr(0))
	require.NoError(tb, p.Write(context.Background(), media.Packet{Track: 1, Data: f.audio}))
	require.NoError(tb, p.Write(context.Background(), media.Packet{Data: first}))
	require.NoError(tb, p.Drain(context.Background()))
	discard()
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		_ = p.Shutdown(ctx) // the sink says no goodbye
		<-f.ended
	})
	return f
}

func (f *feeder) feed(tb testing.TB) {
	f.at += 33 * time.Millisecond
	at, ctx := f.at, context.Background()
	if err := f.p.Write(ctx, media.Packet{Track: 1, DTS: at, PTS: at, Data: f.audio}); err != nil {
		tb.Fatal(err)
	}
	if err := f.p.Write(ctx, media.Packet{DTS: at, PTS: at + 66*time.Millisecond, Data: f.video}); err != nil {
		tb.Fatal(err)
	}
}

// In the steady state a frame's way from Write to the socket allocates nothing.
func TestAllocNothingPerFrame(t *testing.T) {
	for name, change := range map[string]func(*publish.Options){
		"buffered":  nil,
		"estimated": func(o *publish.Options) { o.AllowBFrames = false },
		"immediate": func(o *publish.Options) { o.OutputBufferSize = 0 },
		// What the sink has is known a second later: memory bounds what is on its way.
		"held":     func(o *publish.Options) { o.OutageBuffer, o.OutageMemory = 30*time.Second, 8<<20 },
		"timecode": func(o *publish.Options) { o.WriteTimecode, o.TimecodeInterval = true, time.Hour },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFeeder(t, change)
			for range 1500 { // what it holds at most comes and goes
				f.feed(t)
			}
			const frames = 2000
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for range frames {
				f.feed(t)
			}
			runtime.ReadMemStats(&after)
			// The runtime itself allocates a few objects now and then.
			require.Less(t, after.Mallocs-before.Mallocs, uint64(frames/10))
		})
	}
}

// BenchmarkPublish sends frames of 25 kB, each with its audio, to a peer on
// loopback that discards them.
func BenchmarkPublish(b *testing.B) {
	f := newFeeder(b, nil)
	b.SetBytes(int64(len(f.video) + len(f.audio)))
	b.ReportAllocs()
	for b.Loop() {
		f.feed(b)
	}
}
