package flv

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"

	"rtmpwriter/media"
)

// NewAVCDecoderConfig makes the record for parameter sets in NAL units of their
// own, with NAL unit lengths of 4 bytes. The result aliases sps and pps.
//
// With several SPS the record states the first one's profile, the
// compatibility flags that all share and the highest level, as the standard
// asks for. The High profiles get their extension, unless the SPS is one that
// cannot be parsed: the record is then left without.
func NewAVCDecoderConfig(sps, pps [][]byte) (*AVCDecoderConfig, error) {
	if len(sps) == 0 || len(pps) == 0 {
		return nil, errors.New("flv: AVC configuration needs an SPS and a PPS")
	}
	c := &AVCDecoderConfig{Compatibility: 0xff, NALLengthSize: 4, SPS: sps, PPS: pps}
	for i, s := range sps {
		if len(s) < 4 || media.NALType(s) != media.NALSPS {
			return nil, fmt.Errorf("flv: AVC configuration: SPS %d is none: % x", i+1, s[:min(len(s), 4)])
		}
		c.Compatibility &= s[2]
		c.Level = max(c.Level, s[3])
	}
	for i, p := range pps {
		if media.NALType(p) != media.NALPPS {
			return nil, fmt.Errorf("flv: AVC configuration: PPS %d is none: % x", i+1, p[:min(len(p), 4)])
		}
	}
	c.Profile = sps[0][1]
	c.Ext = highProfileExt(sps[0])
	return c, c.check()
}

// highProfileExt is the record's extension for the SPS: nil for the profiles
// whose SPS has no chroma format, and for an SPS that cannot be parsed.
func highProfileExt(sps []byte) []byte {
	switch sps[1] {
	case 100, 110, 122, 244, 44, 83, 86, 118, 128, 134, 135, 138, 139:
	case 144:
		// The withdrawn High 4:4:4, which the parser does not know, has these
		// fields at the same places as its successor.
		sps = bytes.Clone(sps)
		sps[1] = 244
	default:
		return nil
	}
	var s h264.SPS
	if err := s.Unmarshal(sps); err != nil ||
		s.ChromaFormatIdc > 3 || s.BitDepthLumaMinus8 > 6 || s.BitDepthChromaMinus8 > 6 {
		return nil
	}
	return []byte{
		0xfc | byte(s.ChromaFormatIdc), 0xf8 | byte(s.BitDepthLumaMinus8),
		0xf8 | byte(s.BitDepthChromaMinus8), 0, // no SPS extensions
	}
}
