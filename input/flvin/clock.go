package flvin

import "time"

// wrapSlack is how near to a wrap two timestamps must lie, in milliseconds, to
// be taken for the last before and the first after it.
const wrapSlack = 10_000

// shortWraps are where writers wrap that do not use all 32 bits: those that
// forget the extended byte after 4.7 hours, those that keep the top bit 0 (a
// good many) after 24.9 days.
var shortWraps = [...]uint32{1 << 24, 1 << 31}

// clock unrolls the timestamps of an FLV file, audio and video in the order of
// the file.
type clock struct {
	begun bool
	last  uint32
	now   int64 // milliseconds
}

// at is the time of the timestamp.
func (c *clock) at(timestamp uint32) time.Duration {
	if c.begun {
		c.now += step(c.last, timestamp)
	} else {
		c.now = int64(timestamp)
	}
	c.begun, c.last = true, timestamp
	return time.Duration(c.now) * time.Millisecond
}

// step is the time from one timestamp to the next in milliseconds. It may be
// negative, by up to 2^31.
func step(from, to uint32) int64 {
	for _, wrap := range shortWraps {
		switch {
		case justBefore(from, wrap) && to < wrapSlack:
			return int64(to) + int64(wrap) - int64(from)
		case justBefore(to, wrap) && from < wrapSlack:
			return int64(to) - int64(wrap) - int64(from)
		}
	}
	return int64(int32(to - from))
}

func justBefore(timestamp, wrap uint32) bool {
	return timestamp < wrap && wrap-timestamp <= wrapSlack
}
