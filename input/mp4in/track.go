package mp4in

import (
	"fmt"
	"io"
	"math"
	"time"

	"rtmpwriter/media"
)

// track reads the samples of one track.
type track struct {
	*trak
	index   int // in the list of tracks
	video   bool
	cursor  cursor
	reorder int64 // taken from decode times, ticks
	desc    uint32
	config  []byte // new one, for the next packet

	head     sample // the next to be sent
	dts, pts time.Duration
	ended    bool
	ahead    ahead
}

// presented is the presentation time of s in ticks. AAC is not reordered, so a
// ctts in an audio track is an error of its writer.
func (t *track) presented(s sample) int64 {
	if t.video {
		return s.dts + t.edit.shift() + int64(s.cts)
	}
	return s.dts + t.edit.shift()
}

// decoded is the decode time of s in ticks, never behind its presentation: an
// offset more negative than those that reorder was made of counts as none.
func (t *track) decoded(s sample) int64 {
	return min(s.dts+t.edit.shift()-t.reorder, t.presented(s))
}

// advance makes the next sample of the track's edit the head. Any error ends
// the track; io.EOF is its own end.
func (t *track) advance(f *file) error {
	for {
		s, err := t.cursor.next()
		if err == nil && s.dts >= t.edit.to {
			err = io.EOF
		}
		if err == nil {
			err = t.check(f, s)
		}
		if err != nil {
			return err
		}
		if s.size == 0 {
			continue // a picture that was left out: nothing to send
		}
		t.head = s
		t.dts = toTime(t.decoded(s), t.timescale)
		t.pts = toTime(t.presented(s), t.timescale)
		return t.describe(s)
	}
}

// check refuses a sample that cannot be whole in this file.
func (t *track) check(f *file, s sample) error {
	if s.size > maxSample {
		return damaged(s.at, "a sample of %d bytes, more than %d", s.size, maxSample)
	}
	if s.at < 0 {
		return damaged(0, "a sample at byte %d", s.at)
	}
	if s.at+int64(s.size) > f.size {
		return &cutError{min(s.at, f.size), fmt.Sprintf("a sample of %d bytes at byte %d", s.size, s.at)}
	}
	return nil
}

// describe notes a change of the sample description. 0 is no index, but some
// write it for the first.
func (t *track) describe(s sample) error {
	s.desc = max(s.desc, 1)
	if s.desc == t.desc {
		return nil
	}
	if int64(s.desc) > int64(len(t.descriptions)) {
		return damaged(s.at, "a sample of description %d, but there are %d", s.desc, len(t.descriptions))
	}
	d := &t.descriptions[s.desc-1]
	was := t.descriptions[max(t.desc, 1)-1].track
	switch {
	case d.problem != "":
		return &media.UnsupportedError{What: fmt.Sprintf("track %d changes to %s: %s", t.number, d.name, d.problem)}
	case t.desc != 0 && d.track.NALLengthSize != was.NALLengthSize:
		return &media.UnsupportedError{What: fmt.Sprintf("track %d changes the size of its NAL unit lengths", t.number), Hint: "rewrite the file, for example with ffmpeg -c copy"}
	}
	t.desc, t.config = s.desc, d.track.Config
	return nil
}

// seek moves the cursor from the first sample to the last sync sample that is
// presented at or before target ticks. Errors are met again when the samples
// are read.
func (t *track) seek(target int64) {
	for best := t.cursor; ; {
		mark := t.cursor
		s, err := t.cursor.next()
		if err != nil || t.decoded(s) > target {
			t.cursor = best
			return
		}
		if s.sync && t.presented(s) <= target {
			best = mark
		}
	}
}

// settle finds the constant that negative composition offsets make necessary:
// from the whole table of a moov, which is walked once without being kept, and
// from the first samples of fragments.
func (t *track) settle() error {
	if !t.video {
		return nil
	}
	limit := -toTicks(maxReorder, t.timescale)
	least := int64(0)
	note := func(offset int32) {
		if o := int64(offset); o >= limit {
			least = min(least, o)
		}
	}
	if c := t.start.tables.ctts.t; c != nil {
		for i := uint32(0); i < c.count; i++ {
			offset, err := c.at32(i, 1)
			if err != nil {
				return err
			}
			note(int32(offset))
		}
	}
	if t.fragmented() {
		t.eachFirst(func(s sample) { note(s.cts) })
	}
	t.reorder = -least
	return nil
}

// firstSamples of a fragmented track show how deep its pictures are reordered
// and how fast they follow: some seconds, a GOP or two.
const firstSamples = 256

func (t *track) fragmented() bool { return t.start.fragmented }

// eachFirst calls f for the first samples in fragments. Errors are met again
// when the samples are read.
func (t *track) eachFirst(f func(sample)) {
	c := t.start
	c.inside = true
	for range firstSamples {
		s, err := c.next()
		if err != nil {
			return
		}
		f(s)
	}
}

// farAhead is a time behind every other.
const farAhead = time.Duration(math.MaxInt64)
