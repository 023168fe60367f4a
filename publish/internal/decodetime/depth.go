package decodetime

import "rtmpwriter/media/h264"

const (
	// learnPictures is how many pictures must have come, at a keyframe, before
	// the depth that they showed is believed: more than can be reordered.
	learnPictures = maxDepth
	// learnAnyway is how many are enough without a keyframe, for streams that
	// have none but the first: the longest GOP that encoders make by default.
	learnAnyway = 250
)

// depth is the reorder depth in force.
//
// A depth that the stream declares holds from the first picture on. Where none
// is declared, the bound that the level puts on the decoded picture buffer comes
// first: too deep only costs delay, while too shallow a depth would show
// pictures late. Once a GOP has shown how deep the stream goes, that holds. A
// stream that goes deeper than it should raises the depth for good.
type depth struct {
	inForce  int
	declared bool
	bound    int // what the parameter set said
	sps      *h264.SPS
	deepest  int // seen since
	pictures int // seen since; -1: learnt
}

// follow takes over what a new parameter set says, and tells whether the depth
// is another one; a set that says the same changes nothing.
func (d *depth) follow(sps *h264.SPS) (changed bool) {
	if sps == nil || sps == d.sps {
		return false
	}
	bound, declared := sps.ReorderDepth()
	first := d.sps == nil
	d.sps = sps
	if !first && bound == d.bound && declared == d.declared {
		return false
	}
	*d = depth{inForce: bound, declared: declared, bound: bound, sps: sps}
	return true
}

// note takes what the next picture shows: how many pictures it is shown before
// that came before it.
func (d *depth) note(pic *h264.Picture, overtaken int) {
	enough := pic.Keyframe && d.pictures >= learnPictures || d.pictures >= learnAnyway
	if enough && !d.declared {
		d.inForce, d.pictures = d.deepest, -1
	}
	if d.pictures >= 0 {
		d.pictures++
	}
	overtaken = min(overtaken, maxDepth)
	d.deepest = max(d.deepest, overtaken)
	d.inForce = max(d.inForce, overtaken)
}
