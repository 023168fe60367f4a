package rawin

import "rtmpwriter/media/h264"

// maxOvertaken bounds how many pictures one that is shown late keeps waiting:
// twice the longest pyramids. Counts that go ever downwards, in a broken stream,
// would let the first picture wait for the end.
const maxOvertaken = 64

// fewWaiting pictures are moved up when one is taken. There are more when a read
// has brought hundreds of tiny ones: to move them all for each would take longer
// than all else.
const fewWaiting = 32

// picture is an access unit with its places in decode and display order.
type picture struct {
	h264.AccessUnit
	n    int64 // in decode order, from 0
	rank int64 // in display order, from 0; -1 while it is not known
}

// order finds the display order of pictures. Like a decoder's output it keeps
// as many pictures back as may be overtaken, and lets out the one that is shown
// first (H.264, C.4.5.3); only that the pictures come out in decode order, once
// their rank is known. It holds at most 17 pictures without a rank, and between
// them, with what has not been taken yet, those that overtake them.
type order struct {
	window  int // pictures that may overtake
	waiting []picture
	ranked  int // at the front of waiting, ready to be taken
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
	if len(o.waiting)-o.ranked > maxOvertaken {
		o.flush()
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
	for i := o.ranked; i < len(o.waiting); i++ {
		if p := &o.waiting[i]; p.rank < 0 && (first == nil || p.Order < first.Order) {
			first = p
		}
	}
	first.rank = o.shown
	o.shown++
	o.unknown--
	o.depth = max(o.depth, first.n-first.rank)
	for o.ranked < len(o.waiting) && o.waiting[o.ranked].rank >= 0 {
		o.ranked++
	}
}

// ready tells whether the next picture in decode order has its rank.
func (o *order) ready() bool { return o.ranked > 0 }

// pop takes that picture.
func (o *order) pop() picture {
	p := o.waiting[0]
	o.ranked--
	if len(o.waiting) > fewWaiting {
		o.waiting[0] = picture{}
		o.waiting = o.waiting[1:]
		return p
	}
	o.waiting = o.waiting[:copy(o.waiting, o.waiting[1:])]
	return p
}

// clear throws away all pictures.
func (o *order) clear() {
	for i := range o.waiting {
		o.waiting[i].Release()
	}
	o.waiting, o.ranked, o.unknown = nil, 0, 0
}
