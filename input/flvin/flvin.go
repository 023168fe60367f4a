// Package flvin reads H.264 and AAC from FLV files and streams, as a
// media.Source over flv.Reader.
//
// Nothing needs seeking: pipes do. Where the input can seek, that serves
// Options.Start and the duration. Memory does not grow with the input: the
// reader holds one tag, and Open reads ahead within the bounds in probe.go.
//
// # Times
//
// The decode time of a packet is its tag's timestamp, the wraps after 49.7 days
// unrolled; the presentation time is that plus the composition time. Times
// begin where the file's do and are passed on as they are, jumps included.
//
// # Damage
//
// A damaged place is told as *media.DamageError, at its turn, and reading goes
// on behind it. So is, once, a tag in another codec amid the file, since that
// is a flipped bit more often than a change of codec.
package flvin

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"rtmpwriter/flv"
	"rtmpwriter/media"
)

// Options say where to begin.
type Options struct {
	// Start is where to begin, counted from the first frame, 0 or more. An input
	// that can seek begins with the last video keyframe at or before it, or the
	// audio frame at it when there is no video; this reads the file up to Start.
	// A pipe, where that keyframe has passed, begins with the first keyframe (or
	// audio frame) at or after Start.
	Start time.Duration
}

// Source reads one input. It is a media.Source, used by one goroutine at a time.
type Source struct {
	reader   *flv.Reader
	ahead    []item // what Open read ahead, still to be returned
	tracks   []media.Track
	skipped  []string
	metadata flv.Metadata
	duration time.Duration

	video, audio stream
	clock        clock
	wait         *latecomer    // what a pipe passes over, nil when it has begun
	last         time.Duration // decode time of the last packet
}

// item is what one call of the reader returned.
type item struct {
	tag flv.Tag
	err error
}

// stream is the state of one track.
type stream struct {
	index   int    // in the list of tracks, or noTrack
	config  []byte // in force
	told    []byte // what the source's user knows of
	changed bool   // the two differ
	odd     bool   // the last tag could not be used, which has been told
}

const noTrack = -1

// Open reads ahead until it has seen the tracks, and returns the source. It
// keeps r, and reads on from where r stands.
//
// An input that is not FLV, is encrypted or has a track in another codec gives
// *media.UnsupportedError; a damage that leaves no track *media.DamageError.
func Open(r io.Reader, opts Options) (*Source, error) {
	if opts.Start < 0 {
		return nil, fmt.Errorf("start at %s: must be 0 or more", opts.Start)
	}
	file := asFile(r)
	s := &Source{reader: flv.NewReader(r), video: stream{index: noTrack}, audio: stream{index: noTrack}}
	if err := s.open(file, opts.Start); err != nil {
		s.dropAhead()
		return nil, err
	}
	return s, nil
}

func (s *Source) open(file *file, start time.Duration) error {
	p, err := s.probe()
	if err != nil {
		return err
	}
	if err := s.choose(p); err != nil {
		return err
	}
	s.duration = time.Duration(s.metadata.Duration * float64(time.Second))
	if s.duration == 0 && file != nil {
		if s.duration, err = file.duration(p.first); err != nil {
			return err
		}
	}
	switch {
	case start == 0:
		return nil
	case file != nil:
		return s.seek(file, start)
	default:
		s.wait = &latecomer{after: start}
		return nil
	}
}

// Tracks lists the tracks, video first.
func (s *Source) Tracks() []media.Track { return s.tracks }

// Skipped tells what of the input is not published, one sentence each.
func (s *Source) Skipped() []string { return s.skipped }

// Duration is what onMetaData tells, or else the time from the first frame to
// the last where the input can seek, or else 0. Start does not change it.
func (s *Source) Duration() time.Duration { return s.duration }

// Close frees what Open read ahead and Next has not returned. The reader is the
// caller's.
func (s *Source) Close() error {
	s.dropAhead()
	return nil
}

func (s *Source) dropAhead() {
	for _, i := range s.ahead {
		if i.tag.Buf != nil {
			i.tag.Buf.Release()
		}
	}
	s.ahead = nil
}

// renew takes a configuration that is in force from now on.
func (st *stream) renew(config []byte) {
	if !bytes.Equal(st.config, config) {
		st.config = bytes.Clone(config)
	}
	st.changed = !bytes.Equal(st.config, st.told)
}

// announce returns the configuration when it has changed since the last call.
func (st *stream) announce() []byte {
	if !st.changed {
		return nil
	}
	st.told, st.changed = st.config, false
	return st.config
}
