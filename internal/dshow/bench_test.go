//go:build !race

package dshow

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"rtmpwriter/internal/com"
	"rtmpwriter/media"
)

// noise is n IDR pictures of 25 kB with their parameter sets, that look coded: a byte
// of each value is as likely as any other, but zeros, so that there is no start code
// within. Filler, or always the same picture, would flatter the search for start
// codes: it stops at every 01, and the processor learns where these are.
func noise(n int, lengths bool) (samples [][]byte) {
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		samples = append(samples, noisy(r, lengths))
	}
	return samples
}

func noisy(r *rand.Rand, lengths bool) (sample []byte) {
	slice := []byte{0x65, 0x88, 1, 0x80}
	for range 25000 {
		slice = append(slice, byte(1+r.IntN(255)))
	}
	for _, unit := range [][]byte{sps, pps, slice} {
		before := uint32(1) // the start code 00 00 00 01
		if lengths {
			before = uint32(len(unit))
		}
		sample = append(binary.BigEndian.AppendUint32(sample, before), unit...)
	}
	return sample
}

// ownWork collects what a sample took on average of each batch, in nanoseconds: in
// Receive, and in a bare copy of the same bytes.
type ownWork struct{ receive, copied []float64 }

// report tells medians: another program that gets the core in between would
// otherwise be taken for work of ours.
func (w *ownWork) report(b *testing.B) {
	slices.Sort(w.receive)
	slices.Sort(w.copied)
	receive, copied := w.receive[len(w.receive)/2], w.copied[len(w.copied)/2]
	b.ReportMetric(receive, "ns/op")
	b.ReportMetric(copied, "copy-ns/op")
	b.ReportMetric(receive-copied, "own-ns/op")
}

// BenchmarkReceiveOwnWork is what the caller of Receive pays for a picture of 25 kB
// while the output buffer has room, besides the copy that cannot be spared. Paced,
// the sender sleeps and is woken by each sample, as by those of a live source; in a
// burst it is at work beside the caller. Between batches the buffer is drained,
// which is not counted.
func BenchmarkReceiveOwnWork(b *testing.B) {
	for _, framing := range []struct {
		name    string
		lengths bool
	}{{"annexb", false}, {"lengths", true}} {
		for _, pace := range []struct {
			name  string
			batch int
		}{{"paced", 1}, {"burst", 64}} {
			b.Run(framing.name+"/"+pace.name, func(b *testing.B) { receiveBatches(b, noise(16, framing.lengths), pace.batch) })
		}
	}
}

// receiveBatches delivers the pictures in turns, one an op, a batch at a time.
func receiveBatches(b *testing.B, pictures [][]byte, batch int) {
	size := len(pictures[0])
	r := begun(b, 2*batch*size, pictures[0]) // room for a batch: Receive never waits
	r.EndOfStream(audio)                     // and no picture for its sound
	buffers := make([]*media.Buffer, batch)
	for i := range buffers {
		buffers[i] = media.GetBuffer(size)
	}
	s := Sample{HasStart: true, HasStop: true}
	w := ownWork{make([]float64, 0, 1<<20), make([]float64, 0, 1<<20)}
	b.ReportAllocs() // the one that a batch has is Drain's
	for n := 0; b.Loop(); n++ {
		if n%batch > 0 {
			continue
		}
		start := time.Now()
		for i := range batch {
			s.Data = pictures[(n+i)%len(pictures)]
			s.Start += 400_000
			s.Stop = s.Start + 400_000
			if r.Receive(video, &s) != com.OK {
				b.Fatal("refused")
			}
		}
		delivered := time.Now()
		if err := r.session.pub.Drain(b.Context()); err != nil {
			b.Fatal(err)
		}
		drained := time.Now()
		for i, to := range buffers {
			copy(to.B, pictures[(n+i)%len(pictures)])
		}
		w.copied = append(w.copied, float64(time.Since(drained))/float64(batch))
		w.receive = append(w.receive, float64(delivered.Sub(start))/float64(batch))
	}
	w.report(b)
}
