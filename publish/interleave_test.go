package publish

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestInterleaveByDecodeTime(t *testing.T) {
	ctx := context.Background()
	q := testQueue(1<<20, false)
	for i := range 4 {
		require.NoError(t, push(ctx, q, testFrame(0, time.Duration(i)*40*ms, 100)))
	}
	out, wait := popAll(q)
	require.Empty(t, out, "audio may still bring something earlier")
	require.Equal(t, interleaveWait, wait.Round(10*ms))
	for i := range 8 {
		require.NoError(t, push(ctx, q, testFrame(1, time.Duration(i)*20*ms, 10)))
	}
	out, _ = popAll(q)
	require.Equal(t, []time.Duration{0, 0, 20 * ms, 40 * ms, 40 * ms, 60 * ms, 80 * ms, 80 * ms, 100 * ms, 120 * ms, 120 * ms, 140 * ms}, order(out))
	require.Equal(t, 1, out[0].track, "audio goes before video of the same time")
}

// Once the cadence of the other track is known, a frame that nothing earlier
// can follow goes at once.
func TestInterleaveDoesNotWaitWithoutNeed(t *testing.T) {
	ctx := context.Background()
	q := testQueue(1<<20, false)
	put := func(track int, dts time.Duration) { require.NoError(t, push(ctx, q, testFrame(track, dts, 10))) }
	put(0, 0)
	put(1, 0)
	put(1, 20*ms)
	put(0, 40*ms)
	popAll(q)
	put(1, 40*ms)
	popAll(q)
	for at := 60 * ms; at < time.Second; at += 20 * ms {
		put(1, at)
		out, _ := popAll(q)
		require.Len(t, out, 1, "audio at %v", at)
		if (at+20*ms)%(40*ms) == 0 {
			put(0, at+20*ms)
			out, _ = popAll(q)
			require.Len(t, out, 1, "video at %v", at+20*ms)
		}
	}
}

func TestInterleaveWaitIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		q := testQueue(1<<20, false)
		require.NoError(t, push(ctx, q, testFrame(0, 0, 100)))
		_, wait := popAll(q)
		require.Equal(t, interleaveWait, wait)
		time.Sleep(wait) // virtual
		out, _ := popAll(q)
		require.Len(t, out, 1)
		require.NoError(t, push(ctx, q, testFrame(0, 40*ms, 100)))
		out, _ = popAll(q)
		require.Len(t, out, 1, "a track that stays away is not waited for again")
		require.NoError(t, push(ctx, q, testFrame(1, 20*ms, 100)))
		popAll(q)
		require.NoError(t, push(ctx, q, testFrame(0, 80*ms, 100)))
		out, _ = popAll(q)
		require.Empty(t, out, "it is back, so it counts again")
	})
}

func TestEndedTrackIsNotWaitedFor(t *testing.T) {
	ctx := context.Background()
	q := testQueue(1<<20, false)
	require.NoError(t, push(ctx, q, testFrame(0, 0, 100)))
	q.endTrack(1)
	out, _ := popAll(q)
	require.Len(t, out, 1)
	require.ErrorIs(t, push(ctx, q, testFrame(1, 0, 1)), ErrTrackEnded)
}
