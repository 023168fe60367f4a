package com

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
)

// GUID is a globally unique identifier as it lies in memory: the first three
// parts little-endian, the last eight bytes as they are written.
type GUID [16]byte

// NewGUID takes the parts as DEFINE_GUID does.
func NewGUID(d1 uint32, d2, d3 uint16, d4 [8]byte) (g GUID) {
	binary.LittleEndian.PutUint32(g[:], d1)
	binary.LittleEndian.PutUint16(g[4:], d2)
	binary.LittleEndian.PutUint16(g[6:], d3)
	copy(g[8:], d4[:])
	return g
}

// FourCC is the GUID of a media subtype that is a FourCC or a WAVE format tag.
func FourCC(code uint32) GUID {
	return NewGUID(code, 0, 0x10, [8]byte{0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71})
}

// ParseGUID reads 8-4-4-4-12 hexadecimal digits, braces around them or not.
func ParseGUID(text string) (GUID, error) {
	digits := strings.Split(strings.TrimSuffix(strings.TrimPrefix(text, "{"), "}"), "-")
	raw, err := hex.DecodeString(strings.Join(digits, ""))
	if err != nil || len(raw) != 16 || len(digits) != 5 || len(digits[0]) != 8 || len(digits[1]) != 4 || len(digits[2]) != 4 || len(digits[3]) != 4 {
		return GUID{}, fmt.Errorf("%q is no GUID: it must be like {00000000-0000-0000-C000-000000000046}", text)
	}
	be := binary.BigEndian
	return NewGUID(be.Uint32(raw), be.Uint16(raw[4:]), be.Uint16(raw[6:]), [8]byte(raw[8:])), nil
}

// MustGUID is ParseGUID for constants.
func MustGUID(text string) GUID {
	g, err := ParseGUID(text)
	if err != nil {
		panic(err)
	}
	return g
}

// String writes the GUID as the registry does, with braces and capitals.
func (g GUID) String() string {
	le := binary.LittleEndian
	return fmt.Sprintf("{%08X-%04X-%04X-%X-%X}", le.Uint32(g[:]), le.Uint16(g[4:]), le.Uint16(g[6:]), g[8:10], g[10:])
}
