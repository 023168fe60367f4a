package timecode

import (
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const day = 24 * time.Hour

// rates are those of the trade with what they must be.
var rates = []struct {
	fps      float64
	drop     bool
	num, den int64
	labels   int
	skipped  int
}{
	{23.976, false, 24000, 1001, 24, 0},
	{23.98, true, 24000, 1001, 24, 0}, // drop-frame does not exist here
	{24, false, 24, 1, 24, 0},
	{25, true, 25, 1, 25, 0},
	{29.97, false, 30000, 1001, 30, 0},
	{29.97, true, 30000, 1001, 30, 2},
	{30, true, 30, 1, 30, 0},
	{47.952, false, 48000, 1001, 48, 0},
	{50, false, 50, 1, 50, 0},
	{59.94, false, 60000, 1001, 60, 0},
	{59.94, true, 60000, 1001, 60, 4},
	{60, true, 60, 1, 60, 0},
	{119.88, true, 60000, 1001, 60, 4}, // pairs of frames
	{120, false, 60, 1, 60, 0},
	{100, false, 50, 1, 50, 0},
	{12.5, false, 13, 1, 13, 0},
	{27.3, false, 27, 1, 27, 0}, // variable: keeps up with the clock
	{0.4, false, 1, 1, 1, 0},
	{0, false, 25, 1, 25, 0},
	{math.NaN(), false, 25, 1, 25, 0},
	{math.Inf(1), false, 25, 1, 25, 0},
	{-30, false, 25, 1, 25, 0},
}

func TestRateOf(t *testing.T) {
	for _, c := range rates {
		r := RateOf(c.fps, c.drop)
		require.Equal(t, Rate{c.num, c.den, int64(c.labels), int64(c.skipped)}, r, "%v", c.fps)
		require.Equal(t, c.skipped > 0, r.DropFrame())
		require.Equal(t, c.labels, r.Labels())
	}
}

// Every label of a day, against a count of the other kind: one frame after the
// other, with the labels left out that the standard names.
func TestEveryLabelOfADay(t *testing.T) {
	for _, c := range rates {
		r := RateOf(c.fps, c.drop)
		frame := int64(0)
		for second := range 24 * 3600 {
			for number := range c.labels {
				if second%60 == 0 && second/60%10 != 0 && number < c.skipped {
					continue
				}
				want := Label{second / 3600, second / 60 % 60, second % 60, number}
				if got := r.Label(frame); got != want || r.Count(want) != frame {
					require.Equal(t, want, got, "%v: frame %d", c.fps, frame)
					require.Equal(t, frame, r.Count(want), "%v: %v", c.fps, want)
				}
				frame++
			}
		}
		require.Equal(t, frame, r.perDay(), "%v", c.fps)
		require.Equal(t, Label{}, r.Label(frame), "a day later it is midnight again")
		require.Equal(t, r.Label(frame-1), r.Label(-1))
	}
}

// The figures that books on the subject give.
func TestKnownLabels(t *testing.T) {
	for _, c := range []struct {
		fps   float64
		drop  bool
		frame int64
		want  string
	}{
		{29.97, true, 1799, "00:00:59:29"},
		{29.97, true, 1800, "00:01:00:02"},
		{29.97, true, 17981, "00:09:59:29"},
		{29.97, true, 17982, "00:10:00:00"},
		{29.97, true, 107892, "01:00:00:00"},
		{29.97, true, 2589407, "23:59:59:29"},
		{59.94, true, 3600, "00:01:00:04"},
		{59.94, true, 35964, "00:10:00:00"},
		{59.94, true, 5178815, "23:59:59:59"},
		{29.97, false, 1800, "00:01:00:00"},
		{23.976, false, 86400, "01:00:00:00"},
		{25, false, 2160000, "00:00:00:00"},
	} {
		require.Equal(t, c.want, RateOf(c.fps, c.drop).Label(c.frame).String(), "%v %t", c.fps, c.drop)
	}
}

// Days of stream lose no frame: the count is that of exact fractions.
func TestFramesOverDays(t *testing.T) {
	for _, c := range rates {
		r := RateOf(c.fps, c.drop)
		for _, d := range []time.Duration{0, 1, time.Second, 10 * time.Minute, day, 10 * day, 400 * day, 3660 * day, math.MaxInt64} {
			exact := new(big.Rat).SetFrac(big.NewInt(int64(d)), big.NewInt(int64(time.Second)))
			exact.Mul(exact, big.NewRat(c.num, c.den)).Add(exact, big.NewRat(1, 2))
			want := new(big.Int).Quo(exact.Num(), exact.Denom())
			require.Equal(t, want.Int64(), r.Frames(d), "%v frames/s, %v", c.fps, d)
		}
		require.Zero(t, r.Frames(-time.Second))
	}
}

// At 29.97 drop-frame labels are 2.6 frames off the clock after a day, and at
// whole rates none ever.
func TestLabelsKeepUpWithTheClock(t *testing.T) {
	for _, c := range []struct {
		fps  float64
		drop bool
		at   time.Duration
		want string
	}{
		{29.97, true, day, "00:00:00:03"},
		{29.97, true, 10 * day, "00:00:00:26"},
		{59.94, true, day, "00:00:00:05"},
		{59.94, true, 10 * day, "00:00:00:52"},
		{25, false, day, "00:00:00:00"},
		{25, false, 10*day + 40*time.Millisecond, "00:00:00:01"},
		{50, false, 10*day + time.Hour, "01:00:00:00"},
		{60, false, 10*day - time.Second, "23:59:59:00"},
		{23.976, false, day, "23:58:33:16"}, // non-drop loses 86.3 s a day, as it must
	} {
		r := RateOf(c.fps, c.drop)
		require.Equal(t, c.want, r.Label(r.Frames(c.at)).String(), "%v frames/s after %v", c.fps, c.at)
	}
}

// Times that were rounded to milliseconds on their way still find their frame.
func TestRoundedTimesFindTheirFrame(t *testing.T) {
	for _, c := range rates {
		r := RateOf(c.fps, c.drop)
		for n := range int64(20_000) {
			exact := time.Duration(n * c.den * int64(time.Second) / c.num)
			require.Equal(t, n, r.Frames(exact.Round(time.Millisecond)), "%v frames/s", c.fps)
		}
	}
}

func TestLabelInAnotherRate(t *testing.T) {
	from, to := RateOf(25, false), RateOf(59.94, true)
	require.Equal(t, Label{1, 2, 3, 28}, from.In(to, Label{1, 2, 3, 12}))
	require.Equal(t, Label{1, 1, 0, 4}, from.In(to, Label{1, 1, 0, 0}), "that label does not exist there")
	require.Equal(t, Label{1, 2, 3, 12}, from.In(from, Label{1, 2, 3, 12}))
}
