package media

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// units are n slices of one picture, 25 kB in all. Coded pictures look like noise;
// without zeros there is no start code in them.
func units(n int) (nals [][]byte) {
	noise := rand.New(rand.NewPCG(1, 2))
	for range n {
		nal := []byte{0x65}
		for range 25_000 / n {
			nal = append(nal, byte(1+noise.IntN(255)))
		}
		nals = append(nals, nal)
	}
	return nals
}

func annexB(nals [][]byte) (au []byte) {
	for _, nal := range nals {
		au = append(append(au, 0, 0, 0, 1), nal...)
	}
	return au
}

func lengthPrefixed(nals [][]byte) (au []byte) {
	for _, nal := range nals {
		au = append(binary.BigEndian.AppendUint32(au, uint32(len(nal))), nal...)
	}
	return au
}

// BenchmarkSplit cuts a picture of 25 kB. Lengths are read and the rest passed over,
// so that the MB/s of those mean nothing.
func BenchmarkSplit(b *testing.B) {
	for _, framing := range []struct {
		name string
		join func([][]byte) []byte
		cut  func(dst [][]byte, au []byte) ([][]byte, error)
	}{
		{"annexb", annexB, func(dst [][]byte, au []byte) ([][]byte, error) { return AppendAnnexB(dst, au), nil }},
		{"lengths", lengthPrefixed, func(dst [][]byte, au []byte) ([][]byte, error) { return AppendLengthPrefixed(dst, au, 4) }},
	} {
		for _, frame := range []struct {
			name   string
			slices int
		}{{"1slice", 1}, {"8slices", 8}} {
			b.Run(framing.name+"/"+frame.name, func(b *testing.B) {
				au := framing.join(units(frame.slices))
				var nals [][]byte
				var err error
				b.SetBytes(int64(len(au)))
				b.ReportAllocs()
				for b.Loop() {
					if nals, err = framing.cut(nals[:0], au); err != nil {
						b.Fatal(err)
					}
				}
				if len(nals) != frame.slices {
					b.Fatalf("%d NAL units", len(nals))
				}
			})
		}
	}
}

// BenchmarkAppendAnnexB is the worst that a picture can do: a lone 01 every four
// bytes stops the search for start codes over and over.
func BenchmarkAppendAnnexB(b *testing.B) {
	au := append([]byte{0, 0, 0, 1, 0x65}, bytes.Repeat([]byte{0xa5, 0, 7, 1}, 25000)...)
	var nals [][]byte
	b.SetBytes(int64(len(au)))
	b.ReportAllocs()
	for b.Loop() {
		nals = AppendAnnexB(nals[:0], au)
	}
}
