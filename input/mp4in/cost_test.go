package mp4in

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

// costly are small files that once kept Open busy for seconds, or for ever, n
// times as many boxes as the fuzzer's seeds have.
func costly(n int) map[string][]byte {
	file := func(boxes ...any) []byte { return append(initSegment(), bx("moof", boxes...)...) }
	times := func(many int, b []byte) []byte { return bytes.Repeat(b, many) }
	fragments := func(many int, boxes ...any) []byte {
		return append(initSegment(), times(many, bx("moof", boxes...))...)
	}
	wholeEsds := audio(1)
	wholeEsds.entries = [][]byte{sound("mp4a", bx("esds", 0, times(50_000*n, []byte{6, 0})))}
	return map[string][]byte{
		// The end of data was not known as 0, but 0 meant that it was not known:
		// each traf asked all before it, twice as much work for each more.
		"data that end at byte 0": file(
			bx("traf", bx("tfhd", 1, 1, uint64(0))), times(100, bx("traf", bx("tfhd", 0, 1)))),
		// Each run of 20 bytes claimed the whole file, a sample a byte.
		"runs at the same place": file(
			bx("traf", bx("tfhd", 0x020010, 1, 1), bx("tfdt", 0, 0), times(400*n, bx("trun", runDataOffset, -1, 0)))),
		// The same in another track, whose end the first one had to find.
		"runs of another track": fragments(100*n,
			bx("traf", bx("tfhd", 0x020010, 9, 1), bx("trun", runDataOffset, -1, 0)), bx("traf", bx("tfhd", 0, 1))),
		// Each traf walked the entries of all before it.
		"entries of many trafs": file(times(120,
			bx("traf", bx("tfhd", 0, 1), bx("trun", runFlags, 400*n, zeros(1600*n))))),
		// The library takes two seconds for a megabyte of empty descriptors.
		"empty descriptors": build(wholeEsds),
	}
}

// tooSlow is far above the milliseconds that each takes, for busy machines and
// the race detector, and below what each took.
const tooSlow = 20 * time.Second

// TestCostIsBoundedByTheSize opens files that once cost more than their bytes,
// at their start and elsewhere.
func TestCostIsBoundedByTheSize(t *testing.T) {
	for name, file := range costly(10) {
		for _, start := range []time.Duration{0, time.Nanosecond, 500 * time.Millisecond} {
			begun := time.Now()
			s, err := Open(readerOf(file), int64(len(file)), Options{Start: start})
			for n := 0; err == nil; n++ {
				require.LessOrEqual(t, n, 3*len(file)+3, name)
				var p media.Packet
				if p, err = s.Next(); errors.As(err, new(*media.DamageError)) {
					err = nil
					continue
				}
				p.Release()
			}
			if errors.Is(err, io.EOF) {
				require.NotNil(t, s)
			}
			require.Less(t, time.Since(begun), tooSlow, "%s, start %s", name, start)
		}
	}
}

// TestOverlappingRuns: what lies within the file comes, then one damage.
func TestOverlappingRuns(t *testing.T) {
	run := bx("trun", runDataOffset, 10, 0)
	file := append(initSegment(), bx("moof", bx("traf", bx("tfhd", 0x020010, 1, 100), bx("tfdt", 0, 0), bytes.Repeat(run, 9)))...)
	file = append(file, zeros(2500-len(file))...)
	got, damage := readAll(t, open(t, file, 0))
	require.Len(t, got, 30, "two runs have 2000 bytes, so a third may come")
	require.Len(t, damage, 1)
	require.ErrorContains(t, damage[0], "samples of the fragments overlap")
}

// TestEndsOfEarlierTrafs: the end of the data before is found behind trafs with
// bases of their own, one at byte 0 too.
func TestEndsOfEarlierTrafs(t *testing.T) {
	sizes := bx("trun", runSize, 2, 10, 11)
	traf := func(id int, boxes ...any) []byte { return bx("traf", append([]any{bx("tfhd", 0, id)}, boxes...)...) }
	at := func(id, base int, boxes ...any) []byte {
		return bx("traf", append([]any{bx("tfhd", 1, id, uint64(base))}, boxes...)...)
	}
	for name, c := range map[string]struct {
		trafs []any
		want  int // place of track 1's first sample
	}{
		"behind one":         {[]any{at(2, 200, sizes), traf(1, sizes)}, 221},
		"behind two":         {[]any{at(2, 200, sizes), traf(2, sizes), traf(1, sizes)}, 242},
		"behind a default":   {[]any{bx("traf", bx("tfhd", 0x11, 2, uint64(200), 7), bx("trun", 0, 3)), traf(1, sizes)}, 221},
		"behind an empty":    {[]any{at(2, 0), traf(1, sizes)}, 0},
		"behind its own":     {[]any{at(1, 300), traf(2, sizes), traf(1, sizes)}, 321},
		"a box in between":   {[]any{at(2, 200, sizes), bx("free", 1), traf(1, sizes)}, 221},
		"the second of both": {[]any{at(1, 200), traf(2, sizes), at(2, 400, sizes), traf(1, sizes)}, 421},
	} {
		file := append(append(initSegment(), bx("moof", c.trafs...)...), zeros(100)...)
		for i := range file[len(file)-100:] {
			file[len(file)-100+i] = byte(i)
		}
		got, damage := readAll(t, open(t, file, 0))
		require.Empty(t, damage, name)
		first := got[firstOf(got, 0)]
		require.Equal(t, file[c.want:c.want+10], first.data, name)
	}
}

// TestDescriptionsAreBounded refuses more than all tracks together may have.
func TestDescriptionsAreBounded(t *testing.T) {
	named := bx("trak",
		bx("tkhd", 1, 0, 0, 1, zeros(24), zeros(36), 0, 0),
		bx("mdia", bx("mdhd", 0, 0, 0, 1000, 0, 0), bx("hdlr", 0, 0, "text", zeros(maxSmallBox-12))))
	for n, want := range map[int]string{3: "no video and no audio", 4: "more than 4194304 bytes"} {
		file := bx("moov", bytes.Repeat(named, n))
		_, err := Open(readerOf(file), int64(len(file)), Options{})
		require.ErrorContains(t, err, want)
	}
}
