package decodetime

import (
	"time"

	"rtmpwriter/media/h264"
)

const (
	// jump is how far a presentation time must be off to mean that the source
	// began anew or has a gap, rather than that its times jitter.
	jump = time.Second
	// slowest and fastest bound the frame rates that are believed, in frames a
	// second: streams of variable rate tell the rate of their clock.
	slowest, fastest = 1, 1000
	// usualFrame is the length of a frame where nothing tells it.
	usualFrame = 40 * time.Millisecond
)

// Times are what the Estimator finds for a picture.
type Times struct {
	// DTS is never above PTS, and never below that of the picture before,
	// unless the source began anew by more than a second.
	DTS, PTS time.Duration
	// Corrected tells that PTS is not the sample's own: it had none, or one
	// that came too late to be kept.
	Corrected bool
	// Reordered tells that the picture is shown before one that came earlier.
	Reordered bool
	// Leading tells of a picture that is shown before the keyframe that the
	// stream begins with and cannot be decoded without what was before it. It
	// has no times.
	Leading bool
}

// Estimator finds the decode times of one stream. The zero value is ready.
type Estimator struct {
	// InOrder takes decode order for display order: no delay, and what is
	// shown earlier than it can be is shown as early as it can.
	InOrder bool
	// FrameRate is what others know of it, in frames a second; 0: nothing. It
	// matters for the first few pictures alone, and only where the stream
	// does not tell its rate.
	FrameRate float64

	begun  bool
	last   time.Duration // decode time
	told   time.Duration // the latest presentation time that came with a picture
	depth  depth
	orders orders
	recent recent

	start shown // the picture that the stream began with
	open  bool  // until the next keyframe: it is a recovery point
}

// Reset forgets the stream, as after a seek.
func (e *Estimator) Reset() { *e = Estimator{InOrder: e.InOrder, FrameRate: e.FrameRate} }

// Next takes the next picture in decode order, and its presentation time. A
// picture that is not timed has none: pts is then where the stream is, for the
// case that no picture had one before.
func (e *Estimator) Next(pic *h264.Picture, pts time.Duration, timed bool) Times {
	changed := e.depth.follow(pic.SPS)
	p := shown{order: e.orders.place(pic), pts: pts, real: true, told: timed}
	if !timed && e.begun {
		p.pts = e.recent.timeAt(p.order, float64(e.frame())/float64(e.orders.step))
	}
	if e.leads(pic, p) {
		return Times{Leading: true}
	}
	if !e.begun || timed && e.isSeam(pic, p, changed) {
		e.begin(p)
	} else {
		e.recent.add(p)
	}
	e.orders.step = e.recent.spacing(p, e.orders.step)
	overtaken := e.recent.overtaken(p)
	e.depth.note(pic, overtaken)
	if timed {
		e.told = max(e.told, p.pts)
	}
	at := e.recent[0].pts
	if !e.InOrder {
		at = e.recent[e.depth.inForce].pts
	}
	e.last = max(e.last, at)
	return Times{
		DTS: e.last, PTS: max(p.pts, e.last),
		Corrected: !timed || p.pts < e.last, Reordered: overtaken > 0,
	}
}

// begin starts a timeline at p.
func (e *Estimator) begin(p shown) {
	if !e.begun || p.pts < e.recent[0].pts {
		e.last = p.pts - maxDepth*e.frame()
	}
	e.recent.begin(p, e.frame())
	e.told = p.pts
	e.begun = true
}

// isSeam tells that the times before p say nothing of it: the source began
// anew, or has a gap at which the order of pictures begins anew too. At any
// other gap the next times follow from those before it, however long it is.
// Times that were filled in may have run ahead: falling back behind them is no
// new beginning.
func (e *Estimator) isSeam(pic *h264.Picture, p shown, changed bool) bool {
	if pic.Restart {
		gap := jump
		if changed {
			gap = 0 // another encoding, with a delay of its own before its first picture
		}
		return p.pts > e.recent[0].pts+gap || p.pts < e.told-jump
	}
	return p.pts < min(e.last, e.told)-jump && (p.order >= e.orders.latest || p.pts < e.recent.earliest())
}

// leads tells a leading picture: the stream begins at a recovery point, and the
// picture refers to what was before.
func (e *Estimator) leads(pic *h264.Picture, p shown) bool {
	switch {
	case !e.begun:
		e.start, e.open = p, pic.Keyframe && !pic.IDR
	case pic.Keyframe:
		e.open = false
	}
	return e.open && pic.Type == h264.SliceB && p.order < e.start.order && p.pts < e.start.pts
}

// frame is the length of a frame, by the best that is known.
func (e *Estimator) frame() time.Duration {
	if s := e.depth.sps; s != nil && s.FrameRate() >= slowest && s.FrameRate() <= fastest {
		return time.Duration(2 * uint64(s.UnitsInTick) * uint64(time.Second) / uint64(s.TimeScale))
	}
	if e.FrameRate >= slowest && e.FrameRate <= fastest {
		return time.Duration(float64(time.Second) / e.FrameRate)
	}
	return usualFrame
}
