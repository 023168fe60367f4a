package publish

import (
	"fmt"
	"time"

	"rtmpwriter/media"
	"rtmpwriter/media/h264"
)

// maxTime bounds decode and presentation times: what lies beyond is a time that
// was never set, and would overflow in the arithmetic.
const maxTime = 10 * 366 * 24 * time.Hour

// refuseTimes tells what is wrong with the times of a packet; nothing is empty.
func (t *track) refuseTimes(p *media.Packet) string {
	switch {
	case !t.info.PresentationOnly && (p.DTS.Abs() > maxTime || p.PTS.Abs() > maxTime):
		return fmt.Sprintf("its times are %v and %v: set both, within ten years", p.DTS, p.PTS)
	case t.info.PresentationOnly && p.PTS != media.NoTime && p.PTS.Abs() > maxTime:
		return fmt.Sprintf("its presentation time is %v: it must be within ten years, or media.NoTime", p.PTS)
	}
	return ""
}

// estimates tells that decode times are not the source's: it has none, or they
// are not wanted.
func (t *track) estimates() bool { return t.info.PresentationOnly || t.times.InOrder }

// look reads the picture that a frame codes, where its times depend on it.
// Pictures that are not sent count too: the order of the next ones follows from
// them.
func (t *track) look(f *frame) (pic h264.Picture) {
	if t.estimates() {
		pic = t.h264.Read(f.nals)
		pic.Keyframe = pic.Keyframe || f.keyframe
	}
	return pic
}

// timeVideo gives a picture its times. It is false for a picture that must not
// be sent: one that is shown before the keyframe that the stream begins with.
func (t *track) timeVideo(f *frame, pic *h264.Picture) (send bool) {
	timed := f.pts != media.NoTime
	if !timed {
		f.pts = t.clock.shared.now() // when no picture before told
	}
	got := t.times.Next(pic, f.pts, timed)
	f.dts, f.pts, f.corrected, f.reordered = got.DTS, got.PTS, got.Corrected, got.Reordered && t.times.InOrder
	return !got.Leading
}

// timeAudio gives audio of a source without decode times what is missing: a
// frame without time follows the one before it.
func (t *track) timeAudio(f *frame) {
	if !t.info.PresentationOnly {
		return
	}
	if f.pts == media.NoTime {
		f.corrected = true
		if f.pts = t.due; f.pts == media.NoTime {
			f.pts = t.clock.shared.now()
		}
	}
	f.dts, t.due = f.pts, f.pts
	if c := t.config.Load(); c != nil {
		t.due += c.frame
	}
}

// forgetTimes is for a seek: what comes next has nothing to do with what was.
func (t *track) forgetTimes() {
	t.times.Reset()
	t.due = media.NoTime
}

// reportReordered tells, once, of a stream whose order is not kept.
func (p *Publisher) reportReordered(t *track, reordered bool) {
	if !reordered || p.counters.reordered() > 1 {
		return
	}
	p.log.Warn("the video has B frames, and allow-b-frames is off: they are shown late; turn it on, or encode without B frames", "track", t.index)
}
