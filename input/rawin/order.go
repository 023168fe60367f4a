package rawin

import "rtmpwriter/media/h264"

// picture is an access unit with its places in decode and display order.
type picture struct {
	h264.AccessUnit
	n    int64 // in decode order, from 0
	rank int64 // in display order, from 0; -1 while it is not known
}

// order finds the display order of pictures. Like a decoder's output it keeps
// as many pictures back as may be overtaken, and lets out the one that is shown
// first (H.264, C.4.5.3); only that the pictures come out in decode order, once
// their rank is known. It holds at most 17 pictures and those between.
type order struct {
	window  int // pictures that may overtake
	waiting []picture
	unknown int // of waiting, without rank
	count   int64
	shown   int64
	// depth is by how many frames decode order has run ahead of display order
	// at most, so far: the delay that presentation needs.
	depth int64
}

// push takes the next picture in decode order.
func (o *order) push(au h264.AccessUnit) {
	if au.Restart || !au.Known {
		o.flush()
	}
	if au.SPS != nil {
		depth, declared := au.SPS.ReorderDepth()
		o.window = max(o.window, depth)
		if declared {
			o.depth = max(o.depth, int64(depth))
		}
	}
	o.waiting = append(o.waiting, picture{AccessUnit: au, n: o.count, rank: -1})
	o.count++
	for o.unknown++; o.unknown > o.window; {
		o.show()
	}
}

// flush gives all pictures their ranks: nothing will overtake them.
func (o *order) flush() {
	for o.unknown > 0 {
		o.show()
	}
}

// show gives the next rank to the picture with the smallest count.
func (o *order) show() {
	var first *picture
	for i := range o.waiting {
		if p := &o.waiting[i]; p.rank < 0 && (first == nil || p.Order < first.Order) {
			first = p
		}
	}
	first.rank = o.shown
	o.shown++
	o.unknown--
	o.depth = max(o.depth, first.n-first.rank)
}

// ready tells whether the next picture in decode order has its rank.
func (o *order) ready() bool { return len(o.waiting) > 0 && o.waiting[0].rank >= 0 }

// pop takes that picture.
func (o *order) pop() picture {
	p := o.waiting[0]
	o.waiting = o.waiting[:copy(o.waiting, o.waiting[1:])]
	return p
}
