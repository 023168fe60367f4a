package input

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// ParseTime reads a time as people write it: seconds (90, 12.5), [HH:]MM:SS
// with or without a fraction, or a duration (1m30s). It is never negative.
func ParseTime(s string) (time.Duration, error) {
	if d, err := time.ParseDuration(s); err == nil && d >= 0 {
		return d, nil
	}
	parts := strings.Split(s, ":")
	if len(parts) > 3 {
		return 0, errors.New("a time has at most hours, minutes and seconds")
	}
	seconds := 0.0
	for i, part := range parts {
		n, err := strconv.ParseFloat(part, 64)
		last := i == len(parts)-1
		switch {
		case err != nil:
			return 0, errors.New("not a time")
		case !(n >= 0 && n < 1e6): // NaN too
			return 0, errors.New("out of range")
		case !last && n != math.Trunc(n), i > 0 && n >= 60:
			return 0, errors.New("minutes and seconds go to 59")
		}
		seconds = seconds*60 + n
	}
	return time.Duration(math.Round(seconds * float64(time.Second))), nil
}
