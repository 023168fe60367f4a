package mediatype

import (
	"bytes"

	"rtmpwriter/flv"
	"rtmpwriter/media"
)

// longestExtra bounds the parameter sets of a block in bytes: real ones have some
// hundred.
const longestExtra = 1 << 16

// avcRecord makes an AVCDecoderConfigurationRecord of the parameter sets that a
// format block carries: a whole record, NAL units with start codes, or each
// behind a length of two bytes, as AVC1 has it, or four. It is a copy, and nil
// when there are not both kinds of sets. lengthSize is the size of NAL unit
// lengths that a whole record tells, else 0.
func avcRecord(extra []byte) (record []byte, lengthSize int) {
	if len(extra) > longestExtra {
		return nil, 0
	}
	if startCode(extra) == none {
		if c, err := flv.ParseAVCDecoderConfig(extra); err == nil && onlyType(c.SPS, media.NALSPS) && onlyType(c.PPS, media.NALPPS) {
			if len(c.SPS) > 0 {
				record = bytes.Clone(extra)
			}
			return record, c.NALLengthSize
		}
	}
	sps, pps := parameterSets(extra)
	c, err := flv.NewAVCDecoderConfig(sps, pps)
	if err != nil {
		return nil, 0
	}
	if record, err = c.Append(nil); err != nil {
		return nil, 0
	}
	return record, 0
}

// parameterSets cuts NAL units and keeps the sets among them.
func parameterSets(extra []byte) (sps, pps [][]byte) {
	var nals [][]byte
	if startCode(extra) != none {
		nals = media.AppendAnnexB(nil, extra)
	} else {
		// Lengths of four bytes read as empty units and lengths of two. What is
		// whole before some damage counts.
		nals, _ = media.AppendLengthPrefixed(nil, extra, 2)
	}
	for _, nal := range nals {
		switch media.NALType(nal) {
		case media.NALSPS:
			sps = append(sps, nal)
		case media.NALPPS:
			pps = append(pps, nal)
		}
	}
	return sps, pps
}

func onlyType(nals [][]byte, kind uint8) bool {
	for _, nal := range nals {
		if media.NALType(nal) != kind {
			return false
		}
	}
	return true
}

// withLengthSize is the record with another size of NAL unit lengths: the
// publisher believes the record more than the track.
func withLengthSize(record []byte, size int) []byte {
	if len(record) < 5 || int(record[4]&3)+1 == size {
		return record
	}
	record = bytes.Clone(record)
	record[4] = record[4]&^3 | uint8(size-1)
	return record
}
