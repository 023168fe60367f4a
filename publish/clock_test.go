package publish

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const ms = time.Millisecond

func TestTrackClock(t *testing.T) {
	type in struct{ dts, pts time.Duration }
	for _, c := range []struct {
		name      string
		in        []in
		want      []in
		corrected int
	}{
		{
			name: "good times pass untouched",
			in:   []in{{0, 80 * ms}, {40 * ms, 40 * ms}, {40 * ms, 60 * ms}},
			want: []in{{0, 80 * ms}, {40 * ms, 40 * ms}, {40 * ms, 60 * ms}},
		},
		{
			name:      "a small step back stands still",
			in:        []in{{100 * ms, 100 * ms}, {90 * ms, 120 * ms}, {140 * ms, 140 * ms}},
			want:      []in{{100 * ms, 100 * ms}, {100 * ms, 120 * ms}, {140 * ms, 140 * ms}},
			corrected: 1,
		},
		{
			name:      "shown before decoded: decode earlier",
			in:        []in{{0, 0}, {100 * ms, 60 * ms}},
			want:      []in{{0, 0}, {60 * ms, 60 * ms}},
			corrected: 1,
		},
		{
			name:      "shown before what was decoded: show later",
			in:        []in{{50 * ms, 50 * ms}, {100 * ms, 10 * ms}},
			want:      []in{{50 * ms, 50 * ms}, {50 * ms, 50 * ms}},
			corrected: 1,
		},
		{
			name:      "a source that begins anew goes on without a gap",
			in:        []in{{10 * time.Second, 10 * time.Second}, {10*time.Second + 40*ms, 10*time.Second + 40*ms}, {0, 0}, {40 * ms, 80 * ms}},
			want:      []in{{10 * time.Second, 10 * time.Second}, {10*time.Second + 40*ms, 10*time.Second + 40*ms}, {10*time.Second + 80*ms, 10*time.Second + 80*ms}, {10*time.Second + 120*ms, 10*time.Second + 160*ms}},
			corrected: 1,
		},
		{
			name: "a gap in the source is honest",
			in:   []in{{0, 0}, {time.Hour, time.Hour}},
			want: []in{{0, 0}, {time.Hour, time.Hour}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			clock := trackClock{shared: &restarts{}}
			corrected := 0
			for i, x := range c.in {
				dts, pts, fixed := clock.adjust(x.dts, x.pts)
				require.Equal(t, c.want[i].dts, dts, "frame %d", i)
				require.Equal(t, c.want[i].pts, pts, "frame %d", i)
				if fixed {
					corrected++
				}
			}
			require.Equal(t, c.corrected, corrected)
		})
	}
}

// Rounding each time on its own keeps both within half a millisecond of the
// truth; truncating would let them drift apart by up to 2 ms.
func TestTimelineRounds(t *testing.T) {
	var l timeline
	frame := time.Second * 1001 / 30000
	start := 7*time.Second + 123456*time.Nanosecond
	for i := range 1000 {
		dts := start + time.Duration(i)*frame
		pts := dts + 2*frame
		timestamp, composition := l.stamp(dts, pts)
		trueDTS := float64(dts-start) / 1e6
		require.InDelta(t, trueDTS, float64(timestamp), 0.5001)
		require.InDelta(t, float64(pts-start)/1e6, float64(timestamp)+float64(composition), 0.5001)
	}
}

func TestTimelineNeverGivesNegativeCompositionOrTime(t *testing.T) {
	l := timeline{}
	_, composition := l.stamp(100*ms, 60*ms)
	require.Zero(t, composition)
	timestamp, _ := l.stamp(0, 0)
	require.Zero(t, timestamp, "a frame from before the first one is at the start")
	_, composition = l.stamp(200*ms, 200*ms+4*time.Hour)
	require.EqualValues(t, maxCompositionTime, composition, "more than 24 bits hold")
}

func TestTimelinePastThe32Bits(t *testing.T) {
	l := timeline{}
	l.stamp(0, 0)
	for _, at := range []int64{1<<31 - 1, 1 << 31, math.MaxUint32, 1 << 32, 1<<32 + 40} {
		d := time.Duration(at) * ms
		timestamp, composition := l.stamp(d, d+40*ms)
		require.Equal(t, uint32(at), timestamp)
		require.EqualValues(t, 40, composition)
	}
}

// Tracks that end apart go on together when their source begins anew.
func TestRestartKeepsTracksTogether(t *testing.T) {
	shared := &restarts{}
	video, audio := trackClock{shared: shared}, trackClock{shared: shared}
	for at := time.Duration(0); at <= 5000*ms; at += 40 * ms {
		video.adjust(at, at)
	}
	for at := time.Duration(0); at <= 900*ms; at += 20 * ms {
		audio.adjust(at, at)
	}
	v, _, corrected := video.adjust(0, 0)
	require.True(t, corrected)
	require.Equal(t, 5040*ms, v)
	a, _, corrected := audio.adjust(0, 0) // falls back by less than a second
	require.True(t, corrected)
	require.Equal(t, v, a)
	a, _, corrected = audio.adjust(20*ms, 20*ms)
	require.False(t, corrected)
	require.Equal(t, v+20*ms, a)
}
