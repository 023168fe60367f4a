package clip

import (
	"io"
	"testing"

	"github.com/abema/go-mp4"
	"github.com/stretchr/testify/require"
)

// TestClip checks what the package's comment promises of the embedded file.
func TestClip(t *testing.T) {
	info, err := mp4.Probe(Reader())
	require.NoError(t, err)
	require.True(t, info.FastStart, "a reader of a pipe needs the index first")
	require.Len(t, info.Tracks, 2)

	video, audio := info.Tracks[0], info.Tracks[1]
	require.Equal(t, mp4.CodecAVC1, video.Codec)
	require.Equal(t, mp4.AVCHighProfile, video.AVC.Profile)
	require.EqualValues(t, 480, video.AVC.Width)
	require.EqualValues(t, 270, video.AVC.Height)
	require.Len(t, video.Samples, 250)
	require.InDelta(t, 10, float64(video.Duration)/float64(video.Timescale), 0.1)
	require.True(t, reorders(video.Samples), "B frames are what the demo has to show")

	require.Equal(t, mp4.CodecMP4A, audio.Codec)
	require.EqualValues(t, 48000, audio.Timescale)
	require.EqualValues(t, 2, audio.MP4A.ChannelCount)
	require.InDelta(t, 10, float64(audio.Duration)/float64(audio.Timescale), 0.1)
}

// reorders reports whether some frame is shown before one decoded earlier.
func reorders(samples mp4.Samples) bool {
	var decode, latest int64
	for _, s := range samples {
		shown := decode + s.CompositionTimeOffset
		if shown < latest {
			return true
		}
		latest = shown
		decode += int64(s.TimeDelta)
	}
	return false
}

func TestReadersAreIndependent(t *testing.T) {
	one, two := Reader(), Reader()
	_, err := io.Copy(io.Discard, one)
	require.NoError(t, err)
	require.Equal(t, Size(), two.Len())
	require.Less(t, Size(), 400_000, "the clip rides in every program")
}
