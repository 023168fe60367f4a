// Package tsin reads H.264 and AAC from MPEG transport streams (ISO/IEC
// 13818-1), from files and from pipes: plain packets of 188 bytes, M2TS (192)
// and packets with parity (204).
//
// The first program is read whose map has H.264 or AAC in ADTS, of each the
// first stream. Access units keep every byte, delimiters and filler included; several
// in one PES packet and one over several PES packets are both told apart by the
// bitstream. An access unit is known to be complete when the next one begins.
//
// # Times
//
// Decode time 0 is the smallest of the first packets; both tracks share the
// clock and its wraps are undone. A unit without a timestamp goes on at the
// stream's cadence. Times within a track never go back: where they do by up to a
// second in the input, they rise by a microsecond instead. A greater step back,
// or one of more than 10 s ahead, is a jump of the clock (a spliced file, a
// sender that started again) and is closed up, for both tracks by the same
// amount. A jump that the stream does not announce is reported.
//
// # Damage
//
// Lost synchronization, gaps in the continuity counters, PES packets shorter
// than their length and a last packet that is cut short are reported as
// *media.DamageError. The unit they fall into is left out, all others are sent.
// A video unit in a PES packet without a length counts as whole when the file
// ends after it.
//
// Package go-astits reads the program tables; packets of media are parsed here.
package tsin

import (
	"errors"
	"fmt"
	"io"
	"time"

	"rtmpwriter/media"
)

// Options say where to begin.
type Options struct {
	// Start is where to begin, counted from the first picture shown (without
	// video, from the first sound). In a file that is the last keyframe at or
	// before it, in a pipe the first one at or after it. Pictures of an open
	// GOP that are shown before that keyframe are left out. The input must not
	// end before Start.
	Start time.Duration
}

// Source reads one transport stream. It is a media.Source, used by one
// goroutine at a time.
type Source struct {
	framer *framer
	seeker io.Seeker // nil for pipes
	origin int64     // where the stream began in the file

	tables  *tables
	program program
	clock   clock
	out     outbox
	video   *video
	audio   *audio
	pes     [2]*pesReader // of video and audio; nil where there is none

	list     []media.Track
	begin    time.Duration // presentation time of the first picture
	duration time.Duration
}

// Tracks lists the tracks, video first.
func (s *Source) Tracks() []media.Track { return s.list }

// Skipped tells what of the stream is not published, one sentence each.
func (s *Source) Skipped() []string { return s.program.skipped }

// Duration is the length of a file from Options.Start 0 to the end of the last
// packet, as its timestamps tell; 0 for pipes.
func (s *Source) Duration() time.Duration { return s.duration }

// Close gives back what has been read and not been fetched. The reader is the
// caller's.
func (s *Source) Close() error {
	s.out.clear()
	s.out.fail(errors.New("MPEG-TS: the source is closed"))
	return nil
}

// Next returns the next packet in the stream's order. See media.Source for the
// errors; an error of the reader is final.
func (s *Source) Next() (media.Packet, error) {
	for {
		if it, ok := s.out.next(); ok {
			if it.damage != nil {
				return media.Packet{}, it.damage
			}
			return it.packet, nil
		}
		if s.out.err != nil {
			return media.Packet{}, s.out.err
		}
		s.step()
	}
}

// step reads one transport packet.
func (s *Source) step() {
	raw, at, err := s.framer.next()
	s.out.at = at
	if from, n := s.framer.takeSkipped(); n > 0 {
		s.out.at = from
		s.out.damage(s.lastTime(), "%d bytes are no MPEG-TS packets", n)
		s.out.at = at
	}
	if err != nil {
		s.finish(raw, err)
		return
	}
	p := parsePacket(raw)
	for _, r := range s.pes {
		if r == nil || r.pid != p.pid {
			continue
		}
		s.take(r, p)
		return
	}
	if p.pid != nullPID && s.tables.add(raw, p) {
		s.follow()
	}
}

// take hands a packet to its stream.
func (s *Source) take(r *pesReader, p packet) {
	if !p.scrambled {
		if damage := r.push(p); damage != "" {
			s.out.damage(s.lastTime(), "PID %d: %s", p.pid, damage)
		}
	}
	if p.scrambled || r.scrambled {
		s.out.fail(&media.UnsupportedError{What: "scrambled MPEG-TS", Hint: "descramble it first"})
	}
}

// lastTime is the decode time of the last packet, of any track.
func (s *Source) lastTime() time.Duration {
	last := s.out.base
	if s.video != nil {
		last = max(last, s.video.clock.last)
	}
	if s.audio != nil {
		last = max(last, s.audio.clock.last)
	}
	return last
}

// finish ends the source. rest is what there is of a last packet.
func (s *Source) finish(rest []byte, err error) {
	if err != io.EOF && err != io.ErrUnexpectedEOF {
		s.out.fail(fmt.Errorf("reading MPEG-TS at byte %d: %w", s.out.at, err))
		return
	}
	told := false
	for _, r := range s.pes {
		if r == nil {
			continue
		}
		damage := "the file ends within a packet"
		if cutsInto(rest, r.pid) {
			r.lose()
		} else {
			damage = r.finish()
		}
		if damage != "" {
			s.out.damage(s.lastTime(), "PID %d: %s", r.pid, damage)
			told = true
		}
	}
	if len(rest) > 0 && !told {
		s.out.damage(s.lastTime(), "the file ends within a packet")
	}
	if g := s.out.gate; g != nil && !g.open {
		g.clear()
		s.out.fail(fmt.Errorf("MPEG-TS: nothing to begin with at or after %s", g.at-s.begin))
	}
	s.out.fail(io.EOF)
}

// cutsInto tells that a packet which is cut short carries on a unit of the PID.
func cutsInto(rest []byte, pid uint16) bool {
	if len(rest) < 4 || uint16(rest[1]&0x1f)<<8|uint16(rest[2]) != pid {
		return false
	}
	return rest[1]&0x40 == 0 // a packet that begins something ends what was before
}
