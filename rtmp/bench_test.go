package rtmp

import (
	"testing"

	"rtmpwriter/rtmp/rtmptest"
)

// BenchmarkFlush sends to a receiver on loopback that discards. A message is 25
// KB of video, the mean of 6 Mbit/s at 30 frames a second.
func BenchmarkFlush(b *testing.B) {
	for _, c := range []struct {
		name  string
		cfg   Config
		batch int
	}{
		{"64KiB chunks", Config{}, 1},
		{"64KiB chunks, 16 messages", Config{}, 16},
		{"4KiB chunks", Config{ChunkSize: 4096}, 1},
		{"128B chunks", Config{ChunkSize: 128}, 1},
	} {
		b.Run(c.name, func(b *testing.B) {
			conn, _ := start(b, rtmptest.NewServer(b, discarding()), c.cfg)
			m := video(0, 25000)
			b.SetBytes(int64(m.Size() * c.batch))
			b.ReportAllocs()
			for b.Loop() {
				for range c.batch {
					m.Timestamp += 33
					if err := conn.Append(m); err != nil {
						b.Fatal(err)
					}
				}
				if err := conn.Flush(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkAppend is the cost of a message without the system call.
func BenchmarkAppend(b *testing.B) {
	conn, _ := start(b, rtmptest.NewServer(b, rtmptest.Script{}), Config{})
	m := video(0, 25000)
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if err := conn.Append(m); err != nil {
			b.Fatal(err)
		}
		if n%64 == 0 {
			conn.discard()
		}
	}
}
