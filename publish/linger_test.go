package publish

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// written pushes a frame that comes now, at its own time.
func written(t *testing.T, q *queue, track int, dts time.Duration, size int) {
	t.Helper()
	f := testFrame(track, dts, size)
	f.written = time.Now()
	f.keyframe = track == 1 || dts == 0
	what, _, err := q.push(t.Context(), f, 0)
	require.NoError(t, err)
	require.Equal(t, queued, what)
}

// woken tells whether the sender was, since it was asked last.
func woken(q *queue) bool {
	select {
	case <-q.data:
		return true
	default:
		return false
	}
}

// A stream of 25 pictures a second, each with two frames of sound 10 and 30 ms behind
// it, goes out 25 times a second.
func TestSoundGoesAlongWithTheNextPicture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := testQueue(1<<20, true)
		wakes := 0
		for n := range 50 {
			at := time.Duration(n) * 40 * ms
			for _, step := range []struct {
				track int
				after time.Duration
			}{{0, 0}, {1, 10 * ms}, {1, 30 * ms}} {
				written(t, q, step.track, at+step.after, 300)
				if woken(q) {
					wakes++
					popAll(q)
					q.idle()
				}
				<-time.After(map[bool]time.Duration{true: 10 * ms, false: 20 * ms}[step.after != 10*ms])
			}
		}
		require.InDelta(t, 50, wakes, 2)
	})
}

// Sound that comes while no picture does, wakes the sender by itself.
func TestSoundDoesNotWaitForPicturesThatStayAway(t *testing.T) {
	for name, change := range map[string]func(q *queue){
		"pictures stay away": func(*queue) { <-time.After(lingerMost) },
		"latency cap":        func(q *queue) { q.latency = time.Second },
		"long frames":        func(q *queue) { q.tracks[1].cadence.last = -128 * ms },
		"no session":         func(q *queue) { q.interrupt(false) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q := testQueue(1<<20, false)
				written(t, q, 1, 0, 300)
				written(t, q, 0, 0, 300)
				popAll(q)
				require.Equal(t, lingerLook, q.idle())
				woken(q)
				change(q)
				written(t, q, 1, 20*ms, 300)
				require.True(t, woken(q))
			})
		})
	}
}

// Sound that came after the sender has looked, and before it sleeps, wakes it.
func TestSoundBetweenLookingAndSleepingWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := testQueue(1<<20, false)
		written(t, q, 0, 0, 300)
		written(t, q, 1, 0, 300)
		popAll(q)
		q.idle()
		woken(q)
		popAll(q) // its timer has rung
		written(t, q, 1, 20*ms, 300)
		require.True(t, woken(q))
	})
}

// Sound that lingers takes no picture the room that it would have had.
func TestLingeringSoundRefusesNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := testQueue(8192, true)
		written(t, q, 1, 0, 100)
		for n := range 10 {
			at := time.Duration(n) * 33 * ms
			written(t, q, 0, at, 8000)
			popAll(q)
			q.idle()
			<-time.After(10 * ms)
			written(t, q, 1, at+20*ms, 400)
			<-time.After(23 * ms)
		}
	})
}

// A writer is woken when there is room for a network write, however large the buffer,
// and one with a small buffer when half of it is empty.
func TestAFullBufferWakesItsWriterForRoom(t *testing.T) {
	for limit, room := range map[int]int{64 << 20: gathered, 100_000: 50_000} {
		synctest.Test(t, func(t *testing.T) {
			const size = 1000
			q := testQueue(limit, false)
			q.endTrack(1)
			ctx, cancel := context.WithCancel(t.Context())
			n := 0
			done := make(chan struct{})
			go func() {
				defer close(done)
				for push(ctx, q, testFrame(0, time.Duration(n), size)) == nil {
					n++
				}
			}()
			synctest.Wait()
			full, sent := n, 0
			for n == full {
				batch, _, _ := q.pop(nil, 1)
				q.finished(batch, nil)
				sent += size
				synctest.Wait()
			}
			require.InDelta(t, room, sent, 2*size)
			cancel()
			<-done
		})
	}
}

// On a slow network a write gathers what goes out in 50 ms.
func TestASlowNetworkGathersLess(t *testing.T) {
	o := DefaultOptions()
	s := &sender{p: &Publisher{options: o}, gathers: gathered}
	require.Equal(t, gathered, s.batchSize())
	s.gather(gathered, time.Second)
	require.Equal(t, gathered/20, s.batchSize())
	s.gather(100, time.Second)
	require.Equal(t, o.OutputPacketSize, s.batchSize())
	s.gather(100, time.Millisecond)
	require.Equal(t, gathered, s.batchSize())
	s.p.options.BitrateAdvice = true
	require.Equal(t, o.OutputPacketSize, s.batchSize())
}
