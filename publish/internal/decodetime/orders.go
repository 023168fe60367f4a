package decodetime

import "rtmpwriter/media/h264"

const (
	// usualStep is how far picture order counts of frames are apart, nearly
	// always: two fields each.
	usualStep = 2
	// reach bounds how far a picture lies from the latest one, in steps.
	// Farther back is no reordering, farther ahead no gap: the count has lost
	// its origin, as when an IDR picture is lost.
	reach = 64
)

// orders puts the picture order counts of a stream on one line, across IDR
// pictures and everything else that begins them anew.
type orders struct {
	begun  bool
	base   int64 // of the line, where a count is 0
	latest int64 // on the line
	step   int64 // from frame to frame
}

// place is where a picture lies on the line. One whose order is not known is
// taken to be shown next.
func (o *orders) place(pic *h264.Picture) int64 {
	next := o.latest + o.step
	first := !o.begun
	if first {
		*o = orders{begun: true, step: usualStep}
		next = 0
	}
	at := next
	if pic.Known {
		at = o.base + pic.Order
		if far := reach * o.step; first || pic.Restart || at < o.latest-far || at > o.latest+far {
			o.base, at = next-pic.Order, next
		}
	}
	o.latest = max(o.latest, at)
	return at
}
