package server

import (
	"encoding/binary"

	"rtmpwriter/internal/receiver"
)

// The FLV tag types.
const (
	flvAudio = 8
	flvVideo = 9
)

// FLV puts message bodies into an FLV file, in the order they came.
type FLV struct {
	kind byte // bits of the header: 4 audio, 1 video
	tags []byte
}

// Add appends a message: its type, its time in milliseconds and its body.
func (f *FLV) Add(tag byte, timestamp uint32, body []byte) {
	f.kind |= map[byte]byte{flvAudio: 4, flvVideo: 1}[tag]
	n := len(body)
	f.tags = append(f.tags, tag, byte(n>>16), byte(n>>8), byte(n),
		byte(timestamp>>16), byte(timestamp>>8), byte(timestamp), byte(timestamp>>24), 0, 0, 0)
	f.tags = append(f.tags, body...)
	f.tags = binary.BigEndian.AppendUint32(f.tags, uint32(11+n))
}

// AddMessage appends what is a tag of audio or video.
func (f *FLV) AddMessage(m receiver.Message) {
	switch m.Kind {
	case receiver.KindVideo, receiver.KindVideoHeader, receiver.KindVideoEnd:
		f.Add(flvVideo, m.Timestamp, m.Body)
	case receiver.KindAudio, receiver.KindAudioHeader:
		f.Add(flvAudio, m.Timestamp, m.Body)
	}
}

// Bytes is the whole file.
func (f *FLV) Bytes() []byte {
	return append([]byte{'F', 'L', 'V', 1, f.kind, 0, 0, 0, 9, 0, 0, 0, 0}, f.tags...)
}
