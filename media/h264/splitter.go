package h264

import (
	"bytes"

	"rtmpwriter/media"
)

const (
	// MaxAccessUnit bounds an access unit in bytes: the length of an RTMP
	// message has 24 bits, so a larger one could not be sent.
	MaxAccessUnit = 1<<24 - 1
	// writeStep is how much is taken in before it is searched for boundaries:
	// small, because what follows a boundary is moved once an access unit.
	writeStep = 2048
	// sliceProbe is how many bytes of a slice tell whether it begins a new
	// picture: seven numbers of 63 bits at most and two of 16, a third more for
	// emulation prevention (see SliceHeader.Parse).
	sliceProbe = 96
)

// AccessUnit is one access unit in Annex B framing, every byte as it was in
// the stream; the two fields of a frame are one unit. Who takes it releases it.
type AccessUnit struct {
	*media.Buffer
	// Offset is the place of its first byte in what was written, Skipped the
	// number of bytes left out between the unit before and this one.
	Offset, Skipped int64
	Picture
}

// Splitter cuts an Annex B byte stream into access units (7.4.1.2.4). It knows
// that a unit is complete when the next one begins, so the last one takes a
// Flush. Bytes before the first certain start of a unit are skipped.
//
// The zero value is ready. Memory is bounded by MaxAccessUnit.
type Splitter struct {
	// Params are the parameter sets in force at the end of what was written.
	Params Params
	order  POC

	buf   []byte // from the start of the unit in work
	base  int64  // place of buf[0] in the stream
	scan  int    // where the search for start codes goes on
	nal   openNAL
	unit  unitState
	ready []AccessUnit
	taken int // of ready

	synced  bool  // buf begins with an access unit
	skipped int64 // bytes since the last unit
}

// openNAL is the NAL unit whose end has not come yet.
type openNAL struct {
	open    bool
	cut     int // place of its start code, zero_byte included
	start   int // place of its header
	decided bool
	first   bool // first slice of a frame or field
}

// unitState is what is known of the access unit in work.
type unitState struct {
	pic    Picture
	slices bool        // it has at least one
	known  bool        // head is parsed
	head   SliceHeader // of the latest field's first slice
	fields int
	// split is where the next unit begins should the next slice turn out to be
	// of another picture; 0 when no NAL unit stands there yet.
	split    int
	recovery bool // a recovery point behind split
}

// Write takes the next bytes of the stream.
func (s *Splitter) Write(p []byte) {
	for len(p) > 0 {
		n := min(len(p), writeStep)
		s.buf = append(s.buf, p[:n]...)
		p = p[n:]
		s.advance(false)
		if len(s.buf) > MaxAccessUnit {
			s.Break()
		}
	}
}

// Flush ends the stream: what is left is a whole access unit.
func (s *Splitter) Flush() {
	s.advance(true)
	if s.synced && s.unit.slices {
		s.emit(len(s.buf))
	}
	s.drop(len(s.buf))
	s.nal, s.unit, s.synced = openNAL{}, unitState{}, false
}

// Break tells that bytes are missing here: the unit in work is dropped, and
// what follows is skipped up to the next certain start of a unit. It tells
// whether there was anything to drop.
func (s *Splitter) Break() bool {
	lost := s.synced && len(s.buf) > 0
	s.drop(len(s.buf))
	s.nal, s.unit, s.synced = openNAL{}, unitState{}, false
	return lost
}

// Next takes the oldest finished access unit; ok is false when there is none.
func (s *Splitter) Next() (au AccessUnit, ok bool) {
	if s.taken == len(s.ready) {
		return AccessUnit{}, false
	}
	au = s.ready[s.taken]
	s.ready[s.taken] = AccessUnit{}
	if s.taken++; s.taken == len(s.ready) {
		s.ready, s.taken = s.ready[:0], 0
	}
	return au, true
}

// Skipped tells and forgets how many bytes were left out behind the last unit.
func (s *Splitter) Skipped() int64 {
	n := s.skipped
	s.skipped = 0
	return n
}

// Offset is the number of bytes that have been written.
func (s *Splitter) Offset() int64 { return s.base + int64(len(s.buf)) }

// Pending is the number of bytes of the unit in work.
func (s *Splitter) Pending() int { return len(s.buf) }

// emit hands out the first n bytes as an access unit.
func (s *Splitter) emit(n int) {
	b := media.GetBuffer(n)
	copy(b.B, s.buf[:n])
	s.ready = append(s.ready, AccessUnit{Buffer: b, Offset: s.base, Skipped: s.Skipped(), Picture: s.unit.pic})
	s.shift(n)
}

// drop skips the first n bytes. Zeros between units carry nothing: they count
// for nothing.
func (s *Splitter) drop(n int) {
	if len(bytes.TrimLeft(s.buf[:n], "\x00")) > 0 {
		s.skipped += int64(n)
	}
	s.shift(n)
}

// shift moves the rest to the front of the buffer.
func (s *Splitter) shift(n int) {
	s.buf = s.buf[:copy(s.buf, s.buf[n:])]
	s.base += int64(n)
	s.scan = max(s.scan-n, 0)
	s.nal.cut -= n
	s.nal.start -= n
	s.unit.split = max(s.unit.split-n, 0)
}

// startCode searches on for 00 00 01 and returns its place.
func (s *Splitter) startCode() (at int, found bool) {
	for from := s.scan + 2; from < len(s.buf); {
		i := bytes.IndexByte(s.buf[from:], 1)
		if i < 0 {
			break
		}
		from += i + 1
		if s.buf[from-2] == 0 && s.buf[from-3] == 0 {
			s.scan = from
			return from - 3, true
		}
	}
	s.scan = max(s.scan, len(s.buf)-2)
	return 0, false
}
