package tsin

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

// FuzzOpen reads any bytes, as a file and as a pipe.
func FuzzOpen(f *testing.F) {
	f.Add(load(f, "plain.ts"), false, int64(0))
	f.Add(load(f, "lengths.ts"), true, int64(100*time.Millisecond))
	f.Add(load(f, "wrap.ts")[:4000], true, int64(time.Minute)) // a start far beyond a truncated end
	m := newMuxer(f, both())
	m.tables()
	f.Add(append(m.bytes(), bytes.Repeat([]byte{syncByte, 0x40, 0, 0x30, 0xff}, 99)...), false, int64(0)) // adaptation fields longer than packets
	f.Fuzz(func(t *testing.T, stream []byte, seek bool, start int64) {
		r := pipe(stream)
		if seek {
			r = bytes.NewReader(stream)
		}
		s, err := Open(r, Options{Start: time.Duration(start)})
		if err != nil {
			return
		}
		require.NotEmpty(t, s.Tracks())
		last := map[int]time.Duration{}
		for range 2*len(stream) + 2 {
			p, err := s.Next()
			var d *media.DamageError
			if errors.As(err, &d) {
				continue
			}
			if err != nil {
				require.NotErrorIs(t, err, io.ErrUnexpectedEOF)
				require.NoError(t, s.Close())
				return
			}
			before, begun := last[p.Track]
			require.True(t, !begun || p.DTS > before)
			require.LessOrEqual(t, p.DTS, p.PTS)
			last[p.Track] = p.DTS
			p.Release()
		}
		t.Fatal("it does not end")
	})
}

// FuzzTables reads any packets as program tables.
func FuzzTables(f *testing.F) {
	f.Add(load(f, "plain.ts")[:4*packetSize])
	m := newMuxer(f, both())
	m.tables()
	f.Add(append(m.bytes(), longMap(f, 60)...)) // a map of several packets
	f.Fuzz(func(_ *testing.T, stream []byte) {
		tables := newTables()
		for _, raw := range packets(stream) {
			raw = bytes.Clone(raw)
			raw[0], raw[1], raw[3] = syncByte, raw[1]&0x5f, raw[3]|0x10
			tables.add(raw, parsePacket(raw))
		}
		for _, pmt := range tables.known {
			_, _ = choose(pmt)
		}
	})
}

// BenchmarkNext reads a stream of small pictures and their sound, 1650 packets, from its
// beginning to its end.
func BenchmarkNext(b *testing.B) {
	stream := long(b, 30)
	b.SetBytes(int64(len(stream)))
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		s := open(b, pipe(stream), Options{})
		for {
			p, err := s.Next()
			if err != nil {
				break
			}
			n++
			p.Release()
		}
	}
	b.ReportMetric(float64(n)/float64(b.N), "packets/op")
}
