package decodetime

import (
	"math"
	"time"
)

// maxDepth is the largest reorder depth: the frames of a full decoded picture
// buffer (H.264, A.3.1).
const maxDepth = 16

// slowestPace bounds the time per unit of order that missing times are filled
// in with, so that one wild time does not make others.
const slowestPace = float64(10 * time.Second)

// shown is a picture with its place in display order and the time it has there.
type shown struct {
	pts   time.Duration
	order int64
	real  bool // false: no picture, only a time before the first one
	told  bool // the time came with the picture
}

// recent holds the pictures that are shown last, among those that have come:
// the latest first. It is full from its first picture on.
type recent [maxDepth + 1]shown

// begin forgets all pictures, and puts times before the first one at the
// distance of a frame.
func (r *recent) begin(first shown, frame time.Duration) {
	r[0] = first
	for i := 1; i < len(r); i++ {
		r[i] = shown{pts: first.pts - time.Duration(i)*frame}
	}
}

// add sorts a picture in, in place of the earliest one.
func (r *recent) add(p shown) {
	last := len(r) - 1
	if p.pts < r[last].pts {
		return
	}
	for last > 0 && r[last-1].pts < p.pts {
		r[last] = r[last-1]
		last--
	}
	r[last] = p
}

// overtaken counts the pictures that came before p and are shown after it, by
// their order and by their times: times alone jitter, and a damaged order alone
// would deepen the reordering for no reason.
func (r *recent) overtaken(p shown) (n int) {
	for i := range r {
		if r[i].real && r[i].order > p.order && r[i].pts > p.pts {
			n++
		}
	}
	return n
}

// spacing is the smallest distance in order of p to another picture, at most
// limit.
func (r *recent) spacing(p shown, limit int64) int64 {
	for i := range r {
		if d := r[i].order - p.order; r[i].real && d != 0 {
			limit = min(limit, max(d, -d))
		}
	}
	return limit
}

// earliest is the smallest time of a picture.
func (r *recent) earliest() time.Duration {
	at := r[0].pts
	for i := range r {
		if r[i].real {
			at = min(at, r[i].pts)
		}
	}
	return at
}

// timeAt tells when a picture at this place of the display order is shown: in
// proportion between its neighbours, or going on with the pace of the recent
// pictures. pace is used as long as there are none, per unit of order. Times
// that were filled in count only where there are no others.
func (r *recent) timeAt(order int64, pace float64) time.Duration {
	told := 0
	for i := range r {
		if r[i].told {
			told++
		}
	}
	below, above := shown{order: math.MinInt64}, shown{order: math.MaxInt64}
	first, last := above, below
	for _, s := range r {
		if !s.real || told > 1 && !s.told {
			continue
		}
		if s.order <= order && s.order > below.order {
			below = s
		}
		if s.order > order && s.order < above.order {
			above = s
		}
		if s.order < first.order {
			first = s
		}
		if s.order > last.order {
			last = s
		}
	}
	if measured := slope(first, last); measured > 0 {
		pace = min(measured, slowestPace)
	}
	switch {
	case below.real && above.real:
		return below.pts + time.Duration(float64(order-below.order)*slope(below, above))
	case below.real:
		return below.pts + time.Duration(float64(order-below.order)*pace)
	}
	return above.pts - time.Duration(float64(above.order-order)*pace)
}

// slope is the time per unit of order from a to b; 0 where it cannot be told.
func slope(a, b shown) float64 {
	if !a.real || !b.real || a.order >= b.order {
		return 0
	}
	return float64(b.pts-a.pts) / float64(b.order-a.order)
}
