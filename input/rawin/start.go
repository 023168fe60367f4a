package rawin

import (
	"fmt"
	"io"
	"os"
	"time"

	"rtmpwriter/media"
)

// gate lets pictures through from a keyframe on.
type gate struct {
	at      time.Duration // earliest presentation time of the keyframe
	open    bool
	leading bool          // no picture behind the keyframe yet
	shown   time.Duration // the keyframe's presentation time
}

// pass tells whether a picture goes out. Pictures of an open GOP that are shown
// before its keyframe refer to what is cut off.
func (g *gate) pass(p *media.Packet) bool {
	if !g.open {
		if !p.Keyframe || p.PTS < g.at {
			return false
		}
		g.open, g.leading, g.shown = true, true, p.PTS
		return true
	}
	g.leading = g.leading && p.PTS < g.shown
	return !g.leading
}

// openVideo reads the beginning of the video and goes to its start.
func openVideo(r io.Reader, opts Options) (*video, error) {
	file, origin := seekable(r)
	v, err := beginVideo(r, opts)
	if err != nil || opts.Start <= 0 {
		return v, err
	}
	at := opts.Start + v.delay()
	if file != nil {
		found, ok := v.lastKeyframe(at)
		v.close()
		if v.err != nil {
			return nil, v.err
		}
		if !ok {
			return nil, errStart(opts.Start)
		}
		at = found
		if _, err := file.Seek(origin, io.SeekStart); err != nil {
			return nil, fmt.Errorf("going back to its beginning: %w", err)
		}
		if v, err = beginVideo(r, opts); err != nil {
			return nil, err
		}
	}
	if err := v.skipTo(at); err != nil {
		v.close()
		return nil, err
	}
	if !v.fill() {
		return nil, errStart(opts.Start)
	}
	return v, nil
}

func errStart(start time.Duration) error {
	return fmt.Errorf("nothing to begin with at or after %s: it ends before, or has no keyframe there", start)
}

// beginVideo reads up to where rate and delay are known.
func beginVideo(r io.Reader, opts Options) (*video, error) {
	v, err := newVideo(r)
	if err != nil {
		return nil, err
	}
	if v.rate, err = chooseRate(opts.FrameRate, v.sps); err == nil {
		err = v.learn()
	}
	if err != nil {
		v.close()
		return nil, err
	}
	return v, nil
}

// lastKeyframe reads on and tells the presentation time of the last keyframe
// at or before wanted; ok is false when the stream ends before wanted.
func (v *video) lastKeyframe(wanted time.Duration) (at time.Duration, ok bool) {
	for !ok && v.fill() {
		p, err := v.next()
		if err != nil {
			continue // damage is told on the way to the keyframe, not here
		}
		if p.Keyframe && p.PTS <= wanted {
			at = p.PTS
		}
		ok = p.PTS >= wanted
		p.Release()
	}
	return at, ok
}

// skipTo drops what is before the first keyframe at or after at.
func (v *video) skipTo(at time.Duration) error {
	v.gate = &gate{at: at}
	for v.fill() {
		if it := v.out[v.taken]; it.damage == nil {
			v.from = it.packet.DTS
			return nil
		}
		v.taken++ // damage before the start concerns nobody
	}
	return v.err
}

// seekable tells how to seek in r, nil where it cannot.
func seekable(r io.Reader) (io.Seeker, int64) {
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
			return nil, 0
		}
	}
	s, ok := r.(io.Seeker)
	if !ok {
		return nil, 0
	}
	at, err := s.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, 0
	}
	return s, at
}
