package server

import "encoding/binary"

// The FLV tag types.
const (
	flvAudio = 8
	flvVideo = 9
)

// flvFile puts message bodies into an FLV file, in the order they came.
type flvFile struct {
	path string
	kind byte // bits of the header: 4 audio, 1 video
	tags []byte
}

func (f *flvFile) add(tag byte, timestamp uint32, body []byte) {
	f.kind |= map[byte]byte{flvAudio: 4, flvVideo: 1}[tag]
	n := len(body)
	f.tags = append(f.tags, tag, byte(n>>16), byte(n>>8), byte(n),
		byte(timestamp>>16), byte(timestamp>>8), byte(timestamp), byte(timestamp>>24), 0, 0, 0)
	f.tags = append(f.tags, body...)
	f.tags = binary.BigEndian.AppendUint32(f.tags, uint32(11+n))
}

func (f *flvFile) bytes() []byte {
	return append([]byte{'F', 'L', 'V', 1, f.kind, 0, 0, 0, 9, 0, 0, 0, 0}, f.tags...)
}
