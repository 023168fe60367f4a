package h264

import (
	"bytes"

	"rtmpwriter/media"
)

// advance goes through the NAL units that the buffer holds by now. At the end
// of the stream (final) the last one ends with the buffer.
func (s *Splitter) advance(final bool) {
	for {
		at, found := s.startCode()
		if s.nal.open {
			at -= s.readNAL(at, found, final)
		}
		if !found {
			break
		}
		s.nal = openNAL{open: true, cut: at, start: at + 3}
		if at > 0 && s.buf[at-1] == 0 {
			s.nal.cut--
		}
		if !s.synced {
			s.drop(s.nal.cut)
		}
	}
	if !s.synced && !s.nal.open && len(s.buf) > 3 {
		s.drop(len(s.buf) - 3) // the rest may be half a start code
	}
}

// readNAL looks at the open NAL unit, which ends at end when that is found. It
// returns by how much the buffer has moved.
func (s *Splitter) readNAL(end int, found, final bool) (moved int) {
	if !found {
		end = len(s.buf)
	}
	whole := found || final
	nal := s.buf[s.nal.start:end]
	if !s.nal.decided {
		if !whole && (len(nal) == 0 || isSlice(media.NALType(nal)) && len(nal) < sliceProbe) {
			return 0
		}
		before := s.base
		if isSlice(media.NALType(nal)) {
			nal = nal[:min(len(nal), sliceProbe)]
		}
		s.decide(nal)
		moved = int(s.base - before)
		if !s.nal.open {
			return moved
		}
	}
	if whole {
		s.complete(bytes.TrimRight(s.buf[s.nal.start:end-moved], "\x00"))
	}
	return moved
}

// decide tells from its first bytes whether the open NAL unit begins a new
// access unit, and cuts there.
func (s *Splitter) decide(nal []byte) {
	s.nal.decided = true
	kind := media.NALType(nal)
	var head SliceHeader
	known := isSlice(kind) && head.Parse(nal, &s.Params) == nil
	switch {
	case len(nal) == 0 || nal[0]&0x80 != 0: // forbidden_zero_bit: garbage
		s.nal.open = s.synced
	case !s.synced:
		s.sync(kind, &head)
	case isSlice(kind) && s.unit.slices && !s.isFirstSlice(&head, known):
		s.joinSplit()
		return
	case isSlice(kind) && s.unit.slices && s.joinsField(&head, known):
		s.joinSplit()
	case isSlice(kind) && s.unit.slices, s.unit.slices && startsUnit(kind) && !s.awaitsField():
		s.cutUnit()
	case s.unit.slices && s.unit.split == 0 && (startsUnit(kind) || kind == nalPrefix):
		s.unit.split = s.nal.cut
	}
	if isSlice(kind) && s.synced {
		s.unit.slices, s.unit.known, s.unit.head = true, known, head
		s.unit.fields++
		s.nal.first = true
	}
}

// sync looks for a certain start of an access unit: a NAL unit that only
// stands before slices, or a picture's first slice.
func (s *Splitter) sync(kind uint8, head *SliceHeader) {
	s.synced = startsUnit(kind) || isSlice(kind) && head.FirstMB == 0 && head.RedundantPicCnt == 0
	s.nal.open = s.synced
}

// isFirstSlice tells that a slice begins a frame or a field. Where headers
// cannot be parsed, for want of parameter sets, macroblock 0 tells it.
func (s *Splitter) isFirstSlice(head *SliceHeader, known bool) bool {
	if !known || !s.unit.known {
		return head.FirstMB == 0
	}
	return isNewPicture(&s.unit.head, head)
}

// joinsField tells that a first slice belongs to the second field of the frame
// in work.
func (s *Splitter) joinsField(head *SliceHeader, known bool) bool {
	return known && s.awaitsField() && isSecondField(&s.unit.head, head)
}

func (s *Splitter) awaitsField() bool {
	return s.unit.known && s.unit.fields == 1 && s.unit.head.FieldPic
}

// joinSplit takes what stood before a slice of the same frame into the unit.
func (s *Splitter) joinSplit() {
	s.unit.split = 0
	s.unit.pic.Keyframe = s.unit.pic.Keyframe || s.unit.recovery
	s.unit.recovery = false
}

// cutUnit ends the unit in work before the open NAL unit, or before those that
// turned out to belong to the next unit.
func (s *Splitter) cutUnit() {
	at, recovery := s.nal.cut, false
	if s.unit.split > 0 {
		at, recovery = s.unit.split, s.unit.recovery
	}
	s.emit(at)
	s.unit = unitState{pic: Picture{Keyframe: recovery}}
}

// complete takes the open NAL unit, which is whole now.
func (s *Splitter) complete(nal []byte) {
	s.nal.open = false
	switch {
	case len(nal) == 0 || nal[0]&0x80 != 0:
	case s.nal.first:
		if s.unit.known {
			_ = s.unit.head.ParseAll(nal, &s.Params) // cut short: as if without MMCO5
		}
		s.unit.pic.add(&s.unit.head, &s.order)
	case media.NALType(nal) == media.NALSEI && HasRecoveryPoint(nal):
		if s.unit.split > 0 {
			s.unit.recovery = true
		} else {
			s.unit.pic.Keyframe = true
		}
	default:
		_, _ = s.Params.Observe(nal) // a refused set leaves the last one in force
	}
}
