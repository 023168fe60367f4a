package advice

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	most  = int64(6_000_000)
	floor = int64(200_000)
)

// fixed is a link with a fixed line's queue and round trip.
func fixed(rate func(time.Duration) int64) link {
	return link{rate: rate, queue: 100 * time.Millisecond, rtt: 40 * time.Millisecond, noise: 20 * time.Millisecond}
}

// lively is an encoder whose frames differ by a fifth and that takes a second.
func lively() encoder { return encoder{most: most, follows: time.Second, variation: 200} }

// TestQuiet: where the link carries the encoder, nothing is said.
func TestQuiet(t *testing.T) {
	still := lively()
	still.scene = func(now time.Duration) int64 {
		if now%(40*time.Second) < 30*time.Second {
			return 80 // of a thousand: a still picture, then motion
		}
		return 1000
	}
	keys := lively()
	keys.key = 10
	long := keys
	long.gop = 300
	noisy := fixed(constant(7_000_000))
	noisy.noise = 400 * time.Millisecond
	blind := fixed(constant(7_000_000))
	blind.blind = true
	for name, c := range map[string]struct {
		link    link
		encoder encoder
	}{
		"room":                     {fixed(constant(10_000_000)), lively()},
		"large keyframes, 15 %":    {fixed(constant(7_000_000)), keys},
		"a keyframe every 10 s":    {fixed(constant(7_000_000)), long},
		"still, then motion":       {fixed(constant(7_000_000)), still},
		"round-trip times jitter":  {noisy, lively()},
		"no statistics of sockets": {blind, keys},
		"short stalls": {fixed(func(now time.Duration) int64 {
			if now%(7*time.Second) < 150*time.Millisecond {
				return 0
			}
			return 9_000_000
		}), lively()},
	} {
		t.Run(name, func(t *testing.T) {
			out := run(c.link, c.encoder, advised(floor, most), 3*time.Minute)
			require.Empty(t, out.times, "%v", out.judged(most))
		})
	}
}

// TestStep: 6 Mbit/s, then half, then all again.
func TestStep(t *testing.T) {
	const down, up = 30 * time.Second, 75 * time.Second
	for _, follows := range []time.Duration{0, time.Second, 3 * time.Second} {
		for _, blind := range []bool{false, true} {
			t.Run(fmt.Sprintf("follows after %v, blind %v", follows, blind), func(t *testing.T) {
				l := fixed(step(7_000_000, 3_000_000, down, up))
				l.blind = blind
				e := lively()
				e.follows = follows
				out := run(l, e, advised(floor, most), 3*time.Minute)

				// Two rises of the backlog are two samples; a third is the one they rise from.
				fell, ok := out.reaches(down, func(p point) bool { return p.target+sound <= 3_000_000 })
				require.True(t, ok)
				require.LessOrEqual(t, fell, 750*time.Millisecond)
				// Until the encoder follows, half a second waits per second. A second
				// more is the detection and the keyframe of then.
				v := out.judged(most)
				require.LessOrEqual(t, v.backlog, follows/2+2500*time.Millisecond)
				// Half of the link at worst, and the sound.
				require.GreaterOrEqual(t, v.lowest, 1_500_000-sound-10_000)
				// What waited is sent from half of the link on.
				drained, ok := out.reaches(down+2*time.Second, func(p point) bool { return p.Backlog < high })
				require.True(t, ok)
				require.LessOrEqual(t, drained, 10*time.Second)
				// Two probes have failed at most, so that the wait is 20 s; nine steps take 3 s each.
				back, ok := out.reaches(up, func(p point) bool { return p.target == most })
				require.True(t, ok)
				require.LessOrEqual(t, back, 50*time.Second)
				require.LessOrEqual(t, v.perMinute, int64(10))
			})
		}
	}
}

// TestSixtyPercent: a link that takes 60 % of the bit rate for 20 s.
func TestSixtyPercent(t *testing.T) {
	const down, up = 30 * time.Second, 50 * time.Second
	rate := step(7_000_000, (most+sound)*6/10, down, up)
	out := run(fixed(rate), lively(), advised(floor, most), 2*time.Minute)
	require.LessOrEqual(t, out.judged(most).backlog, 1500*time.Millisecond)
	for _, p := range out.from(up + 2*time.Second).points {
		require.Less(t, p.Backlog, high, "at %v", p.Time)
	}
	back, ok := out.reaches(up, func(p point) bool { return p.target == most })
	require.True(t, ok)
	require.LessOrEqual(t, back, 30*time.Second)

	// Without advice the backlog is 40 % of 20 s, and takes a minute to go.
	alone := run(fixed(rate), lively(), nobody{}, 2*time.Minute).judged(most)
	require.Greater(t, alone.backlog, 6*time.Second)
}

