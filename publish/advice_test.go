package publish_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// advised runs a camera of 200 kB/s for a minute over a link that takes so many
// bytes a second, and returns the advice.
func advised(t *testing.T, rate int, change func(*publish.Options)) (list []publish.Advice) {
	t.Helper()
	server := rtmptest.NewPipeServer(t, rtmptest.Script{PipeSize: 4000, ReadRate: rate, Discard: true})
	defer server.Close()
	s := startOn(t, to(server), func(o *publish.Options) {
		o.LiveMode, o.LatencyCap, o.OutputBufferSize, o.BitrateAdvice = true, 2*time.Second, 10<<20, true
		change(o)
	}, videoInBand, rawAAC)
	require.Zero(t, s.Advice().Target)
	ctx, cancel := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() { list = slices.Collect(s.WatchAdvice(ctx)) })
	c := &camera{s: s, bytes: 8000}
	require.NoError(t, c.run(time.Minute))
	_ = s.finishOn() // a slow link takes longer than it waits
	cancel()
	done.Wait()
	require.Equal(t, s.Advice(), list[len(list)-1], "the last one is in force")
	require.Equal(t, publish.Advice{Reason: "none"}, list[0])
	return list[1:]
}

// An encoder that makes more than the link takes is told so within a second, with
// what it takes; without the option nobody is told anything.
func TestOptionBitrateAdvice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		list := advised(t, 100_000, func(*publish.Options) {})
		require.NotEmpty(t, list)
		require.Equal(t, "congestion", list[0].Reason)
		require.Less(t, list[0].Time.Sub(began), 3*time.Second)
		require.InDelta(t, 700_000, list[0].Target, 250_000, "800 kbit/s go through")
		require.Less(t, len(list), 30)
	})
	synctest.Test(t, func(t *testing.T) {
		require.Empty(t, advised(t, 100_000, func(o *publish.Options) { o.BitrateAdvice = false }))
	})
	synctest.Test(t, func(t *testing.T) {
		require.Empty(t, advised(t, 0, func(*publish.Options) {}), "a link that takes all")
	})
}

func TestOptionBitrateFloor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, a := range advised(t, 20_000, func(o *publish.Options) { o.BitrateFloor = 500_000 }) {
			require.GreaterOrEqual(t, a.Target, int64(500_000))
		}
	})
}

func TestOptionBitrateCeiling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		list := advised(t, 50_000, func(o *publish.Options) { o.BitrateCeiling = 500_000 })
		require.NotEmpty(t, list)
		for _, a := range list {
			require.LessOrEqual(t, a.Target, int64(500_000))
		}
	})
}

// What the latency cap leaves out makes the link idle for moments: the advice for an
// encoder that does not follow stays near what the link takes.
func TestAdviceOverDroppedPictures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, a := range advised(t, 100_000, func(o *publish.Options) { o.LatencyCap = 500 * ms }) {
			require.Greater(t, a.Target, int64(300_000), "%+v", a)
		}
	})
}
