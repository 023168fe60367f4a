package publish

// The policy of a full buffer in live mode (buffer-overflow-mode). Whatever it
// drops, every frame that arrives can be decoded: of a group of pictures it
// takes the last ones, and nothing comes behind them until a keyframe.

// overflow makes room for f, which does not fit. The frames dropped for it are
// to be given back without the lock, which is held.
func (q *queue) overflow(t *queueTrack, f *frame) (what fate, victims []*frame, err error) {
	video := f.config.codec.IsVideo()
	switch {
	case q.mode == OverflowNoDrop:
		t.broken = t.broken || video
		return refused, nil, ErrBufferFull
	case video && !f.keyframe, !q.couldFit(f.size):
		t.broken = t.broken || video
		return overflowed, nil, nil
	}
	for !q.fits(f.size) {
		victim := q.dropOne(video)
		if victim == nil {
			break // nothing is queued any more, so f fits
		}
		victims = append(victims, victim)
	}
	return queued, victims, nil
}

// afterBroken says what becomes of a frame that depends on one that was lost.
func (q *queue) afterBroken() (fate, error) {
	if q.mode == OverflowNoDrop {
		return refused, ErrBufferFull
	}
	return overflowed, nil
}

// couldFit tells whether f would fit if all were dropped that is not being
// sent.
func (q *queue) couldFit(size int) bool {
	return q.room(q.sendingBytes, q.sending, size)
}

// dropOne drops what is missed least: the last inter frame, which nothing in
// the queue depends on; without any, the oldest keyframe; without any, the
// oldest audio. keyframe tells that a keyframe comes behind all of them.
func (q *queue) dropOne(keyframe bool) *frame {
	for _, choose := range []func(*queueTrack) int{lastInter, oldestVideo, oldest} {
		for i := range q.tracks {
			t := &q.tracks[i]
			at := choose(t)
			if at < 0 {
				continue
			}
			f := t.frames.remove(at)
			q.bytes -= f.size
			q.frames--
			t.done++
			if f.config.codec.IsVideo() && !keyframe && !keyframeFrom(t, at) {
				t.broken = true
			}
			return f
		}
	}
	return nil
}

func lastInter(t *queueTrack) int {
	for i := t.frames.len() - 1; i >= 0; i-- {
		if f := t.frames.at(i); f.config.codec.IsVideo() && !f.keyframe {
			return i
		}
	}
	return -1
}

func oldestVideo(t *queueTrack) int {
	if t.frames.len() > 0 && t.frames.at(0).config.codec.IsVideo() {
		return 0
	}
	return -1
}

func oldest(t *queueTrack) int { return min(t.frames.len(), 1) - 1 }

// keyframeFrom tells whether the frame at a place, if there is one, is a
// keyframe: one that was dropped before it is not missed behind it.
func keyframeFrom(t *queueTrack, at int) bool {
	return at < t.frames.len() && t.frames.at(at).keyframe
}
