package flvin

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/flv"
)

func TestClock(t *testing.T) {
	for _, c := range []struct {
		name       string
		timestamps []uint32
		want       []int64 // ms
	}{
		{"plain", []uint32{5, 0, 40, 1 << 24}, []int64{5, 0, 40, 1 << 24}},
		{"begins high", []uint32{0xf0000000, 0xf0000028}, []int64{0xf0000000, 0xf0000028}},
		{"32 bits", []uint32{0xfffffff0, 3, 0xfffffffe, 20}, []int64{0xfffffff0, 1<<32 + 3, 0xfffffffe, 1<<32 + 20}},
		{"31 bits", []uint32{0x7ffffff0, 3, 0x7ffffffe, 20}, []int64{0x7ffffff0, 1<<31 + 3, 0x7ffffffe, 1<<31 + 20}},
		{"24 bits", []uint32{0xfffff0, 3, 0xfffffe, 20}, []int64{0xfffff0, 1<<24 + 3, 0xfffffe, 1<<24 + 20}},
		{"beyond 24 and 31 bits", []uint32{0xfffff0, 0x1000003, 0x7ffffff0, 0x80000003}, []int64{0xfffff0, 0x1000003, 0x7ffffff0, 0x80000003}},
		{"begins again", []uint32{3_600_000, 0, 40}, []int64{3_600_000, 0, 40}},
	} {
		var clock clock
		for i, ts := range c.timestamps {
			require.Equal(t, time.Duration(c.want[i])*time.Millisecond, clock.at(ts), "%s: %d", c.name, i)
		}
	}
}

// TestLongRecording goes through several wraps.
func TestLongRecording(t *testing.T) {
	f := build(t, true, true).configs()
	const apart = 1 << 30
	for i := range uint32(20) {
		f.video(i*apart, flv.FrameKey, flv.AVCNALU, 0, 1)
	}
	_, packets := readWhole(t, f.pipe(), 0)
	for i, p := range packets {
		require.Equal(t, int64(i)*apart, p.dts)
	}
	require.Len(t, packets, 20)
}

// tape repeats the tags of a file n times behind its header.
type tape struct {
	file  []byte
	at, n int
}

func (l *tape) Read(p []byte) (int, error) {
	if l.at == len(l.file) && l.n > 0 {
		l.at, l.n = 13, l.n-1
	}
	n, err := bytes.NewReader(l.file[l.at:]).Read(p)
	l.at += n
	return n, err
}

func TestNothingIsAllocatedPerPacket(t *testing.T) {
	s, err := Open(&tape{file: build(t, true, true).configs().gops(9).bytes(), n: 1 << 20}, Options{})
	require.NoError(t, err)
	require.Zero(t, testing.AllocsPerRun(5000, func() {
		p, err := s.Next()
		if err != nil {
			t.Error(err)
			return
		}
		p.Release()
	}))
}

// BenchmarkNext reads pictures of 25 kB.
func BenchmarkNext(b *testing.B) {
	f := build(b, true, true).configs()
	for range 8 {
		f.video(0, flv.FrameInter, flv.AVCNALU, 0, make([]byte, 25000)...)
	}
	s, err := Open(&tape{file: f.bytes(), n: 1 << 30}, Options{})
	require.NoError(b, err)
	b.SetBytes(25000)
	b.ReportAllocs()
	for b.Loop() {
		p, err := s.Next()
		if err != nil {
			b.Fatal(err)
		}
		p.Release()
	}
}
