package flvin

import (
	"cmp"
	"errors"
	"time"

	"rtmpwriter/flv"
	"rtmpwriter/media"
)

// How far Open reads ahead for the sequence headers of both tracks. The flags
// of the file header are no more than hints, since real files lie both ways: a
// track that nothing announces is waited for too, but not for long.
const (
	announcedWait   = 2 * time.Second
	unannouncedWait = 500 * time.Millisecond
	maxAheadBytes   = 16 << 20
	maxAheadTags    = 4096
)

// probe is what reading ahead has found.
type probe struct {
	header flv.Header
	size   int
	begun  bool
	first  uint32        // timestamp of the first frame
	length time.Duration // from it to the last one
	clock  clock

	videoFrames, audioFrames bool
	damage                   *media.DamageError // the first one
	end                      error              // io.EOF too, nil when there is more
}

// probe fills s.ahead, s.metadata and the streams' configurations. It returns
// no errors but those that make the input useless.
func (s *Source) probe() (*probe, error) {
	p := &probe{}
	var err error
	if p.header, err = s.reader.Header(); err != nil {
		s.ahead = append(s.ahead, item{err: err})
		if err := p.note(err); err != nil {
			return nil, err
		}
	}
	for p.end == nil && !s.settled(p) && p.size < maxAheadBytes && len(s.ahead) < maxAheadTags {
		tag, err := s.reader.Next()
		s.ahead = append(s.ahead, item{tag, err})
		if err == nil {
			p.size += len(tag.Buf.B)
			err = s.examine(p, tag)
		}
		if err := p.note(err); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// note takes an error that will be told at its turn, and returns one that makes
// the input useless.
func (p *probe) note(err error) error {
	var damage *media.DamageError
	switch {
	case err == nil:
	case errors.As(err, new(*media.UnsupportedError)):
		return err
	case errors.As(err, &damage):
		p.damage = cmp.Or(p.damage, damage)
	default:
		p.end = err
	}
	return nil
}

// settled reports whether reading further promises no other track.
func (s *Source) settled(p *probe) bool {
	wait := time.Duration(0)
	if s.video.config == nil {
		wait = patience(p.header.HasVideo || s.metadata.VideoCodecID > 0 || p.videoFrames)
	}
	if s.audio.config == nil {
		wait = max(wait, patience(p.header.HasAudio || s.metadata.AudioCodecID > 0 || p.audioFrames))
	}
	return wait == 0 || p.length > wait
}

func patience(announced bool) time.Duration {
	if announced {
		return announcedWait
	}
	return unannouncedWait
}

// examine notes what a tag tells of the tracks. Its errors are of unsupported
// codecs only; damaged bodies are told when their turn comes.
func (s *Source) examine(p *probe, tag flv.Tag) error {
	body := tag.Buf.B
	if len(body) == 0 {
		return nil
	}
	switch tag.Type {
	case flv.TagScript:
		if m, ok := flv.ParseMetadata(body); ok && s.metadata == (flv.Metadata{}) {
			s.metadata = m
		}
	case flv.TagVideo:
		t, err := flv.ParseVideoTag(body)
		switch {
		case err != nil:
			return onlyUnsupported(err)
		case isVideoConfig(t) && s.video.config == nil && checkVideoConfig(t.Data) == nil:
			s.video.renew(t.Data)
		case isVideoFrame(t):
			p.videoFrames = true
			p.frame(tag.Timestamp)
		}
	case flv.TagAudio:
		t, err := flv.ParseAudioTag(body)
		switch {
		case err != nil:
			return onlyUnsupported(err)
		case isAudioConfig(t) && s.audio.config == nil && checkAudioConfig(t.Data) == nil:
			s.audio.renew(t.Data)
		case isAudioFrame(t):
			p.audioFrames = true
			p.frame(tag.Timestamp)
		}
	}
	return nil
}

// frame notes the time of a frame.
func (p *probe) frame(timestamp uint32) {
	if !p.begun {
		p.begun, p.first = true, timestamp
	}
	p.length = max(p.length, p.clock.at(timestamp)-time.Duration(p.first)*time.Millisecond)
}

func onlyUnsupported(err error) error {
	if errors.As(err, new(*media.UnsupportedError)) {
		return err
	}
	return nil
}
