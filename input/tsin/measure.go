package tsin

import (
	"fmt"
	"io"
	"time"
)

const (
	// tailStep and maxTail bound the search for the last timestamps: the end
	// is read in pieces that grow fourfold.
	tailStep = 1 << 20
	maxTail  = 16 << 20
)

// jumpTo goes on with the packet at or before a place of the file.
func (s *Source) jumpTo(at int64) error {
	at = s.framer.align(at)
	if _, err := s.seeker.Seek(s.origin+at, io.SeekStart); err != nil {
		return fmt.Errorf("seeking in MPEG-TS: %w", err)
	}
	s.framer.reset(at)
	return nil
}

// size is the length of the file, from where the stream began.
func (s *Source) size() (int64, error) {
	end, err := s.seeker.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, fmt.Errorf("seeking in MPEG-TS: %w", err)
	}
	return end - s.origin, nil
}

// measure finds the duration of a file and returns to where it was.
func (s *Source) measure() error {
	back := s.framer.offset()
	end, err := s.size()
	if err != nil {
		return err
	}
	for tail := int64(tailStep); tail <= maxTail && s.duration == 0; tail *= 4 {
		from := max(end-tail, 0)
		if err := s.jumpTo(from); err != nil {
			return err
		}
		s.scan(end, func(_ int, st stamp, step time.Duration) bool {
			s.duration = max(s.duration, s.timeOf(st.pts)+step-s.begin)
			return true
		})
		if from == 0 {
			break
		}
	}
	return s.jumpTo(back)
}

// timeOf tells the time of a timestamp in a file that runs without jumps for
// less than 26 hours, counted from the first packet.
func (s *Source) timeOf(ts int64) time.Duration {
	d := (ts - int64((s.out.base*9+50000)/100000)) & (wrap - 1)
	if d > wrap-int64(maxAhead/time.Second)*90000 {
		d -= wrap // a packet from before the first keyframe
	}
	return duration(d)
}

// scan goes through the timestamps of both tracks up to the place end, as long
// as visit tells true. step is the duration of a unit of the track.
func (s *Source) scan(end int64, visit func(track int, st stamp, step time.Duration) bool) {
	for s.framer.offset() < end {
		raw, _, err := s.framer.next()
		if err != nil {
			return
		}
		p := parsePacket(raw)
		for i, r := range s.pes {
			if r == nil || r.pid != p.pid || !p.start || p.failed {
				continue
			}
			if st, ok := peekStamp(p.payload); ok && !visit(i, st, s.unitStep(i)) {
				return
			}
		}
	}
}

// unitStep is how long a unit of the track lasts.
func (s *Source) unitStep(i int) time.Duration {
	if i == 0 {
		return s.video.frame(s.video.splitter.Params.First())
	}
	return s.audio.format.Config.FrameDuration(1)
}

// peekStamp reads the timestamps of the PES packet that begins with b.
func peekStamp(b []byte) (s stamp, ok bool) {
	size, ok := headerSize(b)
	if !ok || len(b) < size {
		return stamp{}, false
	}
	return headerStamp(b[:size])
}
