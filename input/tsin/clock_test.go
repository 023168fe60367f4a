package tsin

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/asticode/go-astits"
	"github.com/stretchr/testify/require"
)

func TestApartAndDuration(t *testing.T) {
	require.EqualValues(t, 10, apart(wrap-4, 6))
	require.EqualValues(t, -10, apart(6, wrap-4))
	require.EqualValues(t, 0, apart(7, 7))
	require.Equal(t, 33366667*time.Nanosecond, duration(3003))
	require.Equal(t, -33366667*time.Nanosecond, duration(-3003))
}

// TestClockJumps splices a stream to itself, an hour back and an hour ahead:
// the times go on, and sound and pictures keep their distance.
func TestClockJumps(t *testing.T) {
	video, audio := units(t, "plain")
	for name, hour := range map[string]int64{"back": -1, "ahead": 1} {
		m := newMuxer(t, both())
		at := int64(2 * 3600 * 90000)
		for round := range 2 {
			// The sound is late: its old clock goes on for a while.
			for i, u := range video {
				m.write(videoPID, u.pts+at, u.dts+at, u.data)
				if i >= 6 {
					m.write(audioPID, audio[i-6].pts+at, -1, audio[i-6].data)
				}
			}
			if round == 0 {
				at += hour * 3600 * 90000
			}
			for _, u := range audio[len(video)-6:] {
				old := u.pts + 2*3600*90000
				if round == 1 {
					old = u.pts + at
				}
				m.write(audioPID, old, -1, u.data)
			}
		}
		got := readAll(t, open(t, pipe(m.bytes()), Options{}))
		require.Equal(t, []string{"the clock jumps; what follows is closed up"}, got.damage, name)
		require.Len(t, got.video, 2*len(video))
		require.Len(t, got.audio, 2*len(audio))
		step := 40 * time.Millisecond
		for i, p := range got.video[1:] {
			require.InDelta(t, step, p.DTS-got.video[i].DTS, 20e3, "%s: picture %d", name, i+1)
		}
		// Frame k would begin before the sound of the first round has ended.
		n, k := len(video), len(audio)+1
		require.InDelta(t, got.audio[1].DTS-got.video[0].DTS, got.audio[k].DTS-got.video[n].DTS, 20e3, name)
	}
}

// TestTimesNeverGoBack lets timestamps stand still and go back a little.
func TestTimesNeverGoBack(t *testing.T) {
	video, _ := units(t, "plain")
	m := newMuxer(t, map[uint16]astits.StreamType{videoPID: astits.StreamTypeH264Video})
	for i, u := range video {
		at := u.dts
		if i%3 == 2 {
			at -= 9000
		}
		m.write(videoPID, at, -1, u.data)
	}
	got := readAll(t, open(t, pipe(m.bytes()), Options{})) // checks that they rise
	require.Len(t, got.video, len(video))
	require.Empty(t, got.damage)
}

// nulls puts null packets behind every packet, to make a small stream large.
func nulls(stream []byte, n int) (out []byte) {
	null := append([]byte{syncByte, 0x1f, 0xff, 0x10}, make([]byte, 184)...)
	for _, p := range packets(stream) {
		out = append(append(out, p...), bytes.Repeat(null, n)...)
	}
	return out
}

// long repeats the fixture's video and audio, a second each round.
func long(t testing.TB, rounds int64) []byte {
	t.Helper()
	video, audio := units(t, "plain")
	m := newMuxer(t, both())
	for round := range rounds {
		for i, u := range video {
			m.write(videoPID, u.pts+round*72000, u.dts+round*72000, u.data)
			for j, a := range audio[:len(audio)-1] {
				if j*len(video)/len(audio) == i {
					m.write(audioPID, a.pts+round*72000, -1, a.data)
				}
			}
		}
	}
	return m.bytes()
}

// TestStart goes to keyframes, which stand every 0.8 s and 0.64 s behind.
func TestStart(t *testing.T) {
	stream := long(t, 20)
	large := nulls(stream, 30)
	require.Greater(t, len(large), 4*seekWindow)
	for name, c := range map[string]struct {
		start, file, pipe time.Duration
	}{
		"at the first":    {time.Nanosecond, 0, 640 * time.Millisecond},
		"between":         {700 * time.Millisecond, 640 * time.Millisecond, 800 * time.Millisecond},
		"right at one":    {8 * time.Second, 8 * time.Second, 8 * time.Second},
		"just before one": {8*time.Second - time.Millisecond, 7840 * time.Millisecond, 8 * time.Second},
		"near the end":    {15900 * time.Millisecond, 15840 * time.Millisecond, -1},
	} {
		first := readAll(t, open(t, pipe(stream), Options{})).video[0].PTS
		for kind, b := range map[string][]byte{"small": stream, "large": large} {
			s := open(t, bytes.NewReader(b), Options{Start: c.start})
			require.InDelta(t, 16.0, s.Duration().Seconds(), 0.1)
			got := readAll(t, s)
			require.Empty(t, got.damage)
			require.Equal(t, c.file, got.video[0].PTS-first, "%s, %s", name, kind)
			require.True(t, got.video[0].Keyframe)
			for _, p := range got.audio {
				require.GreaterOrEqual(t, p.DTS, got.video[0].DTS)
			}
			require.InDelta(t, got.video[0].DTS, got.audio[0].DTS, 60e6)
		}
		got, err := Open(pipe(stream), Options{Start: c.start})
		require.NoError(t, err)
		if c.pipe < 0 {
			_, err = got.Next()
			require.ErrorContains(t, err, "nothing to begin with")
			continue
		}
		require.Equal(t, c.pipe, readAll(t, got).video[0].PTS-first, name)
	}
	_, err := Open(bytes.NewReader(stream), Options{Start: time.Hour})
	require.ErrorContains(t, err, "beyond the end")
}

func TestStartOfSoundAlone(t *testing.T) {
	_, audio := units(t, "plain")
	m := newMuxer(t, map[uint16]astits.StreamType{audioPID: astits.StreamTypeAACAudio})
	for _, u := range audio {
		m.write(audioPID, u.pts, -1, u.data)
	}
	for _, r := range []io.Reader{bytes.NewReader(m.bytes()), pipe(m.bytes())} {
		got := readAll(t, open(t, r, Options{Start: 300 * time.Millisecond}))
		require.InDelta(t, 300e6, got.audio[0].PTS, 24e6)
		require.GreaterOrEqual(t, got.audio[0].PTS, 300*time.Millisecond)
	}
}
