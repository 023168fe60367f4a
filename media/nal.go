package media

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// MaxNALUnits bounds the NAL units of one access unit. A picture has at most a
// few hundred slices; more is garbage meant to exhaust memory.
const MaxNALUnits = 4096

// NAL unit types of H.264 (table 7-1) that the writer looks at.
const (
	NALSlice = 1
	NALIDR   = 5
	NALSEI   = 6
	NALSPS   = 7
	NALPPS   = 8
	NALAUD   = 9
)

// NALType is the nal_unit_type of an H.264 NAL unit, 0 when it is empty.
func NALType(nal []byte) uint8 {
	if len(nal) == 0 {
		return 0
	}
	return nal[0] & 0x1f
}

// AppendAnnexB cuts an access unit at its start codes of 3 or 4 bytes and
// appends the NAL units to dst. They alias au and lack the trailing zero bytes
// that belong to the byte stream and not to them. Bytes before the first start
// code and empty NAL units are passed over; units beyond MaxNALUnits too.
func AppendAnnexB(dst [][]byte, au []byte) [][]byte {
	limit := len(dst) + MaxNALUnits
	at := nextStartCode(au)
	for at >= 0 && len(dst) < limit {
		au = au[at+3:]
		at = nextStartCode(au)
		nal := au
		if at >= 0 {
			nal = au[:at]
		}
		if nal = trimZeros(nal); len(nal) > 0 {
			dst = append(dst, nal)
		}
	}
	return dst
}

// nextStartCode is the place of the next 00 00 01, or -1. It looks for the
// rarer byte, the 01, at the speed of IndexByte.
func nextStartCode(b []byte) int {
	for from := 2; from < len(b); {
		i := bytes.IndexByte(b[from:], 1)
		if i < 0 {
			return -1
		}
		i += from
		if b[i-1] == 0 && b[i-2] == 0 {
			return i - 2
		}
		from = i + 1
	}
	return -1
}

func trimZeros(b []byte) []byte {
	n := len(b)
	for n > 0 && b[n-1] == 0 {
		n--
	}
	return b[:n]
}

// AppendLengthPrefixed cuts an access unit whose NAL units each follow a
// big-endian length of lengthSize bytes (1 to 4) and appends them to dst. They
// alias au. An error tells the place where the lengths do not add up; the
// units before it have been appended.
func AppendLengthPrefixed(dst [][]byte, au []byte, lengthSize int) ([][]byte, error) {
	if lengthSize < 1 || lengthSize > 4 {
		return dst, fmt.Errorf("NAL unit length size %d: must be 1 to 4", lengthSize)
	}
	limit := len(dst) + MaxNALUnits
	for at := 0; at < len(au); {
		if len(au)-at < lengthSize {
			return dst, fmt.Errorf("%d stray bytes at byte %d of the access unit", len(au)-at, at)
		}
		var size [4]byte
		copy(size[4-lengthSize:], au[at:at+lengthSize])
		n := int(binary.BigEndian.Uint32(size[:]))
		at += lengthSize
		if n > len(au)-at || n < 0 {
			return dst, fmt.Errorf("NAL unit of %d bytes at byte %d, but only %d are left", n, at, len(au)-at)
		}
		if n > 0 {
			if len(dst) == limit {
				return dst, fmt.Errorf("more than %d NAL units in one access unit", MaxNALUnits)
			}
			dst = append(dst, au[at:at+n])
		}
		at += n
	}
	return dst, nil
}
