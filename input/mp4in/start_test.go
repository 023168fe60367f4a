package mp4in

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestStartAtSyncSample(t *testing.T) {
	v, a := video(50), audio(93) // 2 s, 1.984 s
	v.syncs = []int{1, 11, 26, 41}
	file := build(v, a)
	for _, c := range []struct{ start, video, audio int64 }{
		{0, 0, 0},
		{1, 0, 0},
		{399, 0, 0},
		{400, 400, 384},
		{999, 400, 384},
		{1000, 1000, 981},
		{1999, 1600, 1600},
	} {
		got, damage := readAll(t, open(t, file, time.Duration(c.start)*ms))
		require.Empty(t, damage)
		require.Equal(t, c.video, times(got, 0)[0], "start at %d ms", c.start)
		require.Equal(t, c.audio, times(got, 1)[0], "start at %d ms", c.start)
		require.True(t, got[firstOf(got, 0)].Keyframe)
	}
}

func TestStartAudioOnly(t *testing.T) {
	got, _ := readAll(t, open(t, build(audio(93)), 500*ms))
	require.Equal(t, int64(491), times(got, 0)[0])
}

func TestStartOutOfRange(t *testing.T) {
	file := build(video(50))
	for _, start := range []time.Duration{-1, 2 * time.Second, time.Hour} {
		_, err := Open(readerOf(file), int64(len(file)), Options{Start: start})
		require.ErrorContains(t, err, "between 0 and the file's length of 2s")
	}
}

func TestStartInFragments(t *testing.T) {
	for _, name := range []string{"plain.mp4", "fragmented.mp4", "hybrid.mp4"} {
		file, err := os.ReadFile("testdata/" + name)
		require.NoError(t, err)
		whole, _ := readAll(t, open(t, file, 0))
		got, _ := readAll(t, open(t, file, 600*ms)) // keyframes at 0 and 0.4 s
		require.True(t, got[firstOf(got, 0)].Keyframe, name)
		require.Len(t, times(got, 0), 10, name)
		// The end of both is the same.
		n := len(got)
		for i := range 20 {
			require.Equal(t, whole[len(whole)-1-i].data, got[n-1-i].data, name)
		}
		gap := got[firstOf(got, 0)].PTS - got[firstOf(got, 1)].PTS
		require.GreaterOrEqual(t, gap, time.Duration(0), name)
		require.Less(t, gap, 25*ms, name)
	}
}

// TestStartCountsFromTheFirstTime: a live recording's times begin anywhere.
func TestStartCountsFromTheFirstTime(t *testing.T) {
	long := [][2]int{{3600_000, -1}, {2000, 0}}
	v, a := video(50), audio(93)
	v.syncs, v.edits, a.edits = []int{1, 26}, long, long
	got, _ := readAll(t, open(t, build(v, a), 1100*ms))
	require.Equal(t, int64(3601_000), times(got, 0)[0])
	require.Equal(t, int64(3600_981), times(got, 1)[0])
}
