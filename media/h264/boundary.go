package h264

import "rtmpwriter/media"

// NAL unit types that matter for the boundaries of access units (7.4.1.2.3).
const (
	nalPrefix       = 14
	nalSubsetSPS    = 15
	nalLastReserved = 18
)

// startsUnit tells the NAL unit types that begin a new access unit when they
// follow the last slice of a picture (7.4.1.2.4). A prefix NAL unit is not
// among them: in scalable streams one stands before every slice.
func startsUnit(nalType uint8) bool {
	switch nalType {
	case media.NALAUD, media.NALSPS, media.NALPPS, media.NALSEI:
		return true
	}
	return nalType >= nalSubsetSPS && nalType <= nalLastReserved
}

// isNewPicture tells that the slice h is not of the same primary coded picture
// as the slice prev before it (7.4.1.2.4). A slice that begins at macroblock 0
// begins a picture even when an encoder forgot to change anything else, unless
// each colour plane has slices of its own.
func isNewPicture(prev, h *SliceHeader) bool {
	if h.RedundantPicCnt > 0 {
		return false
	}
	return h.FirstMB == 0 && !h.sps.separatePlanes ||
		h.FrameNum != prev.FrameNum ||
		h.PPSID != prev.PPSID ||
		h.sps != prev.sps ||
		h.FieldPic != prev.FieldPic ||
		h.BottomField != prev.BottomField ||
		h.RefIDC != prev.RefIDC && (h.RefIDC == 0 || prev.RefIDC == 0) ||
		h.IDR() != prev.IDR() ||
		h.IDRPicID != prev.IDRPicID ||
		h.POCLSB != prev.POCLSB ||
		h.DeltaPOCBottom != prev.DeltaPOCBottom ||
		h.DeltaPOC != prev.DeltaPOC
}

// isSecondField tells that h is of the field that completes the frame begun by
// the field prev.
func isSecondField(prev, h *SliceHeader) bool {
	return prev.FieldPic && h.FieldPic &&
		prev.BottomField != h.BottomField &&
		prev.FrameNum == h.FrameNum &&
		prev.sps == h.sps &&
		!h.IDR()
}
