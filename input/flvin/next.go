package flvin

import (
	"errors"
	"fmt"
	"io"
	"time"

	"rtmpwriter/flv"
	"rtmpwriter/media"
)

// Next returns the next packet: see media.Source.
func (s *Source) Next() (media.Packet, error) {
	for {
		p, _, err := s.next()
		if err == io.EOF && s.wait != nil {
			return media.Packet{}, s.wait.missed(s.last)
		}
		if err != nil {
			return media.Packet{}, err
		}
		if s.wait == nil || s.wait.ends(p, s.video.index) {
			s.wait = nil
			p.Config = s.streamOf(p).announce()
			return p, nil
		}
		p.Release()
	}
}

func (s *Source) streamOf(p media.Packet) *stream {
	if p.Track == s.video.index {
		return &s.video
	}
	return &s.audio
}

// next returns the next packet, without its Config, and the offset of its tag.
func (s *Source) next() (media.Packet, int64, error) {
	for {
		tag, err := s.tag()
		if err != nil {
			return media.Packet{}, 0, s.timed(err)
		}
		p, err := s.packet(tag)
		if p.Data == nil {
			tag.Buf.Release()
			if err != nil {
				return media.Packet{}, 0, err
			}
			continue
		}
		p.Owner = tag.Buf
		s.last = p.DTS
		return p, tag.Offset, nil
	}
}

// tag returns the next tag, of those that Open read ahead first.
func (s *Source) tag() (flv.Tag, error) {
	if len(s.ahead) == 0 {
		s.ahead = nil
		return s.reader.Next()
	}
	i := s.ahead[0]
	s.ahead = s.ahead[1:]
	return i.tag, i.err
}

// timed puts unrolled time into a damage of the reader's.
func (s *Source) timed(err error) error {
	var damage *media.DamageError
	if errors.As(err, &damage) {
		return &media.DamageError{Offset: damage.Offset, Time: s.last, Reason: damage.Reason}
	}
	return err
}

// packet makes a packet of the tag, without its owner; one without Data when
// the tag holds no frame.
func (s *Source) packet(tag flv.Tag) (media.Packet, error) {
	switch {
	case len(tag.Buf.B) == 0:
		return media.Packet{}, nil
	case tag.Type == flv.TagVideo:
		return s.videoPacket(tag)
	case tag.Type == flv.TagAudio:
		return s.audioPacket(tag)
	default:
		return media.Packet{}, nil
	}
}

func (s *Source) videoPacket(tag flv.Tag) (media.Packet, error) {
	t, err := flv.ParseVideoTag(tag.Buf.B)
	if err == nil && isVideoConfig(t) {
		if err = checkVideoConfig(t.Data); err == nil {
			s.video.renew(t.Data)
		}
	}
	if err != nil {
		return media.Packet{}, s.oddity(&s.video, tag, err)
	}
	if !isVideoFrame(t) {
		return media.Packet{}, nil
	}
	if s.video.index == noTrack {
		return media.Packet{}, s.oddity(&s.video, tag, errLate)
	}
	s.video.odd = false
	dts := s.clock.at(tag.Timestamp)
	return media.Packet{
		Track: s.video.index, DTS: dts, PTS: dts + time.Duration(t.CompositionTime)*time.Millisecond,
		Keyframe: t.FrameType == flv.FrameKey || t.FrameType == flv.FrameGeneratedKey,
		Data:     t.Data,
	}, nil
}

func (s *Source) audioPacket(tag flv.Tag) (media.Packet, error) {
	t, err := flv.ParseAudioTag(tag.Buf.B)
	if err == nil && isAudioConfig(t) {
		if err = checkAudioConfig(t.Data); err == nil {
			s.audio.renew(t.Data)
		}
	}
	if err != nil {
		return media.Packet{}, s.oddity(&s.audio, tag, err)
	}
	if !isAudioFrame(t) {
		return media.Packet{}, nil
	}
	if s.audio.index == noTrack {
		return media.Packet{}, s.oddity(&s.audio, tag, errLate)
	}
	s.audio.odd = false
	dts := s.clock.at(tag.Timestamp)
	return media.Packet{Track: s.audio.index, DTS: dts, PTS: dts, Data: t.Data}, nil
}

var errLate = errors.New("this track begins only here, where the tracks are settled: it is left out")

// oddity tells of a tag that cannot be used, once until a good one comes.
func (s *Source) oddity(st *stream, tag flv.Tag, why error) error {
	if st.odd {
		return nil
	}
	st.odd = true
	return &media.DamageError{Offset: tag.Offset, Time: s.last, Reason: fmt.Sprintf("%s tag: %s", tag.Type, why)}
}
