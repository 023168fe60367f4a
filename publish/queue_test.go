package publish

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

var (
	videoConfigForTest = &trackConfig{codec: media.CodecH264}
	audioConfigForTest = &trackConfig{codec: media.CodecAAC}
)

// testFrame is a frame of track 0 (video) or 1 (audio).
func testFrame(track int, dts time.Duration, size int) *frame {
	f := &frame{track: track, dts: dts, config: videoConfigForTest}
	if track == 1 {
		f.config = audioConfigForTest
	}
	f.add(make([]byte, size))
	return f
}

func push(ctx context.Context, q *queue, f *frame) error {
	_, _, err := q.push(ctx, f, q.tracks[f.track].flushes)
	return err
}

func testQueue(limit int, live bool) *queue {
	q := newQueue(limit, live)
	q.setTracks(2, true)
	return q
}

// popAll takes what may go now and gives it back as sent.
func popAll(q *queue) (out []*frame, wait time.Duration) {
	for {
		batch, w, _ := q.pop(nil, 1)
		if len(batch) == 0 {
			return out, w
		}
		for _, f := range batch {
			out = append(out, &frame{track: f.track, dts: f.dts})
		}
		q.finished(batch, nil)
	}
}

func order(frames []*frame) (list []time.Duration) {
	for _, f := range frames {
		list = append(list, f.dts)
	}
	return list
}

// One goroutine that writes both tracks must not lock itself up when the
// buffer is full of the track that waits for the other.
func TestFullQueueStopsWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		q := testQueue(1000, false)
		require.NoError(t, push(ctx, q, testFrame(0, 0, 1000)))
		written := make(chan error, 1)
		go func() { written <- push(ctx, q, testFrame(0, 40*ms, 1000)) }()
		synctest.Wait()
		out, _ := popAll(q)
		require.NotEmpty(t, out)
		require.NoError(t, <-written)
	})
}

func TestPushIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(context.Background())
		q := testQueue(1000, false)
		require.NoError(t, push(ctx, q, testFrame(0, 0, 5000)), "a frame larger than the buffer is let in alone")
		written := make(chan error, 1)
		go func() { written <- push(ctx, q, testFrame(0, 1, 1)) }()
		synctest.Wait()
		require.Empty(t, written)
		why := errors.New("enough")
		cancel(why)
		require.ErrorIs(t, <-written, why)

		for name, free := range map[string]func(q *queue){
			"flush": func(q *queue) { q.flush(0) },
			"end":   func(q *queue) { q.endTrack(0) },
			"close": func(q *queue) { q.close(ErrClosed, false) },
		} {
			q := testQueue(1000, false)
			require.NoError(t, push(context.Background(), q, testFrame(0, 0, 1000)))
			go func() { written <- push(context.Background(), q, testFrame(0, 1, 1)) }()
			synctest.Wait()
			free(q)
			require.Error(t, <-written, name)
		}
	})
}

func TestLiveModeRefusesInsteadOfBlocking(t *testing.T) {
	q := testQueue(1000, true)
	require.NoError(t, push(context.Background(), q, testFrame(0, 0, 900)))
	require.ErrorIs(t, push(context.Background(), q, testFrame(0, 1, 200)), ErrBufferFull)
	require.NoError(t, push(context.Background(), q, testFrame(1, 1, 100)), "what fits is taken")
}

func TestNoBufferWaitsUntilSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := testQueue(0, true)
		require.NoError(t, push(context.Background(), q, testFrame(0, 0, 900)), "without a session it is dropped")
		require.True(t, q.hasGap())
		q.resume()
		written := make(chan error, 1)
		go func() { written <- push(context.Background(), q, testFrame(0, 0, 900)) }()
		synctest.Wait()
		batch, _, _ := q.pop(nil, 1)
		require.Len(t, batch, 1, "it does not wait for the other track")
		synctest.Wait()
		require.Empty(t, written, "popped is not sent")
		q.finished(batch, nil)
		require.NoError(t, <-written)
	})
}

func TestWaitIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := testQueue(1<<20, false)
		require.NoError(t, q.waitIdle(context.Background()))
		require.NoError(t, push(context.Background(), q, testFrame(0, 0, 900)))
		idle := make(chan error, 1)
		go func() { idle <- q.waitIdle(context.Background()) }()
		synctest.Wait()
		require.Empty(t, idle)
		out, _ := popAll(q)
		require.Len(t, out, 1, "draining does not wait for the other track")
		require.NoError(t, <-idle)
	})
}

func TestRingKeepsOrderWhileGrowing(t *testing.T) {
	var r ring
	next := 0
	for i := range 1000 {
		r.push(&frame{size: i})
		if i%3 == 0 {
			require.Equal(t, next, r.pop().size)
			next++
		}
	}
	for r.len() > 0 {
		require.Equal(t, next, r.pop().size)
		next++
	}
	require.Equal(t, 1000, next)
}

// Frames of a few bytes cost more memory than their payload.
func TestTinyFramesAreBoundedToo(t *testing.T) {
	q := testQueue(10000, true)
	n := 0
	for push(context.Background(), q, testFrame(0, 0, 1)) == nil {
		n++
	}
	require.Equal(t, 10000/minFrame, n)
}
