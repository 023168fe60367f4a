package film

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/flv"
)

// small is a film with all that an FLV file has: metadata, sequence headers, frames
// beyond the 24 bits of a timestamp, and the mark at the end of a sequence.
var small = []Tag{
	{Kind: 18, Body: []byte{2, 0, 10, 'o', 'n', 'M', 'e', 't', 'a', 'D', 'a', 't', 'a', 5}},
	{Kind: 9, Body: []byte{0x17, 0, 0, 0, 0, 1, 0x64, 0, 0x28}},
	{Kind: 8, Body: []byte{0xaf, 0, 0x11, 0x90}},
	{Kind: 9, Body: append([]byte{0x17, 1, 0, 0, 0}, make([]byte, 70_000)...)},
	{Kind: 8, Timestamp: 21, Body: []byte{0xaf, 1, 0x21}},
	{Kind: 9, Timestamp: 1<<24 - 1, Body: []byte{0x27, 1, 0, 0, 33, 1}},
	{Kind: 9, Timestamp: 1 << 24, Body: []byte{0x27, 1, 0, 0, 0, 2}},
	{Kind: 8, Timestamp: 0xfedcba98, Body: []byte{0xaf, 1, 0x22}},
	{Kind: 9, Timestamp: 0xfedcba99, Body: []byte{0x17, 2, 0, 0, 0}},
	{Kind: 8, Timestamp: 0xfedcba99},
}

// inFile writes tags to a file.
func inFile(t *testing.T, tags []Tag) (name string) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "small.flv")
	f, err := os.Create(name)
	require.NoError(t, err)
	w, err := flv.NewWriter(f, true, true)
	require.NoError(t, err)
	for _, tag := range tags {
		require.NoError(t, w.WriteTag(flv.TagType(tag.Kind), tag.Timestamp, tag.Body))
	}
	require.NoError(t, f.Close())
	return name
}

// frameTags are the tags of small that are frames or sequence headers.
func frameTags() []Tag { return small[1:8] }

func TestNext(t *testing.T) {
	r, err := Open(inFile(t, small))
	require.NoError(t, err)
	for i, want := range small {
		got, err := r.Next()
		require.NoError(t, err)
		require.Equal(t, want.Kind, got.Kind)
		require.Equal(t, want.Timestamp, got.Timestamp)
		require.Equal(t, string(want.Body), string(got.Body))
		require.Equal(t, i == 1 || i == 2, got.Header(), "tag %d", i)
	}
	_, err = r.Next()
	require.Equal(t, io.EOF, err)
	require.NoError(t, r.Close())
}

func TestLoad(t *testing.T) {
	tags, err := Load(inFile(t, small))
	require.NoError(t, err)
	require.Equal(t, frameTags(), tags)
}

func TestFrames(t *testing.T) {
	n, err := Frames(inFile(t, small))
	require.NoError(t, err)
	require.Equal(t, len(frameTags()), n)
	n, err = Frames(inFile(t, nil))
	require.NoError(t, err)
	require.Zero(t, n)
}

func TestFrameAndHeader(t *testing.T) {
	for _, c := range []struct {
		name          string
		tag           Tag
		frame, header bool
	}{
		{"metadata", Tag{Kind: 18, Body: []byte{2, 0, 10}}, false, false},
		{"sequence header of video", Tag{Kind: 9, Body: []byte{0x17, 0}}, true, true},
		{"sequence header of audio", Tag{Kind: 8, Body: []byte{0xaf, 0}}, true, true},
		{"picture", Tag{Kind: 9, Body: []byte{0x27, 1}}, true, false},
		{"sound", Tag{Kind: 8, Body: []byte{0xaf, 1}}, true, false},
		{"end of the sequence", Tag{Kind: 9, Body: []byte{0x17, 2}}, false, false},
		{"nothing", Tag{Kind: 9}, false, false},
		{"a byte", Tag{Kind: 9, Body: []byte{0x17}}, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.frame, c.tag.frame())
			require.Equal(t, c.header, c.tag.Header())
		})
	}
}

// all reads a file to its end.
func all(name string) (n int, err error) {
	r, err := Open(name)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	for {
		if _, err := r.Next(); err != nil {
			return n, err
		}
		n++
	}
}

func TestEndsWithinATag(t *testing.T) {
	short := slices.Clone(small[:3])
	whole, err := os.ReadFile(inFile(t, short))
	require.NoError(t, err)
	ends := map[int]int{fileHeader: 0} // the tags before each place where one may end
	at := fileHeader
	for i, tag := range short {
		at += tagHeader + len(tag.Body) + trailer
		ends[at] = i + 1
	}
	name := filepath.Join(t.TempDir(), "cut.flv")
	for cut := fileHeader; cut <= len(whole); cut++ {
		require.NoError(t, os.WriteFile(name, whole[:cut], 0o600))
		n, err := all(name)
		tags, loaded := Load(name)
		counted, frames := Frames(name)
		if want, sound := ends[cut]; sound {
			require.Equal(t, io.EOF, err, "cut at %d", cut)
			require.Equal(t, want, n)
			require.NoError(t, loaded)
			require.NoError(t, frames)
			require.Len(t, tags, counted)
			continue
		}
		require.ErrorIs(t, err, io.ErrUnexpectedEOF, "cut at %d", cut)
		require.ErrorIs(t, loaded, io.ErrUnexpectedEOF, "cut at %d", cut)
		require.ErrorIs(t, frames, io.ErrUnexpectedEOF, "cut at %d", cut)
		require.Empty(t, tags)
	}
}

func TestNoFilm(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing.flv")
	_, err := Open(missing)
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = Load(missing)
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = Frames(missing)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(missing, []byte("FLV"), 0o600))
	_, err = Open(missing)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	_, err = Load(missing)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}
