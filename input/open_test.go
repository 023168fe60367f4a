package input

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

// sample is one of the MP4 reader's own test files: 20 pictures, 36 audio
// frames.
const sample = "mp4in/testdata/plain.mp4"

func TestOpenFile(t *testing.T) {
	for _, format := range []string{"", "mp4"} {
		s, err := Open(sample, Options{Format: format})
		require.NoError(t, err)
		require.Len(t, s.Tracks(), 2)
		require.InDelta(t, 0.8, s.Duration().Seconds(), 0.05)
		n := 0
		for {
			p, err := s.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			p.Release()
			n++
		}
		require.Equal(t, 56, n)
		require.Empty(t, Skipped(s))
		require.NoError(t, s.Close())
	}
}

func TestOpenPassesStart(t *testing.T) {
	s, err := Open(sample, Options{Start: 500 * time.Millisecond})
	require.NoError(t, err)
	p, err := s.Next()
	require.NoError(t, err)
	require.Greater(t, p.DTS, 300*time.Millisecond)
	p.Release()
	require.NoError(t, s.Close())
}

func TestOpenIgnoresTheEnding(t *testing.T) {
	file, err := os.ReadFile(sample)
	require.NoError(t, err)
	name := filepath.Join(t.TempDir(), "film.flv")
	require.NoError(t, os.WriteFile(name, file, 0o600))
	s, err := Open(name, Options{})
	require.NoError(t, err)
	require.NoError(t, s.Close())
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		name = filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
		return name
	}
	mkv := file("film.mkv", "\x1aE\xdf\xa3\x01\x00\x00\x00")
	for _, c := range []struct {
		name string
		opts Options
		want string
	}{
		{"", Options{}, "no input"},
		{filepath.Join(dir, "none.mp4"), Options{}, "none.mp4: no such file"},
		{dir, Options{}, "is a directory"},
		{file("empty.mp4", ""), Options{}, "empty.mp4: the file is empty"},
		{mkv, Options{}, "film.mkv: not supported: Matroska or WebM (inputs are"},
		{sample, Options{Audio: "x.aac"}, "goes with raw H.264 only"},
		{sample, Options{Format: "mkv"}, "must be one of mp4, flv, ts, h264, aac"},
		{"rtsp://127.0.0.1/cam", Options{}, "network address (rtsp)"},
		{"https://example.com/film.mp4", Options{}, "network address (https)"},
		{"-", Options{Stdin: strings.NewReader("")}, "standard input: is empty"},
		{"-", Options{Stdin: strings.NewReader("x")}, "unknown format"},
		{"-", Options{Stdin: strings.NewReader("\x00\x00\x00\x18ftypisom")}, "mp4 from a pipe (a pipe cannot go back"},
		{"-", Options{Stdin: strings.NewReader(""), Format: "h264"}, "h264 from a pipe"},
		{"-", Options{Stdin: strings.NewReader(""), Audio: "x.aac"}, "from a file only"},
		{"-", Options{Stdin: failing{}}, "the pipe broke"},
	} {
		s, err := Open(c.name, c.opts)
		require.ErrorContains(t, err, c.want)
		require.Nil(t, s)
	}
	_, err := Open(mkv, Options{})
	var unsupported *media.UnsupportedError
	require.ErrorAs(t, err, &unsupported)
	_, err = Open(filepath.Join(dir, "none"), Options{})
	require.ErrorIs(t, err, os.ErrNotExist)
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the pipe broke") }

// TestPipeWaitsForLittle: a live FLV producer may send its header and wait.
func TestPipeWaitsForLittle(t *testing.T) {
	r, w := io.Pipe()
	opened := make(chan error, 1)
	go func() {
		_, err := openPipe(r, Options{})
		opened <- err
	}()
	_, err := w.Write([]byte("FLV\x01"))
	require.NoError(t, err)
	require.NoError(t, w.CloseWithError(errors.New("the camera went")))
	require.NotContains(t, (<-opened).Error(), "unknown format")
}

// TestAudioBeside finds the audio file of a raw video file.
func TestAudioBeside(t *testing.T) {
	dir := t.TempDir()
	video := filepath.Join(dir, "take.one.h264")
	require.Empty(t, audioBeside(video, Options{}))
	require.Equal(t, "other.aac", audioBeside(video, Options{Audio: "other.aac"}))
	beside := filepath.Join(dir, "take.one.aac")
	require.NoError(t, os.WriteFile(beside, nil, 0o600))
	require.Equal(t, beside, audioBeside(video, Options{}))
}

func TestOpenRaw(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, b []byte) string {
		name = filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(name, b, 0o600))
		return name
	}
	// Baseline, 16x16: SPS, PPS and an IDR slice.
	h264 := write("a.h264", []byte{
		0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x0a, 0xda, 0x7b, 0x01, 0x10, 0, 0, 3, 0, 0x10, 0, 0, 3, 3, 0x20, 0xf1, 0x22, 0x6a,
		0, 0, 0, 1, 0x68, 0xce, 0x0f, 0xc8,
		0, 0, 0, 1, 0x65, 0x88, 0x84, 0x0a, 0xf2, 0x62, 0x80, 0x00, 0xa7, 0xbe,
	})
	frame := append([]byte{0xff, 0xf1, 0x50, 0x80, 0x01, 0x9f, 0xfc}, 1, 2, 3, 4, 5)
	aac := write("b.aac", bytes.Repeat(frame, 20))

	s, err := Open(h264, Options{})
	require.NoError(t, err)
	require.Len(t, s.Tracks(), 1)
	require.NoError(t, s.Close())

	s, err = Open(h264, Options{Audio: aac})
	require.NoError(t, err)
	require.Len(t, s.Tracks(), 2)
	require.NoError(t, s.Close())

	s, err = Open(aac, Options{})
	require.NoError(t, err)
	require.Len(t, s.Tracks(), 1)
	require.True(t, s.Tracks()[0].Codec.IsAudio())
	require.NoError(t, s.Close())

	_, err = Open(h264, Options{Audio: filepath.Join(dir, "none.aac")})
	require.ErrorIs(t, err, os.ErrNotExist)
}
