package mp4in

import (
	"errors"
	"io"

	"rtmpwriter/media"
)

// Next returns the packet that is decoded next of all tracks. A file that ends
// too early yields all whole samples, then one *media.DamageError, then io.EOF;
// a table that breaks ends its own track.
func (s *Source) Next() (media.Packet, error) {
	if len(s.pending) > 0 {
		return s.tell()
	}
	t := s.earliest()
	if t == nil {
		return s.end()
	}
	if !s.begun {
		s.begun, s.base = true, max(-t.dts, 0)
	}
	b, err := t.ahead.sample(&t.cursor, t.head)
	if err != nil {
		t.ended = true
		s.note(err)
		return s.Next()
	}
	s.last = t.dts + s.base
	p := media.Packet{
		Track: t.index, DTS: s.last, PTS: t.pts + s.base,
		Keyframe: t.head.sync, Data: b.B, Owner: b, Config: t.config,
	}
	t.config = nil
	s.advance(t)
	return p, nil
}

// earliest is the track whose head is decoded first, nil when all have ended.
func (s *Source) earliest() (first *track) {
	for _, t := range s.tracks {
		if t.ended {
			continue
		}
		if first == nil || t.dts < first.dts || t.dts == first.dts && t.head.at < first.head.at {
			first = t
		}
	}
	return first
}

// advance moves a track to its next sample, or ends it.
func (s *Source) advance(t *track) {
	if err := t.advance(t.ahead.f); err != nil {
		t.ended = true
		s.note(err)
	}
}

// note keeps why a track ended until it is time to tell.
func (s *Source) note(err error) {
	var cut *cutError
	switch {
	case errors.Is(err, io.EOF):
	case errors.As(err, &cut):
		if s.cut == nil || cut.at < s.cut.at {
			s.cut = cut
		}
	default:
		s.pending = append(s.pending, err)
	}
}

// tell returns the oldest pending error. One that both tracks met, at the same
// place, is told once.
func (s *Source) tell() (media.Packet, error) {
	err := s.pending[0]
	var damage, other *media.DamageError
	if !errors.As(err, &damage) {
		return media.Packet{}, err // final: told at every call
	}
	s.pending = s.pending[1:]
	if len(s.pending) > 0 && errors.As(s.pending[0], &other) && *other == *damage {
		s.pending = s.pending[1:]
	}
	damage.Time = s.last
	return media.Packet{}, damage
}

// end tells of the cut once, then io.EOF.
func (s *Source) end() (media.Packet, error) {
	if cut := s.cut; cut != nil {
		s.cut = nil
		return media.Packet{}, &media.DamageError{Offset: cut.at, Time: s.last, Reason: cut.Error() + ": the file is incomplete"}
	}
	return media.Packet{}, io.EOF
}
