package h264

// POC computes picture order counts (8.2.1) from slice headers in decode
// order. The zero value is ready; a stream that does not begin with an IDR
// picture has counts that are right relative to each other.
type POC struct {
	// Of the previous reference picture, type 0.
	prevMSB, prevLSB int64
	// Of the previous picture, types 1 and 2.
	prevFrameNum uint32
	prevOffset   int64
}

// Next takes the first slice of the next frame or field, parsed by ParseAll,
// and returns its picture order count: of a frame, the smaller of its fields'.
// restart tells that the order begins anew with this picture: all pictures
// before it in decode order are shown before it (IDR pictures and MMCO 5).
// Two fields of a frame are two calls.
func (p *POC) Next(h *SliceHeader) (count int64, restart bool) {
	if h.sps == nil {
		return 0, false
	}
	if h.IDR() {
		*p = POC{}
	}
	var top, bottom int64
	switch h.sps.pocType {
	case 0:
		top, bottom = p.type0(h)
	case 1:
		top, bottom = p.type1(h)
	default:
		top = p.type2(h)
		bottom = top
	}
	count = pictureCount(h, top, bottom)
	if !h.MMCO5 {
		return count, h.IDR()
	}
	// The picture counts as 0 from here on (8.2.1, "tempPicOrderCnt").
	p.prevMSB, p.prevLSB = 0, 0
	if !h.BottomField {
		p.prevLSB = top - count
	}
	p.prevFrameNum, p.prevOffset = 0, 0
	return 0, true
}

func pictureCount(h *SliceHeader, top, bottom int64) int64 {
	switch {
	case !h.FieldPic:
		return min(top, bottom)
	case h.BottomField:
		return bottom
	}
	return top
}

// type0 is 8.2.1.1: the least significant bits are in the slice header.
func (p *POC) type0(h *SliceHeader) (top, bottom int64) {
	size := int64(1) << h.sps.pocLSBBits
	lsb, msb := int64(h.POCLSB), p.prevMSB
	switch {
	case lsb < p.prevLSB && p.prevLSB-lsb >= size/2:
		msb += size
	case lsb > p.prevLSB && lsb-p.prevLSB > size/2:
		msb -= size
	}
	if h.RefIDC != 0 {
		p.prevMSB, p.prevLSB = msb, lsb
	}
	return msb + lsb, msb + lsb + int64(h.DeltaPOCBottom)
}

// frameNumOffset counts the wraps of frame_num (equations 8-6 and 8-11).
func (p *POC) frameNumOffset(h *SliceHeader) int64 {
	if !h.IDR() && p.prevFrameNum > h.FrameNum {
		p.prevOffset += 1 << h.sps.frameNumBits
	}
	p.prevFrameNum = h.FrameNum
	return p.prevOffset
}

// type1 is 8.2.1.2: a cycle of expected differences from the SPS.
func (p *POC) type1(h *SliceHeader) (top, bottom int64) {
	s := h.sps
	offset := p.frameNumOffset(h)
	abs := int64(0)
	if len(s.offsets) > 0 {
		abs = offset + int64(h.FrameNum)
	}
	if h.RefIDC == 0 && abs > 0 {
		abs--
	}
	expected := int64(0)
	if abs > 0 {
		cycles, inCycle := (abs-1)/int64(len(s.offsets)), (abs-1)%int64(len(s.offsets))
		for i, o := range s.offsets {
			expected += cycles * int64(o)
			if int64(i) <= inCycle {
				expected += int64(o)
			}
		}
	}
	if h.RefIDC == 0 {
		expected += int64(s.offsetNonRef)
	}
	top = expected + int64(h.DeltaPOC[0])
	if h.FieldPic {
		return top, expected + int64(s.offsetTopBottom) + int64(h.DeltaPOC[0])
	}
	return top, top + int64(s.offsetTopBottom) + int64(h.DeltaPOC[1])
}

// type2 is 8.2.1.3: output order is decoding order.
func (p *POC) type2(h *SliceHeader) int64 {
	count := 2 * (p.frameNumOffset(h) + int64(h.FrameNum))
	if h.RefIDC == 0 {
		count--
	}
	return count
}
