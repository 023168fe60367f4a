package rawin

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

func TestOpenRefuses(t *testing.T) {
	video, audio := load(t, h264Dir+"baseline.h264"), load(t, aacDir+"mono44100.aac")
	broken := errors.New("the cable is out")
	for name, c := range map[string]struct {
		video, audio io.Reader
		opts         Options
		text         string
	}{
		"nothing":         {nil, nil, Options{}, "neither"},
		"empty":           {bytes.NewReader(nil), nil, Options{}, "is it H.264"},
		"audio as video":  {bytes.NewReader(audio), nil, Options{}, "is it H.264"},
		"video as audio":  {nil, bytes.NewReader(video), Options{}, "no AAC frame"},
		"negative rate":   {bytes.NewReader(video), nil, Options{FrameRate: -1}, "frame rate -1"},
		"giant rate":      {bytes.NewReader(video), nil, Options{FrameRate: 1e9}, "up to 1000"},
		"late start":      {bytes.NewReader(video), nil, Options{Start: time.Minute}, "1m0s"},
		"late start pipe": {io.MultiReader(bytes.NewReader(video)), nil, Options{Start: time.Minute}, "1m0s"},
		"broken video":    {iotest.ErrReader(broken), nil, Options{}, "cable"},
		"broken audio":    {bytes.NewReader(video), iotest.ErrReader(broken), Options{}, "cable"},
	} {
		_, err := Open(c.video, c.audio, c.opts)
		require.ErrorContains(t, err, c.text, name)
	}
}

// TestReaderErrorIsFinal gives what came before a reader failed, and then its
// error for ever.
func TestReaderErrorIsFinal(t *testing.T) {
	broken := errors.New("the cable is out")
	stream := load(t, h264Dir+"bframes2.h264")
	s := open(t, io.MultiReader(bytes.NewReader(stream), iotest.ErrReader(broken)), nil, Options{})
	n := 0
	var err error
	for ; err == nil; n++ {
		_, err = s.Next()
	}
	require.Equal(t, 36, n-1)
	require.ErrorIs(t, err, broken)
	_, err = s.Next()
	require.ErrorIs(t, err, broken)
	require.NoError(t, s.Close())
	_, err = s.Next()
	require.ErrorIs(t, err, errClosed)
}

func TestDamage(t *testing.T) {
	stream := load(t, h264Dir+"bframes1.h264")
	got := readAll(t, open(t, bytes.NewReader(append([]byte("garbage"), stream...)), nil, Options{}))
	require.Len(t, got.video, 36)
	require.Equal(t, []*media.DamageError{{Offset: 0, Reason: "7 bytes belong to no access unit"}}, got.damage)

	// A recording that begins within a GOP, without parameter sets.
	want := wantLines(t, h264Dir+"bframes1.csv")
	from := want[10].place
	got = readAll(t, open(t, bytes.NewReader(stream[from:]), nil, Options{}))
	require.Less(t, len(got.video), 26)
	require.True(t, got.video[0].Keyframe)
	require.NotEmpty(t, got.damage)

	audio := load(t, aacDir+"stereo48000.aac")
	hurt := append(append(bytes.Clone(audio[:400]), bytes.Repeat([]byte{0xff}, 200)...), audio[400:]...)
	whole := readAll(t, open(t, nil, bytes.NewReader(audio), Options{}))
	got = readAll(t, open(t, nil, bytes.NewReader(hurt), Options{}))
	require.Len(t, got.audio, len(whole.audio)-1)
	require.Len(t, got.damage, 1)
	require.Greater(t, got.audio[len(got.audio)-1].PTS, whole.audio[len(whole.audio)-1].PTS, "skipped bytes take time")
}

func TestStart(t *testing.T) {
	// 36 pictures at 25 a second, keyframes at 0, 16, 32 of an open GOP.
	stream := load(t, h264Dir+"opengop.h264")
	all := readAll(t, open(t, bytes.NewReader(stream), nil, Options{})).video
	delay := all[0].PTS
	var keys []time.Duration
	for _, p := range all {
		if p.Keyframe {
			keys = append(keys, p.PTS-delay)
		}
	}
	require.Greater(t, len(keys), 2)
	audio := load(t, aacDir+"stereo48000.aac")
	for name, c := range map[string]struct {
		r     io.Reader
		start time.Duration
		want  time.Duration
	}{
		"file, between":     {bytes.NewReader(stream), keys[1] + time.Millisecond, keys[1]},
		"file, before":      {bytes.NewReader(stream), keys[1] - time.Millisecond, 0},
		"file, at":          {bytes.NewReader(stream), keys[2], keys[2]},
		"pipe, between":     {io.MultiReader(bytes.NewReader(stream)), keys[1] + time.Millisecond, keys[2]},
		"pipe, at":          {io.MultiReader(bytes.NewReader(stream)), keys[1], keys[1]},
		"pipe, right at it": {io.MultiReader(bytes.NewReader(stream)), time.Nanosecond, keys[1]},
	} {
		got := readAll(t, open(t, c.r, bytes.NewReader(audio), Options{Start: c.start}))
		require.Equal(t, c.want+delay, got.video[0].PTS, name)
		require.True(t, got.video[0].Keyframe, name)
		for _, p := range got.video {
			require.GreaterOrEqual(t, p.PTS, got.video[0].PTS, "%s: leading pictures are left out", name)
		}
		for _, p := range got.audio {
			require.GreaterOrEqual(t, p.PTS, got.video[0].DTS, name)
		}
	}
}

func TestRates(t *testing.T) {
	for in, want := range map[float64]rate{
		25: {25000, 1000}, 29.97: {30000, 1001}, 23.976: {24000, 1001}, 59.94: {60000, 1001}, 30000. / 1001: {30000, 1001},
		23.98: {23980, 1000}, 12.5: {12500, 1000}, 0.0001: {1, 1000}, 1000: {1000000, 1000}, 14.985: {15000, 1001},
	} {
		got, err := exactRate(in)
		require.NoError(t, err)
		require.Equal(t, want, got, "%g", in)
	}
	r := rate{30000, 1001}
	require.Equal(t, 33366667*time.Nanosecond, r.time(1))
	require.Equal(t, 1001*time.Second, r.time(30000), "no drift")
	require.Equal(t, 1001*1000000*time.Second, r.time(30000*1000000), "no overflow in years")
}

// FuzzOpen reads any bytes as both streams.
func FuzzOpen(f *testing.F) {
	f.Add(load(f, h264Dir+"bframes4.h264"), load(f, aacDir+"mono44100.aac"), int64(0))
	f.Add(load(f, h264Dir+"interlaced.h264"), []byte{}, int64(time.Second)) // a start beyond the keyframes of a short stream
	f.Fuzz(func(t *testing.T, video, audio []byte, start int64) {
		var a io.Reader
		if len(audio) > 0 {
			a = bytes.NewReader(audio)
		}
		s, err := Open(bytes.NewReader(video), a, Options{FrameRate: 25, Start: time.Duration(start)})
		if err != nil {
			return
		}
		last := time.Duration(0)
		for range 2 * (len(video) + len(audio)) {
			p, err := s.Next()
			var d *media.DamageError
			if errors.As(err, &d) {
				continue
			}
			if err != nil {
				break
			}
			require.LessOrEqual(t, last, p.DTS)
			require.LessOrEqual(t, p.DTS, p.PTS)
			last = p.DTS
			p.Release()
		}
		_, err = s.Next()
		require.Error(t, err, "it ends")
	})
}
