package mp4in

import "encoding/binary"

// Tags of the descriptors in an esds (14496-1, 7.2.2.1).
const (
	tagStream        = 3
	tagDecoderConfig = 4
	tagSpecificInfo  = 5
)

// The fixed fields of the descriptors that hold others, in bytes, and the flags
// of a stream's that tell of further ones (14496-1, 7.2.6.5 and 7.2.6.6).
const (
	streamFields   = 3
	streamDepends  = 0x80
	streamURL      = 0x40
	streamOCR      = 0x20
	decoderFields  = 13
	decoderAvgRate = 9 // place of the average bitrate
)

// descriptor is one descriptor of an esds. Those that stand inside it follow
// it in the list; body then has its fixed fields only.
type descriptor struct {
	tag  byte
	body []byte
}

// avgRate is the average bitrate that a decoder configuration tells, in bits/s.
func (d descriptor) avgRate() uint32 { return binary.BigEndian.Uint32(d.body[decoderAvgRate:]) }

// nextDescriptor takes the first descriptor off p; ok is false when it is cut
// short. It is not the library that reads them: that takes two seconds for the
// half million empty ones that a small box can hold.
func nextDescriptor(p []byte) (d descriptor, rest []byte, ok bool) {
	if len(p) < 2 {
		return d, nil, false
	}
	d.tag = p[0]
	size, more := 0, true
	for i := 1; more; i++ {
		if i == len(p) || i > 4 {
			return d, nil, false
		}
		size = size<<7 | int(p[i]&0x7f)
		more = p[i]&0x80 != 0
		rest = p[i+1:]
	}
	switch d.tag {
	case tagStream:
		size = streamSize(rest)
	case tagDecoderConfig:
		size = decoderFields
	}
	if size > len(rest) {
		return d, nil, false
	}
	d.body = rest[:size]
	return d, rest[size:], true
}

// streamSize is the size of the fixed fields of the stream descriptor in p.
func streamSize(p []byte) int {
	size := streamFields
	if len(p) < size {
		return size
	}
	flags := p[2]
	if flags&streamDepends != 0 {
		size += 2
	}
	if flags&streamURL != 0 {
		if len(p) > size {
			size += int(p[size])
		}
		size++
	}
	if flags&streamOCR != 0 {
		size += 2
	}
	return size
}
