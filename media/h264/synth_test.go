package h264

// synthSPS describes a sequence parameter set.
type synthSPS struct {
	profile, constraints, level uint64
	id, pocType                 uint64
	offsets                     []int64 // type 1: non-ref, top to bottom, cycle...
	wide, high                  uint64  // in macroblocks and map units
	interlaced                  bool
	vui                         bool
	reorder                     int // -1: no bitstream restriction
	num, scale                  uint64
}

// progressive is 320x240, High, level 3, with POC lines of 8 bits.
func progressive() synthSPS {
	return synthSPS{profile: 100, level: 30, wide: 20, high: 15, reorder: -1}
}

func (s synthSPS) nal() []byte {
	w := (&bitWriter{}).u(s.profile, 8).u(s.constraints, 8).u(s.level, 8).ue(s.id)
	if s.profile == 100 {
		w.ue(1, 0, 0).u(0, 2) // 4:2:0, 8 bits, no scaling
	}
	w.ue(4, s.pocType) // frame_num of 8 bits
	switch s.pocType {
	case 0:
		w.ue(4) // POC of 8 bits
	case 1:
		w.u(0, 1).se(s.offsets[0], s.offsets[1]).ue(uint64(len(s.offsets) - 2)).se(s.offsets[2:]...)
	}
	w.ue(4).u(0, 1).ue(s.wide-1, s.high-1)
	if s.interlaced {
		w.u(0, 2) // fields, no MBAFF
	} else {
		w.u(1, 1)
	}
	w.u(1, 1).u(0, 1) // direct_8x8, no cropping
	if !s.vui && s.reorder < 0 && s.num == 0 {
		return w.u(0, 1).nal(0x67)
	}
	w.u(1, 1).u(0, 4) // VUI: no aspect, overscan, video signal, chroma
	if s.num > 0 {
		w.u(1, 1).u(s.num, 32).u(s.scale, 32).u(1, 1)
	} else {
		w.u(0, 1)
	}
	w.u(0, 3) // no HRD, no pic_struct
	if s.reorder < 0 {
		return w.u(0, 1).nal(0x67)
	}
	return w.u(1, 1).u(1, 1).ue(0, 0, 9, 9, uint64(s.reorder), 4).nal(0x67)
}

// synthPPS is a picture parameter set; flags beyond id are those tests need.
type synthPPS struct {
	id, sps          uint64
	bottom           bool
	weighted         bool
	bipred           uint64
	redundant        bool
	groupMap         []uint64 // slice_group_map_type and what follows, 2 groups
	activeL0, active uint64
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func (p synthPPS) nal() []byte {
	w := (&bitWriter{}).ue(p.id, p.sps).u(0, 1).u(bit(p.bottom), 1)
	if p.groupMap == nil {
		w.ue(0)
	} else {
		w.ue(1).ue(p.groupMap...)
	}
	return w.ue(p.activeL0, p.active).u(bit(p.weighted), 1).u(p.bipred, 2).
		se(0, 0, 0).u(0, 2).u(bit(p.redundant), 1).nal(0x68)
}

// synthSlice is a slice of a stream with the sets above.
type synthSlice struct {
	kind     byte // NAL unit type
	ref      byte
	firstMB  uint64
	slice    uint64 // slice_type
	pps      uint64
	frame    uint64
	field    int // 0 frame, 1 top, 2 bottom, in interlaced streams
	idr      uint64
	lsb      uint64
	delta    []int64
	mmco     []uint64
	payload  int // bytes of slice data
	overlong []uint64
}

func (s synthSlice) nal(sps synthSPS) []byte {
	w := (&bitWriter{}).ue(s.firstMB, s.slice, s.pps).u(s.frame, 8)
	if sps.interlaced {
		if s.field == 0 {
			w.u(0, 1)
		} else {
			w.u(1, 1).u(uint64(s.field-1), 1)
		}
	}
	if s.kind == 5 {
		w.ue(s.idr)
	}
	if sps.pocType == 0 {
		w.u(s.lsb, 8)
	}
	w.se(s.delta...)
	w.ue(s.overlong...)
	if s.slice%5 == 0 { // P: no override, no list modification
		w.u(0, 2)
	}
	if s.slice%5 == 1 { // B: spatial, no override, no modifications
		w.u(1, 1).u(0, 3)
	}
	if s.ref > 0 {
		switch {
		case s.kind == 5:
			w.u(0, 2)
		case s.mmco == nil:
			w.u(0, 1)
		default:
			w.u(1, 1).ue(s.mmco...).ue(0)
		}
	}
	w.se(0) // slice_qp_delta
	for i := range s.payload {
		w.u(uint64(i%255)+1, 8)
	}
	return w.nal(s.ref<<5 | s.kind)
}

// annexB joins NAL units with start codes of 4 bytes.
func annexB(nals ...[]byte) []byte {
	var b []byte
	for _, n := range nals {
		b = append(append(b, 0, 0, 0, 1), n...)
	}
	return b
}
