package rawin

import (
	"errors"
	"fmt"
	"math"
	"time"

	"rtmpwriter/media/h264"
)

// maxRate bounds frame rates, in frames a second.
const maxRate = 1000

// rate is a frame rate of num/den frames a second.
type rate struct{ num, den int64 }

// time is when frame n is due, rounded to nanoseconds once. Whole seconds are
// split off, so that no stream is long enough to overflow.
func (r rate) time(n int64) time.Duration {
	units := n * r.den
	seconds, rest := units/r.num, units%r.num
	return time.Duration(seconds)*time.Second + time.Duration((rest*int64(time.Second)+r.num/2)/r.num)
}

// float is the rate in frames a second.
func (r rate) float() float64 { return float64(r.num) / float64(r.den) }

// chooseRate takes the frame rate that was asked for, or else the stream's.
func chooseRate(wanted float64, s *h264.SPS) (rate, error) {
	if wanted != 0 {
		return exactRate(wanted)
	}
	told := s.FrameRate()
	if told == 0 {
		return rate{}, errors.New("it tells no frame rate; give one with --frame-rate")
	}
	if told < 1 || told > maxRate {
		return rate{}, fmt.Errorf("it tells an odd frame rate, %g; give the right one with --frame-rate", told)
	}
	return rate{int64(s.TimeScale), 2 * int64(s.UnitsInTick)}, nil
}

// exactRate finds the fraction that a decimal number stands for: n/1001 for
// the rates of NTSC, else thousandths.
func exactRate(f float64) (rate, error) {
	if math.IsNaN(f) || f <= 0 || f > maxRate {
		return rate{}, fmt.Errorf("frame rate %g: must be above 0 and up to %d", f, maxRate)
	}
	whole := math.Round(f * 1.001)
	if ntsc := whole * 1000 / 1001; math.Abs(f-ntsc) < 0.001 && math.Abs(f-math.Round(f)) > 0.001 {
		return rate{int64(whole) * 1000, 1001}, nil
	}
	return rate{max(int64(math.Round(f*1000)), 1), 1000}, nil
}
