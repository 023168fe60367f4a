package h264

import (
	"errors"
	"fmt"
	"math/bits"

	"rtmpwriter/media"
)

// Bounds of a picture parameter set (7.4.2.2).
const (
	maxSliceGroups  = 8
	maxMapUnits     = maxSizeInMBs * maxSizeInMBs
	maxRefIdxActive = 32
)

// PPS holds what slice headers need of a picture parameter set (7.3.2.2).
type PPS struct {
	ID, SPSID uint8

	bottomFieldOrder bool // bottom_field_pic_order_in_frame_present_flag
	refIdxActive     [2]uint32
	weightedPred     bool
	weightedBipred   uint32
	redundantPics    bool
}

// ParsePPS reads a picture parameter set, NAL unit header included.
func ParsePPS(nal []byte) (*PPS, error) {
	if media.NALType(nal) != media.NALPPS {
		return nil, fmt.Errorf("PPS: NAL unit type %d, want 8", media.NALType(nal))
	}
	r := newBitReader(nal)
	id, spsID := r.ue(), r.ue()
	if r.ok() && (id > 255 || spsID > maxSPSID) {
		return nil, fmt.Errorf("PPS: id %d for SPS %d", id, spsID)
	}
	p := &PPS{ID: uint8(id), SPSID: uint8(spsID)}
	r.flag() // entropy_coding_mode_flag
	p.bottomFieldOrder = r.flag()
	if err := skipSliceGroups(&r); err != nil {
		return nil, err
	}
	for i := range p.refIdxActive {
		p.refIdxActive[i] = r.ue() + 1
	}
	p.weightedPred = r.flag()
	p.weightedBipred = r.u(2)
	r.se()   // pic_init_qp_minus26
	r.se()   // pic_init_qs_minus26
	r.se()   // chroma_qp_index_offset
	r.flag() // deblocking_filter_control_present_flag
	r.flag() // constrained_intra_pred_flag
	p.redundantPics = r.flag()
	if !r.ok() {
		return nil, errors.New("PPS: cut short")
	}
	if max(p.refIdxActive[0], p.refIdxActive[1]) > maxRefIdxActive {
		return nil, errors.New("PPS: more than 32 active references")
	}
	return p, nil
}

// skipSliceGroups passes over the slice group map of Baseline and Extended.
func skipSliceGroups(r *bitReader) error {
	groups := r.ue() + 1
	if groups > maxSliceGroups {
		return fmt.Errorf("PPS: %d slice groups", groups)
	}
	if groups == 1 {
		return nil
	}
	switch kind := r.ue(); kind {
	case 0:
		for range groups {
			r.ue()
		}
	case 1:
	case 2:
		for range groups - 1 {
			r.ue()
			r.ue()
		}
	case 3, 4, 5:
		r.flag()
		r.ue()
	case 6:
		units := uint64(r.ue()) + 1
		if units > maxMapUnits {
			return fmt.Errorf("PPS: slice group map of %d units", units)
		}
		width := uint(bits.Len32(groups - 1))
		for ; units > 0 && r.ok(); units-- {
			r.u(width)
		}
	default:
		return fmt.Errorf("PPS: slice group map type %d", kind)
	}
	return nil
}
