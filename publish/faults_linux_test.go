package publish_test

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// openFiles counts the files and sockets of this process.
func openFiles(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(list)
}

// TestFaultsLeaveNoSockets does all harm at once over real sockets, to publishers
// that reconnect twice: no socket is left, nor a file of a spool.
func TestFaultsLeaveNoSockets(t *testing.T) {
	spool := t.TempDir()
	quick := func(o *publish.Options) {
		o.ConnectTimeout, o.ReceiveTimeout, o.SendTimeout = 400*ms, 200*ms, 200*ms
		o.ReconnectAttempts, o.ReconnectInterval, o.ReconnectOnStart = 2, 100*ms, true
		o.LiveMode, o.OutageBuffer, o.OutageSpool = true, time.Minute, spool
	}
	again := append(everywhere("resets", rtmptest.Reset()), silences()...)
	again = append(append(again, refusals("NetStream.Publish.BadName")...), drips()...)
	for _, e := range enemies() {
		again = append(again, harm{name: e.what, script: onStep("connect", blast(e.bytes))})
	}
	again = append(again, harm{name: "refuses TLS", script: rtmptest.Script{TLS: stranger.server()}})
	again = append(again, moments("resets", rtmptest.Reset())...)
	// The first use of the network opens what stays open, such as epoll.
	overSockets(t, harm{}, quick)
	goroutines, before := goleak.IgnoreCurrent(), openFiles(t)
	errs := make([]error, len(again))
	var all sync.WaitGroup
	for i, h := range again {
		all.Go(func() { errs[i] = overSockets(t, h, quick) })
	}
	all.Wait()
	for i, h := range again {
		require.Error(t, errs[i], h.name)
	}
	require.LessOrEqual(t, openFiles(t), before)
	require.NoError(t, goleak.Find(goroutines))
	left, err := os.ReadDir(spool)
	require.NoError(t, err)
	require.Empty(t, left)
}

// overSockets publishes three seconds of stream as fast as the server takes them.
func overSockets(t *testing.T, h harm, change func(*publish.Options)) error {
	t.Helper()
	server := rtmptest.NewServer(t, h.script)
	defer server.Close()
	o := publish.DefaultOptions()
	o.URL = server.URL("live+s3cret")
	change(&o)
	p, err := publish.New(o)
	require.NoError(t, err)
	require.NoError(t, p.SetTracks(videoInBand, rawAAC))
	ended := make(chan error, 1)
	go func() { ended <- p.Run(t.Context()) }() // joined below
	c := &camera{}
	for range 75 {
		at := time.Duration(c.n) * 40 * ms
		_ = p.Write(t.Context(), media.Packet{Track: 0, DTS: at, PTS: at, Data: c.picture()})
		for _, at := range []time.Duration{at, at + 20*ms} {
			_ = p.Write(t.Context(), media.Packet{Track: 1, DTS: at, PTS: at, Data: []byte{0x21, 1}})
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_ = p.Shutdown(ctx)
	return <-ended
}
