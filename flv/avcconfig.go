package flv

import (
	"encoding/binary"
	"fmt"
)

// Limits of the AVCDecoderConfigurationRecord's own fields.
const (
	maxSPS          = 1<<5 - 1
	maxPPS          = 1<<8 - 1
	maxParameterSet = 1<<16 - 1
)

// AVCDecoderConfig is an AVCDecoderConfigurationRecord (ISO/IEC 14496-15,
// section 5.3.3.1). Parsed and appended again it is the same bit for bit.
type AVCDecoderConfig struct {
	Profile, Compatibility, Level uint8
	// NALLengthSize is the size of the lengths before NAL units, 1 to 4 bytes
	// (3 is not allowed by the standard, but can be read).
	NALLengthSize int
	// SPS and PPS are the parameter sets as NAL units: at most 31 and 255,
	// each 1 to 65535 bytes long.
	SPS, PPS [][]byte
	// Ext is what follows the picture parameter sets: for the High profiles 4
	// bytes with chroma format, bit depths and the number of SPS extensions,
	// then these. Many records lack it.
	Ext []byte

	// Reserved bits that are not 1 as they should be.
	sizeReserved, countReserved uint8
}

// ParseAVCDecoderConfig parses a record. The result aliases b.
func ParseAVCDecoderConfig(b []byte) (*AVCDecoderConfig, error) {
	if len(b) < 7 {
		return nil, fmt.Errorf("flv: AVC configuration of %d bytes, at least 7 are needed", len(b))
	}
	if b[0] != 1 {
		return nil, fmt.Errorf("flv: AVC configuration of version %d, only 1 is known", b[0])
	}
	c := &AVCDecoderConfig{
		Profile: b[1], Compatibility: b[2], Level: b[3],
		NALLengthSize: int(b[4]&3) + 1,
		sizeReserved:  ^b[4] & 0xfc, countReserved: ^b[5] & 0xe0,
	}
	var err error
	if c.SPS, b, err = parseParameterSets("SPS", int(b[5]&0x1f), b[6:]); err != nil {
		return nil, err
	}
	if len(b) == 0 {
		return nil, fmt.Errorf("flv: AVC configuration ends before its PPS count")
	}
	if c.PPS, b, err = parseParameterSets("PPS", int(b[0]), b[1:]); err != nil {
		return nil, err
	}
	if len(b) > 0 {
		c.Ext = b
	}
	return c, nil
}

func parseParameterSets(kind string, count int, b []byte) (sets [][]byte, rest []byte, err error) {
	for i := range count {
		if len(b) < 2 {
			return nil, nil, fmt.Errorf("flv: AVC configuration ends before %s %d of %d", kind, i+1, count)
		}
		n := int(binary.BigEndian.Uint16(b))
		if b = b[2:]; n == 0 || n > len(b) {
			return nil, nil, fmt.Errorf("flv: AVC configuration: %s %d of %d has %d bytes, %d are left", kind, i+1, count, n, len(b))
		}
		sets = append(sets, b[:n:n])
		b = b[n:]
	}
	return sets, b, nil
}

// Append appends the record to dst. An error tells which field does not fit;
// dst is then returned as it was.
func (c *AVCDecoderConfig) Append(dst []byte) ([]byte, error) {
	if err := c.check(); err != nil {
		return dst, err
	}
	dst = append(dst, 1, c.Profile, c.Compatibility, c.Level,
		(0xfc^c.sizeReserved)|uint8(c.NALLengthSize-1), (0xe0^c.countReserved)|uint8(len(c.SPS)))
	dst = appendParameterSets(dst, c.SPS)
	dst = append(dst, uint8(len(c.PPS)))
	dst = appendParameterSets(dst, c.PPS)
	return append(dst, c.Ext...), nil
}

func (c *AVCDecoderConfig) check() error {
	switch {
	case c.NALLengthSize < 1 || c.NALLengthSize > 4:
		return fmt.Errorf("flv: AVC configuration: NAL unit length size %d, it must be 1 to 4", c.NALLengthSize)
	case len(c.SPS) > maxSPS:
		return fmt.Errorf("flv: AVC configuration: %d SPS, the limit is %d", len(c.SPS), maxSPS)
	case len(c.PPS) > maxPPS:
		return fmt.Errorf("flv: AVC configuration: %d PPS, the limit is %d", len(c.PPS), maxPPS)
	}
	for _, sets := range [][][]byte{c.SPS, c.PPS} {
		for _, set := range sets {
			if len(set) == 0 || len(set) > maxParameterSet {
				return fmt.Errorf("flv: AVC configuration: parameter set of %d bytes, it must have 1 to %d", len(set), maxParameterSet)
			}
		}
	}
	return nil
}

func appendParameterSets(dst []byte, sets [][]byte) []byte {
	for _, set := range sets {
		dst = binary.BigEndian.AppendUint16(dst, uint16(len(set)))
		dst = append(dst, set...)
	}
	return dst
}
