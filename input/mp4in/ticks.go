package mp4in

import (
	"math/bits"
	"time"
)

// scale is v*num/den rounded to the nearest, saturated to ±maxTime. den is not
// 0.
func scale(v int64, num, den uint64) int64 {
	u := uint64(v)
	if v < 0 {
		u = -u
	}
	hi, lo := bits.Mul64(u, num)
	lo, carry := bits.Add64(lo, den/2, 0)
	hi += carry
	q := uint64(maxTime)
	if hi < den {
		q, _ = bits.Div64(hi, lo, den)
		q = min(q, maxTime)
	}
	if v < 0 {
		return -int64(q)
	}
	return int64(q)
}

// toTime converts ticks of 1/timescale s.
func toTime(ticks int64, timescale uint32) time.Duration {
	return time.Duration(scale(ticks, uint64(time.Second), uint64(timescale)))
}

// toTicks converts to ticks of 1/timescale s.
func toTicks(d time.Duration, timescale uint32) int64 {
	return scale(int64(d), uint64(timescale), uint64(time.Second))
}
