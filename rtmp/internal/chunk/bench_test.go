package chunk

import (
	"fmt"
	"testing"
)

// BenchmarkAppend lays the chunk headers of a picture of 25 kB, or of a frame of
// sound, as the engine does for each frame: the FLV tag header as the head, the
// payload in one piece, and Reset after each, as after a flush.
// The smaller the chunks, the more it costs: each one is two slices of the vector.
func BenchmarkAppend(b *testing.B) {
	video, audio := make([]byte, 25000), make([]byte, 340)
	for _, c := range []struct {
		name    string
		csid    uint32
		kind    uint8
		head    []byte
		payload [][]byte
	}{
		{"video", 6, 9, []byte{0x27, 1, 0, 0, 0}, [][]byte{video}},
		{"audio", 4, 8, []byte{0xaf, 1}, [][]byte{audio}},
	} {
		for _, size := range []int{128, 4096, 65536} {
			b.Run(fmt.Sprintf("%s/chunk=%d", c.name, size), func(b *testing.B) {
				w := NewWriter()
				w.SetSize(size)
				h := Header{CSID: c.csid, Type: c.kind, StreamID: 1}
				b.SetBytes(int64(len(c.head) + len(c.payload[0])))
				b.ReportAllocs()
				for b.Loop() {
					h.Timestamp += 33
					if err := w.Append(h, c.head, c.payload); err != nil {
						b.Fatal(err)
					}
					w.Reset()
				}
			})
		}
	}
}

// BenchmarkAppendBatch lays the headers of 16 pictures with their sound before it
// resets: what waits behind a slow network goes out together.
func BenchmarkAppendBatch(b *testing.B) {
	const pairs = 16
	video, audio := [][]byte{make([]byte, 25000)}, [][]byte{make([]byte, 340)}
	videoHead, audioHead := []byte{0x27, 1, 0, 0, 0}, []byte{0xaf, 1}
	for _, size := range []int{128, 4096, 65536} {
		b.Run(fmt.Sprintf("chunk=%d", size), func(b *testing.B) {
			w := NewWriter()
			w.SetSize(size)
			v, a := Header{CSID: 6, Type: 9, StreamID: 1}, Header{CSID: 4, Type: 8, StreamID: 1}
			b.SetBytes(pairs * (25000 + 5 + 340 + 2))
			b.ReportAllocs()
			for b.Loop() {
				for range pairs {
					v.Timestamp, a.Timestamp = v.Timestamp+33, a.Timestamp+33
					if err := w.Append(v, videoHead, video); err != nil {
						b.Fatal(err)
					}
					if err := w.Append(a, audioHead, audio); err != nil {
						b.Fatal(err)
					}
				}
				w.Reset()
			}
		})
	}
}
