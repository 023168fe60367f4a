package h264

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"rtmpwriter/media"
)

// MaxParameterSet bounds one parameter set in bytes: the length fields of an
// AVCDecoderConfigurationRecord have 16 bits.
const MaxParameterSet = 1<<16 - 1

// Params keeps the parameter sets in force, by their ids. The zero value knows
// none. It must not be copied once it knows some.
type Params struct {
	sps table[SPS]
	pps table[PPS]
}

// table is the sets of one kind, by their ids: as long as the largest id asks for,
// which is 0 in nearly every stream.
type table[T any] []struct {
	raw []byte
	set *T
}

// at returns the set of an id, nil when there is none.
func (t table[T]) at(id uint8) *T {
	if int(id) >= len(t) {
		return nil
	}
	return t[id].set
}

// is tells whether the id has this very set.
func (t table[T]) is(id uint8, nal []byte) bool {
	return int(id) < len(t) && bytes.Equal(t[id].raw, nal)
}

func (t *table[T]) put(id uint8, nal []byte, set *T) {
	if missing := int(id) + 1 - len(*t); missing > 0 {
		*t = append(*t, make(table[T], missing)...)
	}
	(*t)[id].raw, (*t)[id].set = bytes.Clone(nal), set
}

// Observe takes a NAL unit without its start code. Parameter sets come into
// force, all other units are passed over. changed tells that a set is new or
// differs from the one before it under the same id; a refused set leaves the
// one before in force. The unit is copied.
func (p *Params) Observe(nal []byte) (changed bool, err error) {
	kind := media.NALType(nal)
	if kind != media.NALSPS && kind != media.NALPPS {
		return false, nil
	}
	if len(nal) > MaxParameterSet {
		return false, fmt.Errorf("parameter set of %d bytes: the limit is %d", len(nal), MaxParameterSet)
	}
	if kind == media.NALSPS {
		return p.observeSPS(nal)
	}
	return p.observePPS(nal)
}

// observeSPS compares before it parses: most streams repeat their sets with
// every keyframe.
func (p *Params) observeSPS(nal []byte) (bool, error) {
	for i := range p.sps {
		if bytes.Equal(p.sps[i].raw, nal) {
			return false, nil
		}
	}
	s, err := ParseSPS(nal)
	if err != nil {
		return false, err
	}
	p.sps.put(s.ID, nal, s)
	return true, nil
}

func (p *Params) observePPS(nal []byte) (bool, error) {
	r := newBitReader(nal)
	if id := r.ue(); r.ok() && id <= 255 && p.pps.is(uint8(id), nal) {
		return false, nil
	}
	s, err := ParsePPS(nal)
	if err != nil {
		return false, err
	}
	p.pps.put(s.ID, nal, s)
	return true, nil
}

// ObserveConfig takes the parameter sets of an AVCDecoderConfigurationRecord
// (ISO/IEC 14496-15, 5.3.3.1).
func (p *Params) ObserveConfig(avcC []byte) error {
	if len(avcC) < 6 || avcC[0] != 1 {
		return errors.New("AVCDecoderConfigurationRecord: version 1 expected")
	}
	rest := avcC[5:]
	for _, mask := range []byte{0x1f, 0xff} { // sequence sets, then picture sets
		if len(rest) == 0 {
			return errors.New("AVCDecoderConfigurationRecord: cut short")
		}
		count := int(rest[0] & mask)
		rest = rest[1:]
		for range count {
			if len(rest) < 2 || len(rest)-2 < int(binary.BigEndian.Uint16(rest)) {
				return errors.New("AVCDecoderConfigurationRecord: cut short")
			}
			size := int(binary.BigEndian.Uint16(rest))
			if _, err := p.Observe(rest[2 : 2+size]); err != nil {
				return err
			}
			rest = rest[2+size:]
		}
	}
	return nil
}

// SPS returns the sequence parameter set in force under an id, nil when there
// is none.
func (p *Params) SPS(id uint8) *SPS { return p.sps.at(id) }

// PPS returns the picture parameter set in force under an id, nil when there
// is none.
func (p *Params) PPS(id uint8) *PPS { return p.pps.at(id) }

// First returns the sequence parameter set with the lowest id, nil when none is
// known: the stream's only one, nearly always.
func (p *Params) First() *SPS {
	for i := range p.sps {
		if p.sps[i].set != nil {
			return p.sps[i].set
		}
	}
	return nil
}

// Raw appends the NAL units of all sets in force, each kind by rising id.
func (p *Params) Raw(sps, pps [][]byte) ([][]byte, [][]byte) {
	for i := range p.sps {
		if p.sps[i].set != nil {
			sps = append(sps, p.sps[i].raw)
		}
	}
	for i := range p.pps {
		if p.pps[i].set != nil {
			pps = append(pps, p.pps[i].raw)
		}
	}
	return sps, pps
}
