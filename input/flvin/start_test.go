package flvin

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/flv"
)

// TestStart begins within 3 groups of 400 ms each.
func TestStart(t *testing.T) {
	f := build(t, true, true).configs().gops(3)
	_, all := readWhole(t, f.file(), 0)
	require.Len(t, all, 90)
	for _, c := range []struct {
		start      time.Duration
		file, pipe int // index of the first packet
	}{
		{1 * time.Millisecond, 0, 30},
		{399 * time.Millisecond, 0, 30},
		{400 * time.Millisecond, 30, 30},
		{401 * time.Millisecond, 30, 60},
		{800 * time.Millisecond, 60, 60},
	} {
		_, packets := readWhole(t, f.file(), c.start)
		require.Equal(t, all[c.file:], packets, "file from %s", c.start)
		_, packets = readWhole(t, f.pipe(), c.start)
		require.Equal(t, all[c.pipe:], packets, "pipe from %s", c.start)
	}
	_, packets := readWhole(t, f.file(), 1181*time.Millisecond)
	require.Equal(t, all[60:], packets, "from the last frame")
}

func TestStartCountsFromTheFirstFrame(t *testing.T) {
	f := build(t, true, true).configs()
	for i := range uint32(4) {
		f.video(70_000+100*i, flv.FrameKey, flv.AVCNALU, 0, byte(i))
	}
	for _, in := range []io.Reader{f.file(), f.pipe()} {
		_, packets := readWhole(t, in, 200*time.Millisecond)
		require.EqualValues(t, 70_200, packets[0].dts)
	}
}

func TestStartOfAudioOnly(t *testing.T) {
	f := build(t, false, true).audio(0, flv.AACSequenceHeader, stereo44...)
	for i := range uint32(100) {
		f.audio(20*i, flv.AACRaw, byte(i))
	}
	_, packets := readWhole(t, f.file(), 1010*time.Millisecond)
	require.EqualValues(t, 1000, packets[0].dts)
	_, packets = readWhole(t, f.pipe(), 1010*time.Millisecond)
	require.EqualValues(t, 1020, packets[0].dts)
}

func TestStartBehindTheEnd(t *testing.T) {
	f := build(t, true, true).configs().gops(3)
	_, err := Open(f.file(), Options{Start: time.Minute})
	require.EqualError(t, err, "start at 1m0s: must be between 0 and the input's length of 1.181s, with a keyframe to begin with")
	_, err = Open(f.file(), Options{Start: -1})
	require.ErrorContains(t, err, "must be 0 or more")

	s, err := Open(f.pipe(), Options{Start: time.Minute})
	require.NoError(t, err)
	packets, _, err := drain(t, s)
	require.Empty(t, packets)
	require.ErrorContains(t, err, "start at 1m0s: must be between 0 and the input's length of 1.181s")

	s, err = Open(build(t, true, true).configs().pipe(), Options{Start: time.Minute})
	require.NoError(t, err)
	_, _, err = drain(t, s)
	require.Equal(t, io.EOF, err, "there was nothing to pass over")
}

// TestStartTellsOfPassedConfigurations begins behind a change.
func TestStartTellsOfPassedConfigurations(t *testing.T) {
	f := build(t, true, true).configs().gops(1).
		video(400, flv.FrameKey, flv.AVCSequenceHeader, 0, mainConfig...).
		video(400, flv.FrameKey, flv.AVCNALU, 0, 1).
		audio(401, flv.AACRaw, 2).
		video(440, flv.FrameKey, flv.AVCNALU, 0, 3).
		video(480, flv.FrameInter, flv.AVCSequenceHeader, 0, highConfig...).
		video(480, flv.FrameKey, flv.AVCNALU, 0, 4)
	for _, in := range []io.Reader{f.file(), f.pipe()} {
		s, packets := readWhole(t, in, 440*time.Millisecond)
		require.Equal(t, highConfig, s.Tracks()[0].Config)
		require.Equal(t, []plain{
			{0, 440, 440, true, "\x03", string(mainConfig)},
			{0, 480, 480, true, "\x04", string(highConfig)},
		}, packets)
	}
}

func TestStartPassesOverDamage(t *testing.T) {
	in := build(t, true, true).configs().gops(3).bytes()
	copy(in[500:], "damage") // within the first group
	_, packets := readWhole(t, bytes.NewReader(in), 400*time.Millisecond)
	require.EqualValues(t, 400, packets[0].dts)
	require.Len(t, packets, 60)
}

// TestStartWhereVideoHasEnded begins with the last keyframe there is.
func TestStartWhereVideoHasEnded(t *testing.T) {
	f := build(t, true, true).configs().gops(2)
	for i := range uint32(50) {
		f.audio(800+20*i, flv.AACRaw, 1)
	}
	_, packets := readWhole(t, f.file(), 1500*time.Millisecond)
	require.EqualValues(t, 400, packets[0].dts)
	require.Len(t, packets, 30+50)
}

// worn can seek n times more.
type worn struct {
	io.ReadSeeker
	n int
}

var errWorn = errors.New("seek failed")

func (w *worn) Seek(offset int64, whence int) (int64, error) {
	if w.n--; w.n < 0 {
		return 0, errWorn
	}
	return w.ReadSeeker.Seek(offset, whence)
}

func TestSeekErrors(t *testing.T) {
	f := build(t, true, true).configs().gops(2)
	n := 1 // the first failure makes it a pipe
	for ; ; n++ {
		s, err := Open(&worn{f.file(), n}, Options{Start: 400 * time.Millisecond})
		if err == nil {
			_, _, err := drain(t, s)
			require.Equal(t, io.EOF, err)
			break
		}
		require.ErrorIs(t, err, errWorn)
	}
	require.Equal(t, 6, n, "two places, end, tail, back, start")
}

// unseekable has a Seek that fails, as that of a pipe.
type unseekable struct{ io.Reader }

func (unseekable) Seek(int64, int) (int64, error) { return 0, errors.New("illegal seek") }

func TestDuration(t *testing.T) {
	f := build(t, true, true).configs().gops(3).video(1200, flv.FrameKey, flv.AVCEndOfSequence, 0).metadata(flv.Metadata{})
	for name, c := range map[string]struct {
		in   io.Reader
		want time.Duration
	}{
		"file":             {f.file(), 1200 * time.Millisecond},
		"truncated":        {bytes.NewReader(f.bytes()[:len(f.bytes())-200]), 1120 * time.Millisecond},
		"pipe":             {f.pipe(), 0},
		"pipe with a Seek": {unseekable{f.file()}, 0},
		"told, not measured": {
			build(t, true, true).metadata(flv.Metadata{Duration: 7.5}).configs().gops(3).file(), 7500 * time.Millisecond,
		},
		"behind other bytes": {behind(t, f.bytes()), 1200 * time.Millisecond},
	} {
		s, err := Open(c.in, Options{})
		require.NoError(t, err, name)
		require.Equal(t, c.want, s.Duration(), name)
		packets, _, err := drain(t, s)
		require.Equal(t, io.EOF, err)
		require.Greater(t, len(packets), 80, "the place in the file was left as it was")
	}
}

// behind is a reader that stands at the FLV behind other bytes.
func behind(t testing.TB, file []byte) io.Reader {
	r := bytes.NewReader(append([]byte("other bytes"), file...))
	_, err := r.Seek(11, io.SeekStart)
	require.NoError(t, err)
	return r
}
