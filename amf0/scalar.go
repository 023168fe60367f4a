package amf0

import (
	"encoding/binary"
	"fmt"
	"math"
)

func (d *decoder) boolean() (bool, error) {
	b, err := d.take(1, "boolean")
	if err != nil {
		return false, err
	}
	return b[0] != 0, nil
}

func (d *decoder) number() (float64, error) {
	b, err := d.take(8, "number")
	if err != nil {
		return 0, err
	}
	return math.Float64frombits(binary.BigEndian.Uint64(b)), nil
}

func (d *decoder) date() (Date, error) {
	ms, err := d.number()
	if err != nil {
		return Date{}, err
	}
	zone, err := d.take(2, "time zone")
	if err != nil {
		return Date{}, err
	}
	return Date{ms, int16(binary.BigEndian.Uint16(zone))}, nil
}

// string reads a string after a length of 2 or 4 bytes.
func (d *decoder) string(lengthSize int) (string, error) {
	start := d.at
	b, err := d.take(lengthSize, "string length")
	if err != nil {
		return "", err
	}
	n := uint32(0)
	for _, c := range b {
		n = n<<8 | uint32(c)
	}
	if n > MaxStringLength {
		return "", d.fail(start, "string of %d bytes, the limit is %d", n, MaxStringLength)
	}
	s, err := d.take(int(n), "string")
	return string(s), err
}

// take consumes n bytes of what is being read.
func (d *decoder) take(n int, what string) ([]byte, error) {
	if left := len(d.b) - d.at; n > left {
		return nil, d.fail(d.at, "the bytes end within a %s: %d of %d are there", what, left, n)
	}
	b := d.b[d.at : d.at+n]
	d.at += n
	return b, nil
}

func (d *decoder) fail(at int, format string, args ...any) error {
	return &SyntaxError{Offset: at, Reason: fmt.Sprintf(format, args...)}
}
