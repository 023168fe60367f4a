package publish

import (
	"context"
	"testing"
	"time"
)

// benchQueue is a queue of two tracks whose frames go round: it is given one and
// gives it back. Nobody owns their bytes.
type benchQueue struct {
	q     *queue
	ctx   context.Context
	batch []*frame
	limit int // bytes of a batch, as in OutputPacketSize
}

func newBenchQueue(b *testing.B) *benchQueue {
	b.ReportAllocs()
	return &benchQueue{q: testQueue(1<<20, false), ctx: b.Context(), batch: make([]*frame, 0, 16)}
}

// push queues a frame of the track, as Write does.
func (q *benchQueue) push(b *testing.B, track int, dts time.Duration, payload []byte) {
	f, flushes := q.q.take(track)
	f.track, f.dts, f.pts, f.config = track, dts, dts, videoConfigForTest
	if track == 1 {
		f.config = audioConfigForTest
	}
	f.add(payload)
	if what, _, err := q.q.push(q.ctx, f, flushes); err != nil || what != queued {
		b.Fatal(what, err)
	}
}

// send takes what may go now and gives it back as sent, as the sender does.
func (q *benchQueue) send() (n int) {
	for {
		q.batch, _, _ = q.q.pop(q.batch[:0], q.limit)
		if len(q.batch) == 0 {
			return n
		}
		n += len(q.batch)
		q.q.finished(q.batch, nil)
	}
}

// BenchmarkQueue is what the queue costs a frame, without anybody who waits: alone
// on its track, and as a picture with two frames of sound that are put in order by
// their decode times. Nothing of the payload is read, so there are no MB/s.
func BenchmarkQueue(b *testing.B) {
	picture, sound := make([]byte, 25000), make([]byte, 340)
	b.Run("alone", func(b *testing.B) {
		q := newBenchQueue(b)
		q.q.endTrack(1)
		for at := time.Duration(0); b.Loop(); at += 40 * ms {
			q.push(b, 0, at, picture)
			if q.send() != 1 {
				b.Fatal("the frame waits")
			}
		}
	})
	b.Run("interleaved", func(b *testing.B) {
		q := newBenchQueue(b)
		sent, frames := 0, 0
		for at := time.Duration(0); b.Loop(); at += 40 * ms {
			q.push(b, 1, at, sound)
			q.push(b, 0, at, picture)
			q.push(b, 1, at+20*ms, sound)
			sent += q.send()
			frames += 3
		}
		if frames-sent > 1 {
			b.Fatalf("%d of %d frames are left", frames-sent, frames)
		}
	})
	b.Run("burst", func(b *testing.B) { // what comes while a write takes long goes out in a few batches
		q := newBenchQueue(b)
		q.limit = 256 << 10
		for at := time.Duration(0); b.Loop(); {
			for range 16 {
				at += 40 * ms
				q.push(b, 1, at, sound)
				q.push(b, 0, at, picture)
			}
			q.send()
		}
	})
}

// BenchmarkTimelineStamp makes the times of a picture with B frames beside it.
func BenchmarkTimelineStamp(b *testing.B) {
	var l timeline
	var timestamp uint32
	var composition int32
	b.ReportAllocs()
	for dts := time.Duration(0); b.Loop(); dts += 33366667 {
		timestamp, composition = l.stamp(dts, dts+66733333)
	}
	if composition < 66 || composition > 67 {
		b.Fatal(timestamp, composition)
	}
}
