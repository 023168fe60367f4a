package timecode

import (
	"math"
	"math/bits"
	"time"
)

// Rate is a frame rate: an exact fraction of frames a second, and how its frames
// are labelled. The zero Rate is not useful, RateOf makes one.
type Rate struct {
	num, den int64
	// labels are the frame numbers of a second, 1 to 60.
	labels int64
	// skipped are the labels left out at the start of each minute but every
	// tenth, so that labels keep up with the clock: 2 or 4; 0 counts non-drop.
	skipped int64
}

const (
	// assumed is the rate of a stream that has none or does not tell it.
	assumed = 25
	// maxLabels is the highest rate with a label of its own for each frame. Above
	// it labels count pairs of frames (or fours), as ST 12-1 does.
	maxLabels = 60
	// nearRate is how far a told or measured rate may be off one of the family
	// 24000/1001, 30000/1001 to be taken for it: half of the distance to the whole
	// rate beside it, and more where no rate is near.
	nearRate = 0.002
)

// RateOf finds the exact rate for fps frames a second: 23.976 is 24000/1001,
// 29.97 30000/1001. Any other is counted by the nearest whole rate, so that its
// labels keep up with the clock. 0 or less and NaN stand for 25. dropFrame counts
// drop-frame where that exists: at 29.97 and 59.94, and at their doubles.
func RateOf(fps float64, dropFrame bool) Rate {
	if !(fps > 0) || fps > 1000 {
		fps = assumed
	}
	for math.Round(fps) > maxLabels {
		fps /= 2
	}
	n := int64(max(math.Round(fps), 1))
	r := Rate{num: n, den: 1, labels: n}
	slow := float64(n) * 1000 / 1001
	family := n%24 == 0 || n%30 == 0
	if family && math.Abs(fps-slow) < math.Abs(fps-float64(n)) && math.Abs(fps-slow) < slow*nearRate {
		r.num, r.den = n*1000, 1001
		if dropFrame && n%30 == 0 {
			r.skipped = n / 15
		}
	}
	return r
}

// DropFrame tells whether labels are left out.
func (r Rate) DropFrame() bool { return r.skipped > 0 }

// Labels is how many frame numbers a second has.
func (r Rate) Labels() int { return int(r.labels) }

// Frames is how many frames fit in d, rounded to the nearest. It is exact for any
// d. A negative d counts as 0.
func (r Rate) Frames(d time.Duration) int64 {
	if d <= 0 {
		return 0
	}
	// 128 bits hold d * num for any d; the quotient fits 64 bits, because a
	// nanosecond has less than one frame.
	second := uint64(r.den) * uint64(time.Second)
	hi, lo := bits.Mul64(uint64(d), uint64(r.num))
	lo, carry := bits.Add64(lo, second/2, 0)
	frames, _ := bits.Div64(hi+carry, lo, second)
	return int64(frames)
}

// perMinute is how many labels a minute has that leaves some out.
func (r Rate) perMinute() int64 { return 60*r.labels - r.skipped }

// perTen is how many labels ten minutes have.
func (r Rate) perTen() int64 { return 600*r.labels - 9*r.skipped }

// perDay is how many labels a day has.
func (r Rate) perDay() int64 { return 24 * 6 * r.perTen() }
