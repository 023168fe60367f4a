package publish

import (
	"fmt"
	"time"

	"rtmpwriter/amf0"
	"rtmpwriter/media"
	"rtmpwriter/publish/internal/timecode"
)

// timecodeValue is a timecode as a user writes it.
type timecodeValue string

func (v *timecodeValue) Set(s string) error {
	if _, err := timecode.Parse(s); err != nil {
		return err
	}
	*v = timecodeValue(s)
	return nil
}
func (v *timecodeValue) String() string { return string(*v) }
func (v *timecodeValue) Type() string   { return "timecode" }

// checkTimecode refuses a FirstTimecode that was set past its Field.
func (o *Options) checkTimecode() error {
	if _, err := timecode.Parse(o.FirstTimecode); err != nil {
		return &OptionError{Name: "first-timecode", Value: o.FirstTimecode, Reason: err.Error()}
	}
	return nil
}

// timecodes makes the onFI messages of a stream, over all of its sessions: its
// time goes on over an outage. It lives in the goroutine of Run.
type timecodes struct {
	system   bool // date and time of day instead of stream time
	interval time.Duration
	start    timecode.Start
	// anchor is the decode time that label belongs to: the first, or where the
	// rate changed last.
	anchored bool
	anchor   time.Duration
	label    timecode.Label
	rate     timecode.Rate
	fps      float64 // what rate was made of
	// begin is the first timecode's decode time, from which intervals are
	// counted; next is how many of them have passed when the next one is due.
	begin time.Duration
	next  int64
	// fresh tells that the session has had none yet.
	fresh bool
	// video is when the last video frame was, or the first frame of all.
	seen  bool
	video time.Duration
}

func newTimecodes(o *Options) timecodes {
	start, _ := timecode.Parse(o.FirstTimecode) // Validate has seen it
	return timecodes{system: o.EmbedSystemTime, interval: o.TimecodeInterval, start: start, fresh: true}
}

// due tells whether the frame at dts carries a timecode: the first one of a
// session and the first one in each interval. Video carries them; audio does so
// where there is no video, or none has come for an interval. Times are compared
// in the milliseconds of the wire, so that one that is a hair early is not put
// off to the next frame.
func (c *timecodes) due(dts time.Duration, isVideo, hasVideo bool) bool {
	if !c.seen || isVideo {
		c.seen, c.video = true, dts
	}
	if hasVideo && !isVideo && dts-c.video < c.interval {
		return false
	}
	if !c.anchored || c.fresh {
		return true
	}
	return media.Milliseconds(dts-c.begin) >= c.next*c.interval.Milliseconds()
}

// take is the onFI object of the frame at dts, which was written at the time
// written. fps is the stream's rate, 0 where nobody knows it; off tells that the
// rate has no frame of the first timecode's label.
func (c *timecodes) take(dts time.Duration, fps float64, written time.Time) (object amf0.Object, off bool) {
	if !c.anchored {
		c.anchored, c.anchor, c.begin, c.fps = true, dts, dts, fps
		c.rate = timecode.RateOf(fps, c.start.DropFrame())
		var exact bool
		c.label, exact = c.start.Label(c.rate)
		off = !exact
	}
	c.fresh = false
	c.next = media.Milliseconds(dts-c.begin)/c.interval.Milliseconds() + 1
	if c.system {
		at := written.UTC()
		return amf0.Object{
			{Name: "sd", Value: at.Format("02-01-2006")},
			{Name: "st", Value: at.Format("15:04:05.000")},
		}, false
	}
	return amf0.Object{{Name: "tc", Value: c.at(dts, fps).String()}}, off
}

// at is the label at dts. When the rate turns out to be another one, labels go on
// from here in that.
func (c *timecodes) at(dts time.Duration, fps float64) timecode.Label {
	label := c.rate.Label(c.rate.Count(c.label) + c.rate.Frames(dts-c.anchor))
	if fps == c.fps || fps == 0 {
		return label
	}
	rate := timecode.RateOf(fps, c.start.DropFrame())
	if c.fps = fps; rate != c.rate {
		label = c.rate.In(rate, label)
		c.rate, c.anchor, c.label = rate, dts, label
	}
	return label
}

// appendTimecode puts the timecode of f before it when one is due.
func (s *sender) appendTimecode(f *frame, timestamp uint32) error {
	c := &s.p.timecodes
	if !s.p.options.WriteTimecode || !c.due(f.dts, f.config.codec.IsVideo(), s.p.videoTrack() >= 0) {
		return nil
	}
	object, off := c.take(f.dts, s.frameRate(), f.written)
	if off {
		s.p.log.Warn(fmt.Sprintf("first-timecode %s does not exist at this frame rate: the stream begins with %s",
			s.p.options.FirstTimecode, object.String("tc")), "labels_per_second", c.rate.Labels(), "drop_frame", c.rate.DropFrame())
	}
	body, err := amf0.Append(nil, "onFI", object)
	if err != nil {
		return err
	}
	return s.appendData(body, timestamp)
}

// frameRate is that of the video track: what is known of it, then what was
// measured, 0 while neither tells.
func (s *sender) frameRate() float64 {
	i := s.p.videoTrack()
	if i < 0 {
		return 0
	}
	c := s.announced[i]
	if c == nil {
		c = s.p.trackList()[i].known()
	}
	if c.frameRate == 0 && s.measured {
		c = s.measures[i].fill(c)
	}
	return c.frameRate
}