// TestNothingMoves: five seconds of nothing are no reason to fall to the floor.
func TestNothingMoves(t *testing.T) {
	const down, up = 30 * time.Second, 35 * time.Second
	out := run(fixed(step(8_000_000, 0, down, up)), lively(), advised(floor, most), 90*time.Second)
	require.Equal(t, most/2, out.judged(most).lowest)
	back, ok := out.reaches(up, func(p point) bool { return p.target == most })
	require.True(t, ok)
	// 30 Mbit wait and go at 5 Mbit/s beside the halved stream.
	require.LessOrEqual(t, back, 10*time.Second)
	require.Len(t, out.times, 2)
}

// TestConstant: a link of half the rate is found, held, and probed seldom.
func TestConstant(t *testing.T) {
	const capacity = 3_000_000
	out := run(fixed(constant(capacity)), lively(), advised(floor, most), 10*time.Minute).from(20 * time.Second)
	v := out.judged(most)
	require.GreaterOrEqual(t, v.utilisation, int64(850), "held at 900, less the room after probes")
	require.Zero(t, v.late)
	require.LessOrEqual(t, v.backlog, 700*time.Millisecond, "a probe is 4 % to 9 % too much")
	// Probes fail ever more seldom, every 95 s in the end, with four steps up and two or three down.
	require.LessOrEqual(t, out.from(5*time.Minute).judged(most).perMinute, int64(5))
	for _, p := range out.points {
		require.LessOrEqual(t, p.target, int64(capacity*11/10))
		require.GreaterOrEqual(t, p.target, int64(capacity/2))
	}
}

// TestDeepBuffer: a link with three seconds of queue shows by its round-trip time.
func TestDeepBuffer(t *testing.T) {
	l := fixed(step(8_000_000, 3_000_000, 20*time.Second, time.Hour))
	l.queue = 3 * time.Second
	out := run(l, lively(), advised(floor, most), 3*time.Minute)
	fell, ok := out.reaches(20*time.Second, func(p point) bool { return p.target < most })
	require.True(t, ok)
	require.LessOrEqual(t, fell, 1500*time.Millisecond)
	for _, p := range out.from(time.Minute).points {
		// 450 ms tell. What a probe of 5 % to 15 % too much adds until then and until
		// the encoder follows is not more than that again; the buffer has 3 s.
		require.Less(t, p.RTT, 1200*time.Millisecond, "at %v", p.Time)
		require.Zero(t, p.Backlog)
	}
}

// TestSlow: links that carry about the floor or less.
func TestSlow(t *testing.T) {
	for _, capacity := range []int64{40_000, 300_000, 500_000} {
		out := run(fixed(constant(capacity)), lively(), advised(floor, most), time.Minute)
		v := out.judged(most)
		require.Equal(t, floor, v.lowest)
		fell, ok := out.reaches(0, func(p point) bool { return p.target <= capacity || p.target == floor })
		require.True(t, ok)
		require.LessOrEqual(t, fell, 5*time.Second)
	}
}

// TestDeaf: an encoder that does not follow is not driven to the floor.
func TestDeaf(t *testing.T) {
	e := lively()
	e.deaf = true
	out := run(fixed(constant(3_000_000)), e, advised(floor, most), 3*time.Minute)
	v := out.judged(most)
	require.GreaterOrEqual(t, v.lowest, 3_000_000/2-sound-10_000)
	require.LessOrEqual(t, len(out.times), 4)
}

// TestStillOnSlow: a still picture proves nothing. The target rises slowly behind
// it, and motion is caught at once.
func TestStillOnSlow(t *testing.T) {
	e := lively()
	e.scene = func(now time.Duration) int64 {
		if now > 30*time.Second && now < 90*time.Second {
			return 100
		}
		return 1000
	}
	out := run(fixed(constant(3_000_000)), e, advised(floor, most), 3*time.Minute)
	for _, p := range out.points {
		if p.Time > 30*time.Second && p.Time < 90*time.Second {
			require.LessOrEqual(t, p.target, int64(4_500_000), "at %v", p.Time)
		}
	}
	require.LessOrEqual(t, out.from(20*time.Second).judged(most).backlog, 2*time.Second)
}

// TestCautiousEncoder: one that never uses its rate gets back what it was refused.
func TestCautiousEncoder(t *testing.T) {
	e := lively()
	e.scene = func(time.Duration) int64 { return 600 }
	out := run(fixed(step(8_000_000, 1_500_000, 10*time.Second, 30*time.Second)), e, advised(floor, most), 5*time.Minute)
	require.Less(t, out.judged(most).lowest, int64(1_500_000))
	require.Equal(t, most, out.points[len(out.points)-1].target)
}
