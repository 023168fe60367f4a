package h264

// Bounds of the loops in a slice header: modifications are at most one per
// reference and list, marking operations a few per reference (7.4.3).
const (
	maxListModifications = 2*maxRefIdxActive + 2
	maxMarkings          = 2*maxRefIdxActive + 2
)

// parseMarking goes on behind redundant_pic_cnt, through all that stands
// before the reference picture marking.
func (h *SliceHeader) parseMarking(r *bitReader) error {
	if h.Type == SliceB {
		r.flag() // direct_spatial_mv_pred_flag
	}
	active := h.pps.refIdxActive
	lists := h.lists()
	if lists > 0 && r.flag() {
		for i := range lists {
			active[i] = r.ue() + 1
		}
	}
	if max(active[0], active[1]) > maxRefIdxActive {
		return errSliceBroken
	}
	for range lists {
		if !skipListModification(r) {
			return errSliceBroken
		}
	}
	if h.isWeighted() {
		h.skipWeights(r, active[:lists])
	}
	if h.RefIDC != 0 && !h.IDR() && r.flag() { // adaptive_ref_pic_marking_mode_flag
		if !h.readMarkings(r) {
			return errSliceBroken
		}
	}
	if !r.ok() {
		return errSliceShort
	}
	return nil
}

// lists is the number of reference picture lists that the slice uses.
func (h *SliceHeader) lists() int {
	switch h.Type {
	case SliceP, SliceSP:
		return 1
	case SliceB:
		return 2
	}
	return 0
}

func (h *SliceHeader) isWeighted() bool {
	if h.Type == SliceB {
		return h.pps.weightedBipred == 1
	}
	return h.pps.weightedPred && h.lists() == 1
}

// skipListModification passes over one list of ref_pic_list_modification
// (7.3.3.1).
func skipListModification(r *bitReader) bool {
	if !r.flag() {
		return true
	}
	for range maxListModifications {
		op := r.ue()
		if op == 3 {
			return true
		}
		if op > 2 || !r.ok() {
			return false
		}
		r.ue()
	}
	return false
}

// skipWeights passes over pred_weight_table (7.3.3.2).
func (h *SliceHeader) skipWeights(r *bitReader, active []uint32) {
	chroma := h.sps.chromaArrayType != 0
	r.ue()
	if chroma {
		r.ue()
	}
	for _, n := range active {
		for ; n > 0; n-- {
			if r.flag() {
				r.se()
				r.se()
			}
			if chroma && r.flag() {
				for range 4 {
					r.se()
				}
			}
		}
	}
}

// readMarkings reads the operations of dec_ref_pic_marking (7.3.3.3).
func (h *SliceHeader) readMarkings(r *bitReader) bool {
	for range maxMarkings {
		switch op := r.ue(); op {
		case 0:
			return true
		case 1, 2, 4, 6:
			r.ue()
		case 3:
			r.ue()
			r.ue()
		case 5:
			h.MMCO5 = true
		default:
			return false
		}
		if !r.ok() {
			return false
		}
	}
	return false
}
