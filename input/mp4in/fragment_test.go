package mp4in

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// initSegment is a moov without samples, for tracks 1 (video) and 2 (audio).
func initSegment() []byte {
	v, a := video(0), audio(0)
	mvex := bx("mvex", bx("trex", 0, 1, 1, 40, 0, sampleNonSync), bx("trex", 0, 2, 1, 1024, 0, 0))
	moov := bx("moov", bx("mvhd", zeros(12), 1000, zeros(84)), v.trak(1, nil), a.trak(2, nil), mvex)
	return append(bx("ftyp", "isom", 0, "isom"), moov...)
}

// piece is the trun of one track in a fragment, with two samples whose sizes
// are 10 and 11.
func piece(offset int) []byte {
	return bx("trun", runDataOffset|runSize, 2, offset, 10, 11)
}

func data(k, from int) []byte {
	return append(payload(k, from, 10), payload(k, from+1, 11)...)
}

// TestBaseOfDataOffsets: the ways to say where the data of a fragment are.
func TestBaseOfDataOffsets(t *testing.T) {
	head := initSegment()
	tfdt := bx("tfdt", 0, 80)
	moofBase, noBase := 0x020000, 0
	for name, moof := range map[string]func(at, size int) []byte{
		"default-base-is-moof": func(at, size int) []byte {
			return bx("moof",
				bx("traf", bx("tfhd", moofBase, 1), tfdt, piece(size+8)),
				bx("traf", bx("tfhd", moofBase, 2), piece(size+8+21)))
		},
		"base-data-offset": func(at, size int) []byte {
			return bx("moof",
				bx("traf", bx("tfhd", 1, 1, uint64(at)), tfdt, piece(size+8)),
				bx("traf", bx("tfhd", 1, 2, uint64(at+size+8)), piece(21)))
		},
		"the end of the track before": func(at, size int) []byte {
			return bx("moof",
				bx("traf", bx("tfhd", noBase, 1), tfdt, piece(size+8)),
				bx("traf", bx("tfhd", noBase, 2), bx("trun", runSize, 2, 10, 11)))
		},
		"runs behind each other": func(at, size int) []byte {
			return bx("moof",
				bx("traf", bx("tfhd", moofBase, 1), tfdt, bx("trun", runDataOffset|runSize, 1, size+8, 10), bx("trun", runSize, 1, 11)),
				bx("traf", bx("tfhd", noBase, 2), piece(0)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			size := len(moof(0, 0))
			file := append(append([]byte{}, head...), moof(len(head), size)...)
			file = append(file, bx("mdat", data(0, 0), data(1, 0))...)
			got, damage := readAll(t, open(t, file, 0))
			require.Empty(t, damage)
			require.Len(t, got, 4)
			require.Equal(t, []int64{80, 120}, decodeTimes(got, 0))
			for k := range 2 {
				i := firstOf(got, k)
				require.Equal(t, payload(k, 0, 10), got[i].data)
				require.Equal(t, payload(k, 1, 11), got[i+1].data)
			}
		})
	}
}

func TestFragmentDefaultsAndFlags(t *testing.T) {
	head := initSegment()
	// Times go on without tfdt; first-sample-flags mark the sync sample.
	first := bx("moof", bx("traf",
		bx("tfhd", 0x020000|0x8|0x10, 1, 50, 7),
		bx("tfdt", 1<<24, uint64(1000)),
		bx("trun", runDataOffset|runFirstFlags, 3, 100, 0)))
	second := bx("moof", bx("traf",
		bx("tfhd", 0x020000|0x10|0x20, 1, 5, 0),
		bx("trun", 1<<24|runDataOffset|runDelta|runFlags|runComposition, 2, 0,
			10, sampleDependsOn, 20, 10, 0, -10)))
	file := append(append(append(head, first...), second...), zeros(200)...)
	got, damage := readAll(t, open(t, file, 0))
	require.Empty(t, damage)
	require.Equal(t, []int64{1000, 1050, 1100, 1170, 1150}, times(got, 0)[:5])
	var keys []bool
	for _, p := range got {
		keys = append(keys, p.Keyframe)
	}
	require.Equal(t, []bool{true, false, false, false, true}, keys)
	require.Equal(t, int64(990), decodeTimes(got, 0)[0], "10 ms for the negative offset")
	require.Equal(t, []int{7, 7, 7, 5, 5}, sizesOf(got))
}

func sizesOf(all []packet) (sizes []int) {
	for _, p := range all {
		sizes = append(sizes, len(p.data))
	}
	return sizes
}

// TestLateNegativeOffset: an offset more negative than the first samples showed
// still leaves no packet that is shown before it is decoded.
func TestLateNegativeOffset(t *testing.T) {
	file := initSegment()
	for i := range firstSamples + 2 {
		offset := 0
		if i == firstSamples+1 {
			offset = -30
		}
		file = append(file, bx("moof", bx("traf", bx("tfhd", 0x020000, 1), bx("tfdt", 0, 40*i),
			bx("trun", runDataOffset|runSize|runComposition, 1, 0, 5, offset)))...)
	}
	got, _ := readAll(t, open(t, file, 0))
	require.Len(t, got, firstSamples+2)
	last := got[len(got)-1]
	require.Equal(t, last.PTS, last.DTS)
}

func TestFragmentedDuration(t *testing.T) {
	file := initSegment()
	frag := func(dts int) []byte {
		return append(bx("moof", bx("traf", bx("tfhd", 0x020000, 1), bx("tfdt", 0, dts), piece(80))), bx("mdat", zeros(21))...)
	}
	file = append(append(file, frag(5000)...), frag(9000)...)
	require.Equal(t, 4080*ms, open(t, file, 0).Duration(), "from the first time, at 5 s, to the end of the last frame")
	require.Equal(t, 25.0, open(t, append(initSegment(), frag(0)...), 0).Tracks()[0].FrameRate)
	require.Equal(t, time.Duration(0), open(t, initSegment(), 0).Duration(), "no fragment")
	// Without tfdt nobody knows.
	file = append(initSegment(), bx("moof", bx("traf", bx("tfhd", 0x020000, 1), piece(0)))...)
	require.Zero(t, open(t, file, 0).Duration())
}

// TestDurationToldInAdvance: mehd spares looking for the last fragment.
func TestDurationToldInAdvance(t *testing.T) {
	v := video(0)
	for version, mehd := range [][]byte{bx("mehd", 0, 90_000), bx("mehd", 1<<24, uint64(90_000))} {
		moov := bx("moov", bx("mvhd", zeros(12), 1000, zeros(84)), v.trak(1, nil), bx("mvex", mehd))
		require.Equal(t, 90*time.Second, open(t, moov, 0).Duration(), "version %d", version)
	}
}

// TestBrokenRuns: counts that the file has no room for allocate nothing and end
// the track.
func TestBrokenRuns(t *testing.T) {
	for _, c := range []struct {
		name string
		traf []byte
		want string
		left int
	}{
		{"billions of entries", bx("traf", bx("tfhd", 0x020000, 1), bx("trun", runSize, -1, 5)), "no room for its 4294967295 samples", 0},
		{"billions of one size", bx("traf", bx("tfhd", 0x020010, 1, 600), bx("trun", 0, -1)), "cut off", 2},
		{"billions of no size", bx("traf", bx("tfhd", 0x020000, 1), bx("trun", 0, -1)), "", 0},
		{"half a tfhd", bx("traf", bx("tfhd", 0x020000)), "only 4 bytes", 0},
		{"no tfhd", bx("traf", bx("trun", 0, 1)), "no tfhd", 0},
		{"half a trun", bx("traf", bx("tfhd", 0x020000, 1), bx("trun", runDataOffset, 1)), "only 8 bytes", 0},
		{"a box too long", bx("traf", bx("tfhd", 0x020000, 1), []byte{0, 0, 9, 9, 't', 'r', 'u', 'n'}), "longer than", 0},
		{"data nowhere", bx("traf", bx("tfhd", 1, 1, uint64(1<<63)), bx("trun", 0, 1)), "data at byte", 0},
		{"decoded nowhere", bx("traf", bx("tfhd", 0x020000, 1), bx("tfdt", 1<<24, uint64(1<<63))), "decode time", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := append(initSegment(), bx("moof", c.traf)...)
			file = append(file, zeros(1200-(len(file)-bytes.Index(file, []byte("moof"))+4))...)
			got, damage := readAll(t, open(t, file, 0))
			require.Len(t, got, c.left)
			if c.want == "" {
				require.Empty(t, damage)
				return
			}
			require.Len(t, damage, 1)
			require.ErrorContains(t, damage[0], c.want)
		})
	}
}
