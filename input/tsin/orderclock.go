package tsin

import (
	"time"

	"rtmpwriter/media/h264"
)

// orderClock guesses presentation times from picture order counts, for access
// units that share a PES packet with one before them and have no timestamp.
type orderClock struct {
	known bool
	order int64         // picture order count of the last known picture
	pts   time.Duration // and its presentation time
	unit  time.Duration // presentation time that a count of 1 stands for
	lag   time.Duration // PTS - DTS of a picture that restarts the order
}

// learn takes a picture whose times are known.
func (o *orderClock) learn(p h264.Picture, dts, pts, frame time.Duration) {
	if !p.Known {
		return
	}
	switch {
	case p.Restart:
		o.lag = pts - dts
	case o.known && p.Order != o.order:
		if unit := (pts - o.pts) / time.Duration(p.Order-o.order); unit > 0 && unit <= 2*frame {
			o.unit = unit
		}
	}
	if o.unit == 0 {
		o.unit = frame / 2 // two counts a frame, as most encoders have it
	}
	o.known, o.order, o.pts = true, p.Order, pts
}

// guess tells the presentation time of a picture with the decode time dts.
func (o *orderClock) guess(p h264.Picture, dts time.Duration) time.Duration {
	if !p.Known || !o.known {
		return dts + o.lag
	}
	pts := o.pts + time.Duration(p.Order-o.order)*o.unit
	if p.Restart {
		pts = dts + o.lag
	}
	if pts < dts || pts > dts+maxDelay {
		pts = dts
	}
	o.order, o.pts = p.Order, pts
	return pts
}
