package mp4in

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

func read(name string) []byte {
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		panic(err)
	}
	return b
}

// faststart moves the moov of a file made by build before the mdat.
func faststart(file []byte) []byte {
	at := bytes.Index(file, []byte("moov")) - 4
	mdat := bytes.Index(file, []byte("mdat")) - 4
	moov := bytes.Clone(file[at:])
	shift := uint32(len(moov))
	for from := 0; ; {
		i := bytes.Index(moov[from:], []byte("stco"))
		if i < 0 {
			break
		}
		from += i + 4
		for n := range int(binary.BigEndian.Uint32(moov[from+4:])) {
			p := moov[from+8+4*n:]
			binary.BigEndian.PutUint32(p, binary.BigEndian.Uint32(p)+shift)
		}
	}
	return append(append(bytes.Clone(file[:mdat]), moov...), file[mdat:at]...)
}

// TestCutFiles cuts a file at every length: Open refuses it, or all samples
// that are whole come, then one damage, then the end.
func TestCutFiles(t *testing.T) {
	whole := faststart(build(video(4), audio(8)))
	for n := range len(whole) {
		s, err := Open(readerOf(whole[:n]), int64(n), Options{})
		if err != nil {
			var damage *media.DamageError
			require.ErrorAs(t, err, &damage, "cut at %d", n)
			continue
		}
		got, damage := readAll(t, s)
		require.Len(t, damage, 1, "cut at %d", n)
		require.LessOrEqual(t, damage[0].Offset, int64(n))
		require.ErrorContains(t, damage[0], "cut off: the file is incomplete")
		sum := 0
		for _, p := range got {
			sum += len(p.data)
		}
		require.Less(t, n-bytes.Index(whole, []byte("mdat"))-4-sum, 220, "cut at %d: at most a sample of each track is missing", n)
	}
}

func TestCutFragments(t *testing.T) {
	whole := read("fragmented.mp4")
	all, _ := readAll(t, open(t, whole, 0))
	for n := 0; n < len(whole); n += 5 { // every length takes too long
		s, err := Open(readerOf(whole[:n]), int64(n), Options{})
		if err != nil {
			continue
		}
		got, damage := readAll(t, s)
		require.LessOrEqual(t, len(damage), 1)
		require.LessOrEqual(t, len(got), len(all))
	}
}

func TestNoMoov(t *testing.T) {
	for _, c := range []struct {
		file []byte
		want string
	}{
		{nil, "no MP4 box"},
		{[]byte("hello, world: no boxes here"), "longer"},
		{bx("ftyp", "isom", 0), "no moov in the file"},
		{append(bx("ftyp", "isom", 0), bx("mdat", zeros(99))...), "no moov in the file"},
		{append(bx("styp", "msdh", 0), bx("moof")...), "initialization segment"},
		{[]byte{0, 0, 0, 3, 'm', 'o', 'o', 'v'}, "a size of 3 bytes"},
		{bx("moov", bx("cmov")), "compressed moov"},
		{bx("moov"), "no video and no audio"},
	} {
		_, err := Open(readerOf(c.file), int64(len(c.file)), Options{})
		require.Error(t, err)
		if c.want != "longer" {
			require.ErrorContains(t, err, c.want)
		}
	}
}

// TestBrokenTables: a table that breaks ends its own track with damage; the
// other track goes on.
func TestBrokenTables(t *testing.T) {
	for _, c := range []struct {
		name  string
		want  string
		spoil func(v *testTrack)
		left  int // packets of video
	}{
		{"sizes for fewer samples", "sizes for 3 of 9", func(v *testTrack) {
			v.noSizes = true
			v.stbl = bx("stsz", 0, 0, 9, 100, 101, 102)
		}, 3},
		{"durations for fewer samples", "durations for 4 of 9", func(v *testTrack) { v.deltas = []int{40, 40, 40, 40} }, 4},
		{"no sizes", "", func(v *testTrack) { v.noSizes = true }, 0},
		{"billions of constant size", "durations for 9 of", func(v *testTrack) {
			v.noSizes, v.perChunk = true, 1<<31-1
			v.stbl = bx("stsz", 0, 1, -1)
		}, 9},
		{"a sample of gigabytes", "more than", func(v *testTrack) { v.noSizes, v.stbl = true, bx("stsz", 0, -2, 9) }, 0},
		{"no such description", "a sample of description 7", func(v *testTrack) { v.descs = []int{7} }, 0},
		{"description 0 is the first", "", func(v *testTrack) { v.descs = []int{0} }, 9},
		{"billions of sync samples", "", func(v *testTrack) { v.stbl = bx("stss", 0, -1, 1) }, 9},
		{"billions of offsets", "", func(v *testTrack) { v.stbl = bx("ctts", 0, -1, -1, 40) }, 9},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := video(9)
			c.spoil(&v)
			file := build(v, audio(20))
			got, damage := readAll(t, open(t, file, 0))
			if c.want == "" {
				require.Empty(t, damage)
			} else {
				require.Len(t, damage, 1)
				require.ErrorContains(t, damage[0], c.want)
			}
			require.Len(t, times(got, 0), c.left)
			require.Len(t, times(got, 1), 20)
		})
	}
}

func TestEmptySamplesAreLeftOut(t *testing.T) {
	v := video(5)
	v.sizes[2] = 0
	got, damage := readAll(t, open(t, build(v), 0))
	require.Empty(t, damage)
	require.Equal(t, []int64{0, 40, 120, 160}, times(got, 0))
}

type failing struct {
	io.ReaderAt
	from int64
}

var errDisk = errors.New("the disk is on fire")

func (f failing) ReadAt(p []byte, at int64) (int, error) {
	if at+int64(len(p)) > f.from {
		return 0, errDisk
	}
	return f.ReaderAt.ReadAt(p, at)
}

// TestReadErrorsAreFinal: a disk that fails is not a damaged file.
func TestReadErrorsAreFinal(t *testing.T) {
	file := faststart(build(video(200)))
	s, err := Open(failing{readerOf(file), int64(len(file)) - 10000}, int64(len(file)), Options{})
	require.NoError(t, err)
	for {
		p, err := s.Next()
		if err != nil {
			require.ErrorIs(t, err, errDisk)
			break
		}
		p.Release()
	}
	_, err = s.Next()
	require.ErrorIs(t, err, errDisk)
}
