package rawin

import (
	"io"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

// tape repeats a stream for ever.
type tape struct {
	stream []byte
	at     int
}

func (l *tape) Read(p []byte) (int, error) {
	if l.at == len(l.stream) {
		l.at = 0
	}
	n := copy(p, l.stream[l.at:])
	l.at += n
	return n, nil
}

// noise looks like what is coded; without zeros there is no start code in it.
func noise(n int) (b []byte) {
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		b = append(b, byte(1+r.IntN(255)))
	}
	return b
}

// annexB is x264's baseline stream, each slice filled up to 25 kB: nobody reads
// what is behind its header.
func annexB(b *testing.B) (stream []byte) {
	filler := noise(25_000)
	for _, nal := range media.AppendAnnexB(nil, load(b, h264Dir+"baseline.h264")) {
		stream = append(append(stream, 0, 0, 0, 1), nal...)
		if kind := media.NALType(nal); kind == media.NALSlice || kind == media.NALIDR {
			stream = append(stream, filler[len(nal):]...)
		}
	}
	return stream
}

// adts is a second of AAC LC, 48 kHz stereo, 128 kbit/s.
func adts() (stream []byte) {
	raw := noise(340)
	n := len(raw) + 7
	for range 47 {
		stream = append(stream, 0xff, 0xf1, 0x4c, 0x80|byte(n>>11), byte(n>>3), byte(n)<<5|0x1f, 0xfc)
		stream = append(stream, raw...)
	}
	return stream
}

// BenchmarkNext reads one packet from a pipe: a picture of 25 kB, or a frame of
// sound.
func BenchmarkNext(b *testing.B) {
	pictures := annexB(b)
	for _, c := range []struct {
		name         string
		video, audio io.Reader
		size         int64
	}{
		{"annexb", &tape{stream: pictures}, nil, 25_000},
		{"adts", nil, &tape{stream: adts()}, 347},
	} {
		b.Run(c.name, func(b *testing.B) {
			s, err := Open(c.video, c.audio, Options{})
			require.NoError(b, err)
			b.SetBytes(c.size)
			b.ReportAllocs()
			for b.Loop() {
				p, err := s.Next()
				if err != nil {
					b.Fatal(err)
				}
				p.Release()
			}
			require.NoError(b, s.Close())
		})
	}
}
