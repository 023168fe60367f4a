package input

import (
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

// decodeTimes reads n packets and lists the decode times by track.
func decodeTimes(t *testing.T, s Source, n int) (dts [2][]time.Duration) {
	t.Helper()
	for range n {
		p, err := s.Next()
		require.NoError(t, err)
		dts[p.Track] = append(dts[p.Track], p.DTS)
		p.Release()
	}
	return dts
}

func TestLoopGoesOnWithoutGap(t *testing.T) {
	for _, audio := range []time.Duration{0, -21 * ms, 13 * ms} {
		var sources []*fake
		s, err := Loop(func() (Source, error) {
			sources = append(sources, av(10, audio))
			return sources[len(sources)-1], nil
		})
		require.NoError(t, err)
		for track, dts := range decodeTimes(t, s, 5*20) {
			require.Len(t, dts, 50)
			for i := 1; i < len(dts); i++ {
				require.Equal(t, 40*ms, dts[i]-dts[i-1], "track %d, packet %d, audio at %s", track, i, audio)
			}
			require.Equal(t, []time.Duration{0, audio}[track], dts[0])
		}
		require.Zero(t, s.Duration())
		require.Len(t, s.Tracks(), 2)
		require.NoError(t, s.Close())
		require.NoError(t, s.Close())
		_, err = s.Next()
		require.ErrorContains(t, err, "closed")
		for _, f := range sources {
			require.Equal(t, 1, f.closed)
		}
	}
}

// TestLoopFollowsTheLongestTrack: the shorter track waits, so that both keep
// their distance.
func TestLoopFollowsTheLongestTrack(t *testing.T) {
	s, err := Loop(func() (Source, error) {
		f := av(10, 0)
		f.steps = append(f.steps, media.Packet{Track: 1, DTS: 400 * ms, PTS: 400 * ms})
		return f, nil
	})
	require.NoError(t, err)
	dts := decodeTimes(t, s, 42)
	require.Equal(t, 440*ms, dts[0][10])
	require.Equal(t, 440*ms, dts[1][11])
}

// TestLoopDoesNotReachBack: tracks that lie far apart would make the next round
// begin long before the last packet.
func TestLoopDoesNotReachBack(t *testing.T) {
	s, err := Loop(func() (Source, error) { return av(10, 2*time.Second), nil })
	require.NoError(t, err)
	var last time.Duration
	for range 100 {
		p, err := s.Next()
		require.NoError(t, err)
		require.GreaterOrEqual(t, p.DTS, last-seam)
		last = max(last, p.DTS)
	}
}

// TestLoopOfOneFrame takes the frame's length from the hints.
func TestLoopOfOneFrame(t *testing.T) {
	for _, c := range []struct {
		track media.Track
		step  time.Duration
	}{
		{media.Track{Codec: media.CodecH264, FrameRate: 50}, 20 * ms},
		{media.Track{Codec: media.CodecAAC, SampleRate: 32000}, 32 * ms},
		{media.Track{Codec: media.CodecH264}, 40 * ms},
	} {
		s, err := Loop(func() (Source, error) {
			return &fake{tracks: []media.Track{c.track}, steps: []any{media.Packet{DTS: time.Hour}}}, nil
		})
		require.NoError(t, err)
		dts := decodeTimes(t, s, 3)[0]
		require.Equal(t, []time.Duration{time.Hour, time.Hour + c.step, time.Hour + 2*c.step}, dts)
	}
}

func TestLoopPassesDamage(t *testing.T) {
	damage := &media.DamageError{Offset: 7, Reason: "scratch"}
	s, err := Loop(func() (Source, error) {
		return &fake{tracks: avTracks, steps: []any{media.Packet{}, damage, media.Packet{DTS: 40 * ms}}}, nil
	})
	require.NoError(t, err)
	for round := range 3 {
		p, err := s.Next()
		require.NoError(t, err)
		require.Equal(t, time.Duration(round)*80*ms, p.DTS)
		_, err = s.Next()
		require.Equal(t, damage, err)
		_, err = s.Next()
		require.NoError(t, err)
	}
}

func TestLoopEndsWithAnError(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, c := range []struct {
		name   string
		second func() (Source, error)
		want   string
	}{
		{"no packet", func() (Source, error) { return &fake{tracks: avTracks}, nil }, "round 2 of the input has no packet"},
		{"only damage", func() (Source, error) {
			return &fake{tracks: avTracks, steps: []any{&media.DamageError{}}}, nil
		}, "round 2 of the input has no packet"},
		{"open fails", func() (Source, error) { return nil, broken }, "loop: round 2: the disk is gone"},
		{"read fails", func() (Source, error) { return &fake{tracks: avTracks, steps: []any{broken}}, nil }, "the disk is gone"},
		{"other tracks", func() (Source, error) { return &fake{tracks: avTracks[1:]}, nil }, "1 tracks now, 2 at first"},
		{"other codec", func() (Source, error) {
			return &fake{tracks: []media.Track{avTracks[1], avTracks[0]}}, nil
		}, "track 0 is AAC"},
	} {
		t.Run(c.name, func(t *testing.T) {
			round := 0
			s, err := Loop(func() (Source, error) {
				if round++; round == 2 {
					return c.second()
				}
				return av(1, 0), nil
			})
			require.NoError(t, err)
			decodeTimes(t, s, 2)
			for err = nil; err == nil || isDamage(err); {
				_, err = s.Next()
			}
			require.ErrorContains(t, err, c.want)
			require.NotErrorIs(t, err, io.EOF)
			_, again := s.Next()
			require.Equal(t, err, again, "final")
			require.NoError(t, s.Close())
		})
	}
	_, err := Loop(func() (Source, error) { return nil, broken })
	require.Equal(t, broken, err)
}

func isDamage(err error) bool {
	var damage *media.DamageError
	return errors.As(err, &damage)
}

// TestLoopTellsTheConfiguration: a change inside a round is taken back with the
// first packet of the next.
func TestLoopTellsTheConfiguration(t *testing.T) {
	s, err := Loop(func() (Source, error) {
		return &fake{tracks: avTracks, steps: []any{
			media.Packet{}, media.Packet{Track: 1}, media.Packet{DTS: 40 * ms, Config: []byte("other")},
		}}, nil
	})
	require.NoError(t, err)
	for _, want := range []string{"", "", "other", "video", "", "other", "video"} {
		p, err := s.Next()
		require.NoError(t, err)
		require.Equal(t, want, string(p.Config))
	}
}

// TestLoopOfAFile loops a real file, whose audio begins before its video.
func TestLoopOfAFile(t *testing.T) {
	s, err := Loop(func() (Source, error) { return Open(sample, Options{}) })
	require.NoError(t, err)
	dts := decodeTimes(t, s, 4*56)
	for track, step := range []time.Duration{40 * ms, 1024 * time.Second / 44100} {
		most := step
		for i := 1; i < len(dts[track]); i++ {
			gap := dts[track][i] - dts[track][i-1]
			require.GreaterOrEqual(t, gap, step-time.Nanosecond)
			most = max(most, gap)
		}
		require.Less(t, most, step+40*ms, "the shorter track waits for the longer")
	}
	require.NoError(t, s.Close())
}
