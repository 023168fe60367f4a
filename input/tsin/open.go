package tsin

import (
	"fmt"
	"io"
	"os"
	"time"

	"rtmpwriter/media"
)

const (
	// maxProbe bounds what is read and kept until all tracks have shown
	// themselves, in bytes.
	maxProbe = 16 << 20
	// maxProbeItems bounds the packets and reports that are kept meanwhile: half
	// a minute of audio and of video at 120 frames a second is a third of it.
	// Frames of six bytes would take two hundred times their size in memory.
	maxProbeItems = 1 << 14
	// maxProbeTime is how long one track waits for the other to begin, and
	// maxKeyframeTime for video that comes, but without parameter sets so far:
	// a pipe was joined in the middle of a long GOP.
	maxProbeTime    = 5 * time.Second
	maxKeyframeTime = 30 * time.Second
)

// Open reads the beginning of a transport stream, up to the first parameter
// set of the video and the first frame of the audio; packets up to there are
// kept for Next. A track of the program table that shows nothing within 5 s of
// the other one (video without parameter sets: 30 s), or within 16 MiB and
// 16384 packets, is left out.
//
// A file (any io.Seeker that can seek, but of *os.File only regular ones) is
// searched for its duration and for Options.Start. Streams whose only video or
// audio is in another codec are refused with *media.UnsupportedError.
func Open(r io.Reader, opts Options) (*Source, error) {
	s := &Source{framer: newFramer(r), tables: newTables()}
	s.seeker, s.origin = seekable(r)
	s.framer.patient = s.seeker != nil
	if err := s.framer.detect(); err != nil {
		return nil, err
	}
	s.framer.takeSkipped() // a pipe may be joined within a packet
	if err := s.probe(); err != nil {
		s.out.clear()
		return nil, err
	}
	var g *gate
	if opts.Start > 0 {
		g = &gate{at: opts.Start, video: s.video != nil}
	}
	s.out.rebase()
	s.findBegin()
	if g != nil {
		g.at += s.begin
	}
	if s.seeker == nil {
		s.out.setGate(g)
		return s, nil
	}
	if err := s.measure(); err != nil {
		return nil, err
	}
	if g != nil {
		return s, s.seek(g)
	}
	return s, nil
}

// findBegin notes where the presentation begins: with the first picture, or
// without video with the first sound.
func (s *Source) findBegin() {
	for _, it := range s.out.items {
		if it.damage == nil && it.packet.Track == 0 {
			s.begin = it.packet.PTS
			return
		}
	}
}

// seekable tells how to seek in r, nil where it cannot.
func seekable(r io.Reader) (io.Seeker, int64) {
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
			return nil, 0
		}
	}
	sk, ok := r.(io.Seeker)
	if !ok {
		return nil, 0
	}
	at, err := sk.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, 0
	}
	return sk, at
}

// probe reads until the tracks are known.
func (s *Source) probe() error {
	for !s.complete() && s.out.err == nil && s.framer.offset() < maxProbe && len(s.out.items) < maxProbeItems {
		s.step()
	}
	if s.out.err != nil && s.out.err != io.EOF {
		return s.out.err
	}
	if s.pes == [2]*pesReader{} {
		return s.noProgram()
	}
	s.leaveOut()
	if len(s.list) == 0 {
		return &media.DamageError{Offset: s.framer.offset(), Reason: "the program has neither an H.264 parameter set nor an AAC frame so far"}
	}
	return nil
}

// noProgram tells why there is nothing to read.
func (s *Source) noProgram() error {
	if len(s.tables.order) == 0 {
		return fmt.Errorf("MPEG-TS: no program table in the first %d bytes", s.framer.offset())
	}
	for _, n := range s.tables.order {
		if pmt := s.tables.known[n]; pmt != nil {
			if _, err := choose(pmt); err != nil {
				return err
			}
		}
	}
	return fmt.Errorf("MPEG-TS: no program map in the first %d bytes", s.framer.offset())
}

// complete tells that every track has shown itself, or has had its time.
func (s *Source) complete() bool {
	if s.pes == [2]*pesReader{} {
		return false
	}
	video := s.video == nil || s.video.known()
	audio := s.audio == nil || s.audio.known()
	if video && audio {
		return true
	}
	limit := maxProbeTime
	if !video && s.video.begun {
		limit = maxKeyframeTime
	}
	return (video || audio) && s.lastTime()-s.clock.first > limit
}

// leaveOut settles the list of tracks: those that have shown themselves.
func (s *Source) leaveOut() {
	if s.video != nil && !s.video.known() {
		s.program.skipped = append(s.program.skipped, fmt.Sprintf("PID %d (H.264) has shown no parameter set", s.pes[0].pid))
		s.video, s.pes[0] = nil, nil
	}
	if s.audio != nil && !s.audio.known() {
		s.program.skipped = append(s.program.skipped, fmt.Sprintf("PID %d (AAC) has shown no frame", s.pes[1].pid))
		s.audio, s.pes[1] = nil, nil
	}
	if s.video != nil {
		s.list = append(s.list, s.video.track())
	}
	if s.audio != nil {
		s.list = append(s.list, s.audio.track)
	}
	s.settleIndexes()
}

// settleIndexes corrects the packets that were read while video was still
// expected before audio.
func (s *Source) settleIndexes() {
	if s.video != nil {
		return
	}
	s.out.video, s.out.audio = -1, 0
	kept := s.out.items[:0]
	for _, it := range s.out.items[s.out.taken:] {
		if it.damage == nil && it.packet.Track == 0 {
			it.packet.Release() // pictures that no parameter set explains
			continue
		}
		it.packet.Track = 0
		kept = append(kept, it)
	}
	s.out.items, s.out.taken = kept, 0
}
