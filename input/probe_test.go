package input

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

func probeClip(t *testing.T) *Report {
	t.Helper()
	source, err := Open("../internal/clip/clip.mp4", Options{})
	require.NoError(t, err)
	defer source.Close()
	r, err := Probe(context.Background(), source)
	require.NoError(t, err)
	return r
}

func TestProbeTellsTheTruth(t *testing.T) {
	r := probeClip(t)
	require.Equal(t, 10*time.Second, r.Duration)
	require.Empty(t, r.Damage)
	require.Len(t, r.Tracks, 2)
	v, a := r.Tracks[0], r.Tracks[1]
	require.Equal(t, "H.264", v.Codec)
	require.Equal(t, "High", v.Profile)
	require.Equal(t, []int{480, 270, 250, 5}, []int{v.Width, v.Height, v.Frames, v.Keyframes})
	require.InDelta(t, 25, v.FrameRate, 0.001)
	require.False(t, v.VariableFrameRate)
	require.Equal(t, 2*time.Second, v.GOPMax)
	require.Equal(t, 2*time.Second, v.GOPMean)
	require.NotZero(t, v.ReorderedFrames)
	require.Equal(t, "AAC", a.Codec)
	require.Equal(t, "LC", a.Profile)
	require.Equal(t, []int{48000, 2, 470}, []int{a.SampleRate, a.Channels, a.Frames})
	require.InDelta(t, 48000, a.Bitrate, 2000)
	require.Equal(t, []string{"H.264: B frames: real-time (WebRTC) distribution of some services refuses them"}, r.Dislikes)
}

// script is a source of packets and errors in a row.
type script struct {
	tracks []media.Track
	steps  []any
}

func (s *script) Tracks() []media.Track   { return s.tracks }
func (s *script) Duration() time.Duration { return 0 }
func (s *script) Close() error            { return nil }
func (s *script) Next() (media.Packet, error) {
	if len(s.steps) == 0 {
		return media.Packet{}, io.EOF
	}
	step := s.steps[0]
	s.steps = s.steps[1:]
	if err, ok := step.(error); ok {
		return media.Packet{}, err
	}
	p, _ := step.(media.Packet)
	return p, nil
}

func TestProbeTellsWhatIsDisliked(t *testing.T) {
	inter := []byte{0, 0, 0, 2, 0x41, 0x9a}
	key := []byte{0, 0, 0, 2, 0x65, 0x88}
	s := &script{
		tracks: []media.Track{{Codec: media.CodecH264, Framing: media.FramingLengthPrefixed, NALLengthSize: 4}},
		steps: []any{
			media.Packet{Data: inter},
			media.Packet{DTS: 40 * time.Millisecond, PTS: 80 * time.Millisecond, Data: key},
			&media.DamageError{Offset: 77, Reason: "a hole"},
			media.Packet{DTS: 7 * time.Second, PTS: 7 * time.Second, Data: inter[:5]},
			media.Packet{DTS: 6 * time.Second, PTS: 6 * time.Second, Data: inter},
		},
	}
	r, err := Probe(context.Background(), s)
	require.NoError(t, err)
	require.Len(t, r.Damage, 1)
	require.Contains(t, r.Damage[0], "byte 77")
	for i, words := range []string{"go back 1 times", "1 frames are not made of whole NAL units", "does not begin with a keyframe", "keyframes up to", "B frames", "variable frame rate", "no audio"} {
		require.Contains(t, r.Dislikes[i], words)
	}
}

func TestProbeEndsWithErrorsOfTheSource(t *testing.T) {
	broken := errors.New("the disk is gone")
	_, err := Probe(context.Background(), &script{tracks: []media.Track{{Codec: media.CodecAAC}}, steps: []any{broken}})
	require.ErrorIs(t, err, broken)
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(broken)
	_, err = Probe(ctx, &script{})
	require.ErrorIs(t, err, broken)
}
