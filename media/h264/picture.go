package h264

import "rtmpwriter/media"

// seiRecoveryPoint is the payload type of the recovery point SEI message (D.1.8).
const seiRecoveryPoint = 6

// Picture tells what an access unit codes. Two fields of one frame are one
// picture, as in every container that RTMP knows.
type Picture struct {
	// Known tells that slice headers were read; without it only Keyframe and
	// IDR may be set.
	Known bool
	// IDR is set for IDR pictures; Keyframe for these and for recovery points,
	// from which on decoding is right, at once or after some frames.
	IDR, Keyframe bool
	// Reference tells that later pictures may depend on this one.
	Reference bool
	// Restart tells that display order begins anew: every earlier picture in
	// decode order is shown before this one.
	Restart bool
	// Order is the picture order count since the last Restart. It rises in
	// display order, usually by 2 a frame, or by 1.
	Order int64
	// Type is the type of the first slice.
	Type SliceType
	// SPS is the sequence parameter set that the picture refers to.
	SPS *SPS
}

// add takes the first slice of a frame or of a field.
func (p *Picture) add(h *SliceHeader, order *POC) {
	count, restart := order.Next(h)
	p.IDR = p.IDR || h.IDR()
	p.Keyframe = p.Keyframe || h.IDR()
	p.Reference = p.Reference || h.RefIDC != 0
	switch {
	case h.sps == nil:
	case !p.Known:
		p.Known, p.Order, p.Restart = true, count, restart
		p.Type, p.SPS = h.Type, h.sps
	case restart: // a second field with MMCO 5
		p.Order, p.Restart = 0, true
	default:
		p.Order = min(p.Order, count)
	}
}

// HasRecoveryPoint looks for a recovery point among the messages of an SEI NAL
// unit (7.3.2.3).
func HasRecoveryPoint(nal []byte) bool {
	r := newBitReader(nal)
	for {
		kind, size := seiNumber(&r), seiNumber(&r)
		if !r.ok() {
			return false
		}
		if kind == seiRecoveryPoint {
			return size > 0
		}
		for ; size > 0 && r.ok(); size-- {
			r.u(8)
		}
	}
}

// seiNumber reads a number that is coded as a row of bytes 255 and a last one.
func seiNumber(r *bitReader) int {
	for n := 0; ; {
		c := int(r.u(8))
		n += c
		if c != 255 || !r.ok() {
			return n
		}
	}
}

// Analyzer reads whole access units, one after another in decode order. The
// zero value is ready.
type Analyzer struct {
	Params Params
	order  POC
}

// Read takes one access unit as NAL units without start codes and tells its
// picture. Parameter sets in the unit come into force. Damaged NAL units are
// passed over. It allocates only where a parameter set changes.
func (a *Analyzer) Read(nals [][]byte) Picture {
	var pic Picture
	var head, field SliceHeader
	fields := 0
	for _, nal := range nals {
		switch kind := media.NALType(nal); {
		case kind == media.NALSEI:
			pic.Keyframe = pic.Keyframe || HasRecoveryPoint(nal)
		case isSlice(kind):
			if head.Parse(nal, &a.Params) == nil {
				if fields > 0 && (fields == 2 || !isSecondField(&field, &head)) {
					continue // a further slice of the same picture
				}
				_ = head.ParseAll(nal, &a.Params) // cut short: as if without MMCO5
				field = head
				fields++
			}
			pic.add(&head, &a.order)
		default:
			_, _ = a.Params.Observe(nal)
		}
	}
	return pic
}
