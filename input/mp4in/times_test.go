package mp4in

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const ms = time.Millisecond

// times lists the presentation times of a track in milliseconds.
func times(all []packet, track int) (pts []int64) {
	for _, p := range all {
		if p.Track == track {
			pts = append(pts, p.PTS.Round(ms).Milliseconds())
		}
	}
	return pts
}

func decodeTimes(all []packet, track int) (dts []int64) {
	for _, p := range all {
		if p.Track == track {
			dts = append(dts, p.DTS.Round(ms).Milliseconds())
		}
	}
	return dts
}

func TestPayloadsOfInterleavedTracks(t *testing.T) {
	v, a := video(50), audio(90)
	got, damage := readAll(t, open(t, build(v, a), 0))
	require.Empty(t, damage)
	require.Len(t, got, 140)
	next := [2]int{}
	for _, p := range got {
		i := next[p.Track]
		next[p.Track]++
		size := []int{100 + i, 20 + i%7}[p.Track]
		require.Equal(t, payload(p.Track, i, size), p.data)
	}
}

func TestEditsMoveTracks(t *testing.T) {
	for _, c := range []struct {
		name         string
		video, audio [][2]int
		pts          [2]int64 // of the first packets sent
	}{
		{"none", nil, nil, [2]int64{0, 0}},
		{"AAC priming of one frame", [][2]int{{2000, 0}}, [][2]int{{2000, 1024}}, [2]int64{21, 0}},
		{"video delayed by an empty edit", [][2]int{{700, -1}, {2000, 0}}, [][2]int{{2000, 0}}, [2]int64{700, 0}},
		{"audio delayed by an empty edit", nil, [][2]int{{300, -1}, {2000, 0}}, [2]int64{0, 300}},
		{"two empty edits", nil, [][2]int{{300, -1}, {100, -1}, {2000, 0}}, [2]int64{0, 400}},
		{"both shifted", [][2]int{{2000, 0}}, [][2]int{{2000, 0}}, [2]int64{0, 0}},
		{"no length: to the end", [][2]int{{0, 0}}, [][2]int{{0, 1024}}, [2]int64{21, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, a := video(50), audio(90)
			v.edits, a.edits = c.video, c.audio
			got, _ := readAll(t, open(t, build(v, a), 0))
			require.Equal(t, c.pts[0], times(got, 0)[0], "video")
			require.Equal(t, c.pts[1], times(got, 1)[0], "audio")
			require.Len(t, times(got, 0), 50)
		})
	}
}

func TestEditInsideGOP(t *testing.T) {
	// Sync samples at 0, 400, 800 ms; the edit begins at 500 ms: video comes
	// from 400 on, and audio beside it, though it would begin 200 ms early.
	v, a := video(50), audio(90)
	v.syncs, v.edits, a.edits = []int{1, 11, 21}, [][2]int{{1000, 500}}, [][2]int{{1000, 24000}}
	got, _ := readAll(t, open(t, build(v, a), 0))
	require.Equal(t, payload(0, 10, 110), got[firstOf(got, 0)].data)
	require.True(t, got[firstOf(got, 0)].Keyframe)
	// 500 ms of media is 200 ms before the edit: frame 14 begins at 298.7 ms.
	require.Equal(t, payload(1, 14, 20), got[firstOf(got, 1)].data)
	gap := got[firstOf(got, 0)].PTS - got[firstOf(got, 1)].PTS
	require.InDelta(t, float64(400*ms-14*1024*time.Second/48000), float64(gap), float64(ms))
	last := times(got, 0)
	require.Len(t, last, 28, "from sample 11 to the last before 1500 ms")
}

func firstOf(all []packet, track int) int {
	for i, p := range all {
		if p.Track == track {
			return i
		}
	}
	return -1
}

func TestSeveralEditsAreTold(t *testing.T) {
	v := video(50)
	v.edits = [][2]int{{400, 0}, {400, 1000}}
	s := open(t, build(v), 0)
	require.Equal(t, []string{"track 1: an edit list of 2 parts is played as one"}, s.Skipped())
	got, _ := readAll(t, s)
	require.Len(t, got, 35, "to the end of the last part, 1400 ms")
}

func TestCompositionOffsets(t *testing.T) {
	// I P B B, twice: decoded 0 40 80 120, shown 0 120 40 80.
	shown := []int64{0, 120, 40, 80, 160, 280, 200, 240}
	for _, c := range []struct {
		name    string
		version int
		offsets []int
		edit    [][2]int
		dts     int64 // of the first, against its presentation
	}{
		{"positive, cancelled by the edit", 0, []int{40, 120, 0, 0, 40, 120, 0, 0}, [][2]int{{0, 40}}, -40},
		{"positive, no edit", 0, []int{40, 120, 0, 0, 40, 120, 0, 0}, nil, -40},
		{"negative", 1, []int{0, 80, -40, -40, 0, 80, -40, -40}, nil, -40},
		{"negative in version 0", 0, []int{0, 80, -40, -40, 0, 80, -40, -40}, nil, -40},
		{"broken offset is passed over", 1, []int{0, 80, -40, -40, 0, 80, -40, -1 << 31}, nil, -40},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := video(8)
			v.version, v.offsets, v.edits = c.version, c.offsets, c.edit
			got, _ := readAll(t, open(t, build(v), 0))
			require.Len(t, got, 8)
			first := got[0].PTS
			require.Equal(t, c.dts, (got[0].DTS - first).Milliseconds())
			for i, p := range got {
				require.GreaterOrEqual(t, p.PTS, p.DTS)
				if i < 7 {
					require.Equal(t, shown[i], (p.PTS - first).Milliseconds())
					require.Equal(t, int64(40*i), (p.DTS - got[0].DTS).Milliseconds())
				}
			}
		})
	}
}

func TestShortCompositionTable(t *testing.T) {
	v := video(4)
	v.offsets = []int{40, 40}
	got, damage := readAll(t, open(t, build(v), 0))
	require.Empty(t, damage)
	require.Equal(t, []int64{40, 80, 80, 120}, times(got, 0))
}

func TestVariableFrameRate(t *testing.T) {
	v := video(5)
	v.deltas = []int{40, 500, 3, 40, 40}
	s := open(t, build(v), 0)
	got, _ := readAll(t, s)
	require.Equal(t, []int64{0, 40, 540, 543, 583}, decodeTimes(got, 0))
	require.InDelta(t, 5/0.623, s.Tracks()[0].FrameRate, 0.01)
	require.Equal(t, 623*ms, s.Duration())
}

func TestTicksRoundAndSaturate(t *testing.T) {
	require.Equal(t, 33366667*time.Nanosecond, toTime(1001, 30000))
	require.Equal(t, -33366667*time.Nanosecond, toTime(-1001, 30000))
	require.Equal(t, int64(1001), toTicks(33366667*time.Nanosecond, 30000))
	require.Equal(t, time.Duration(maxTime), toTime(maxTicks, 1))
	require.Equal(t, -time.Duration(maxTime), toTime(-maxTicks, 1))
	require.Equal(t, 56*8766*time.Hour, toTime(56*8766*3600*10_000_000, 10_000_000), "since 1970, in 100 ns")
}
