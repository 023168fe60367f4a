package aac

import (
	"bytes"

	"rtmpwriter/media"
)

// writeStep is how much of a large write is taken in at once: what follows a
// frame is moved once a frame.
const writeStep = 4096

// Unit is one AAC frame cut from a stream. Who takes it releases it.
type Unit struct {
	*media.Buffer // the bare raw_data_block
	// Offset is the place of the frame's header in what was written, Skipped
	// the number of bytes left out between the frame before and this one.
	Offset, Skipped int64
	ADTS
	// Changed tells that the header's object type, rate or channels differ
	// from the frame's before; it is set on the first frame too.
	Changed bool
}

// Splitter cuts a byte stream into ADTS frames. A header counts where the
// frame before it ended; at the start, after damage and where the header
// changes the stream's format it counts only when another header follows its
// frame. Bytes in between are skipped.
//
// The zero value is ready. Memory is bounded by a few frames.
type Splitter struct {
	// Strict holds every frame back until the next header is there, and takes
	// a frame for damaged when none follows: for streams that nothing else
	// protects.
	Strict bool

	buf    []byte
	base   int64 // place of buf[0] in the stream
	synced bool  // a frame ended at buf[0]
	known  bool  // format is set
	format ADTS
	ready  []Unit
	taken  int
	// refused is set by frames of several blocks.
	refused bool

	skipped int64 // bytes since the last frame
}

// Write takes the next bytes of the stream.
func (s *Splitter) Write(p []byte) {
	for len(p) > 0 {
		n := min(len(p), writeStep)
		s.buf = append(s.buf, p[:n]...)
		p = p[n:]
		s.advance(false)
	}
}

// Flush ends the stream. A frame that it cuts short is skipped.
func (s *Splitter) Flush() {
	s.advance(true)
	s.Break()
}

// Break tells that bytes are missing here: a frame in work is dropped. It
// tells whether there was one.
func (s *Splitter) Break() bool {
	lost := s.synced && len(s.buf) > 0
	s.drop(len(s.buf))
	s.synced = false
	return lost
}

// Next takes the oldest frame; ok is false when there is none.
func (s *Splitter) Next() (u Unit, ok bool) {
	if s.taken == len(s.ready) {
		return Unit{}, false
	}
	u = s.ready[s.taken]
	s.ready[s.taken] = Unit{}
	if s.taken++; s.taken == len(s.ready) {
		s.ready, s.taken = s.ready[:0], 0
	}
	return u, true
}

// Err is ErrBlocks when the stream has frames that cannot be split.
func (s *Splitter) Err() error {
	if s.refused {
		return ErrBlocks
	}
	return nil
}

// Skipped tells and forgets how many bytes were left out behind the last frame.
func (s *Splitter) Skipped() int64 {
	n := s.skipped
	s.skipped = 0
	return n
}

// Offset is the number of bytes that have been written.
func (s *Splitter) Offset() int64 { return s.base + int64(len(s.buf)) }

// advance takes frames from the front of the buffer.
func (s *Splitter) advance(final bool) {
	for len(s.buf) >= minHeader {
		h, err := ParseADTS(s.buf)
		if err != nil {
			s.resync()
			continue
		}
		trusted := s.synced && s.known && h.SameStream(s.format)
		need := h.FrameSize
		if (s.Strict || !trusted) && !final {
			need += minHeader
		}
		switch {
		case need > len(s.buf) && final && !trusted:
			s.resync() // an unproven header of a frame that does not fit
		case need > len(s.buf):
			return
		case (s.Strict || !trusted) && !s.isFollowed(h):
			s.resync()
		default:
			s.take(h)
		}
	}
}

// isFollowed tells that another header of the same stream follows the frame. At
// the end of the stream there may be none.
func (s *Splitter) isFollowed(h ADTS) bool {
	rest := s.buf[h.FrameSize:]
	if len(rest) < minHeader {
		return true
	}
	next, err := ParseADTS(rest)
	return err == nil && next.SameStream(h)
}

// take cuts the frame at the front.
func (s *Splitter) take(h ADTS) {
	changed := !s.known || !h.SameStream(s.format)
	s.format, s.known, s.synced = h, true, true
	if h.Blocks > 1 {
		s.refused = true
		s.drop(h.FrameSize)
		return
	}
	raw := h.Raw(s.buf)
	b := media.GetBuffer(len(raw))
	copy(b.B, raw)
	s.ready = append(s.ready, Unit{Buffer: b, Offset: s.base, Skipped: s.Skipped(), ADTS: h, Changed: changed})
	s.shift(h.FrameSize)
}

// resync skips to the next byte that may begin a header.
func (s *Splitter) resync() {
	s.synced = false
	i := bytes.IndexByte(s.buf[1:], 0xff)
	if i < 0 {
		s.drop(len(s.buf))
		return
	}
	s.drop(1 + i)
}

func (s *Splitter) drop(n int) {
	s.skipped += int64(n)
	s.shift(n)
}

func (s *Splitter) shift(n int) {
	s.buf = s.buf[:copy(s.buf, s.buf[n:])]
	s.base += int64(n)
}
