package h264

import (
	"errors"

	"rtmpwriter/media"
)

// Errors of slice headers. They are fixed values, so that a damaged stream
// costs no allocations.
var (
	errNotSlice    = errors.New("slice header: not a slice")
	errNoParams    = errors.New("slice header: its parameter sets have not been seen")
	errSliceShort  = errors.New("slice header: cut short")
	errSliceBroken = errors.New("slice header: value out of range")
)

// nalPartitionA is a slice data partition that holds a slice header (table 7-1).
const nalPartitionA = 2

// SliceType is slice_type modulo 5 (table 7-6).
type SliceType uint8

// The slice types.
const (
	SliceP SliceType = iota
	SliceB
	SliceI
	SliceSP
	SliceSI
)

// SliceHeader holds the part of a slice header (7.3.3) that tells pictures
// apart and orders them. FirstMB and Type are set even where the parameter
// sets are missing.
type SliceHeader struct {
	NALType, RefIDC       uint8
	FirstMB               uint32
	Type                  SliceType
	PPSID                 uint8
	FrameNum              uint32
	FieldPic, BottomField bool
	IDRPicID              uint32
	POCLSB                uint32
	DeltaPOCBottom        int32
	DeltaPOC              [2]int32
	RedundantPicCnt       uint32
	// MMCO5 tells of a memory management control operation that restarts the
	// order of pictures as an IDR picture does. Only ParseAll sets it.
	MMCO5 bool

	sps *SPS
	pps *PPS
}

// isSlice tells NAL units that begin with a slice header of the primary or of
// a redundant coded picture.
func isSlice(nalType uint8) bool {
	return nalType == media.NALSlice || nalType == nalPartitionA || nalType == media.NALIDR
}

// IDR tells a slice of an IDR picture.
func (h *SliceHeader) IDR() bool { return h.NALType == media.NALIDR }

// Parse reads the header up to redundant_pic_cnt: all that tells one picture
// from the next. It needs the NAL unit's first 96 bytes at most.
func (h *SliceHeader) Parse(nal []byte, p *Params) error {
	r := newBitReader(nal)
	return h.parse(&r, nal, p)
}

// ParseAll reads the header up to the reference picture marking, for MMCO5.
func (h *SliceHeader) ParseAll(nal []byte, p *Params) error {
	r := newBitReader(nal)
	if err := h.parse(&r, nal, p); err != nil {
		return err
	}
	return h.parseMarking(&r)
}

func (h *SliceHeader) parse(r *bitReader, nal []byte, p *Params) error {
	*h = SliceHeader{NALType: media.NALType(nal)}
	if !isSlice(h.NALType) {
		return errNotSlice
	}
	h.RefIDC = nal[0] >> 5 & 3
	h.FirstMB = r.ue()
	kind := r.ue()
	id := r.ue()
	if r.short {
		return errSliceShort
	}
	if r.bad || kind > 9 || id > 255 {
		return errSliceBroken
	}
	h.Type = SliceType(kind % 5)
	h.PPSID = uint8(id)
	if h.pps = p.PPS(h.PPSID); h.pps == nil {
		return errNoParams
	}
	if h.sps = p.SPS(h.pps.SPSID); h.sps == nil {
		return errNoParams
	}
	h.parseOrder(r)
	if !r.ok() {
		h.sps = nil
		return errSliceShort
	}
	return nil
}

func (h *SliceHeader) parseOrder(r *bitReader) {
	s, p := h.sps, h.pps
	if s.separatePlanes {
		r.u(2) // colour_plane_id
	}
	h.FrameNum = r.u(s.frameNumBits)
	if s.Interlaced {
		if h.FieldPic = r.flag(); h.FieldPic {
			h.BottomField = r.flag()
		}
	}
	if h.IDR() {
		h.IDRPicID = r.ue()
	}
	switch {
	case s.pocType == 0:
		h.POCLSB = r.u(s.pocLSBBits)
		if p.bottomFieldOrder && !h.FieldPic {
			h.DeltaPOCBottom = r.se()
		}
	case s.pocType == 1 && !s.deltaAlwaysZero:
		h.DeltaPOC[0] = r.se()
		if p.bottomFieldOrder && !h.FieldPic {
			h.DeltaPOC[1] = r.se()
		}
	}
	if p.redundantPics {
		h.RedundantPicCnt = r.ue()
	}
}
