package publish

// The policy of a full buffer in live mode (buffer-overflow-mode). Whatever it
// drops, every frame that arrives can be decoded: of a group of pictures it
// takes what nothing depends on, then the last ones, and nothing comes behind them
// until a keyframe.

// overflow makes room for f, which does not fit. The frames dropped for it are
// to be given back without the lock, which is held.
func (q *queue) overflow(t *queueTrack, f *frame) (what fate, victims []*frame, err error) {
	video := isVideo(f)
	switch {
	case q.mode == OverflowNoDrop:
		t.broken = t.broken || video
		return refused, nil, ErrBufferFull
	case !q.couldFit(f.size):
		t.broken = t.broken || video
		return overflowed, nil, nil
	case f.disposable:
		return overflowed, nil, nil
	case video && !f.keyframe:
		if q.freeDisposable(f, &victims) {
			return queued, victims, nil
		}
		t.broken = true
		return overflowed, victims, nil
	}
	for !q.fits(f) {
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
	if q.mode == OverflowNoDrop && q.latency == 0 {
		return refused, ErrBufferFull
	}
	return overflowed, nil
}

// couldFit tells whether f would fit if all were dropped that is not being
// sent.
func (q *queue) couldFit(size int) bool {
	return room(int64(q.limit), int64(q.sendingBytes), q.sending, size)
}

// freeDisposable makes room for f by dropping pictures that no other refers to.
func (q *queue) freeDisposable(f *frame, victims *[]*frame) bool {
	v := q.videoWaiting()
	for v != nil && !q.fits(f) {
		at := lastDisposable(v)
		if at < 0 {
			break
		}
		*victims = append(*victims, q.removeAt(v, at))
	}
	return q.fits(f)
}

// dropOne drops what is missed least: a picture that no other refers to; the last
// inter frame, which nothing in the queue depends on then; without any, the oldest
// keyframe; without any, the oldest audio. keyframe tells that a keyframe comes
// behind all of them.
func (q *queue) dropOne(keyframe bool) *frame {
	for _, choose := range []func(*queueTrack) int{lastDisposable, lastInter, oldestVideo, oldest} {
		for i := range q.tracks {
			t := &q.tracks[i]
			at := choose(t)
			if at < 0 {
				continue
			}
			f := q.removeAt(t, at)
			if isVideo(f) && !f.disposable && !keyframe && !keyframeFrom(t, at) {
				t.broken = true
			}
			return f
		}
	}
	return nil
}

func lastDisposable(t *queueTrack) int {
	for i := t.frames.len() - 1; i >= 0; i-- {
		if t.frames.at(i).disposable {
			return i
		}
	}
	return -1
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
