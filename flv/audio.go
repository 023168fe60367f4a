package flv

import (
	"errors"
	"fmt"
)

// aacFlags are the rate, size and channel bits of an AAC body: always 44 kHz,
// 16 bits, stereo; the AudioSpecificConfig tells the truth.
const aacFlags = 0x0f

// AudioTag is the body of an audio tag with AAC.
type AudioTag struct {
	CodecID    uint8 // CodecAAC
	PacketType uint8 // AACSequenceHeader or AACRaw
	// Data is the body after the header. It aliases the parsed body.
	Data []byte
}

// ParseAudioTag parses the body of an audio tag (FLV 10.1, section E.4.2). A
// body in another codec than AAC gives *media.UnsupportedError with the codec's
// name.
func ParseAudioTag(body []byte) (AudioTag, error) {
	if len(body) == 0 {
		return AudioTag{}, errors.New("flv: empty audio tag")
	}
	if body[0]>>4 != CodecAAC {
		return AudioTag{}, unsupported("audio", AudioCodecName(body))
	}
	if len(body) < audioHeaderSize {
		return AudioTag{}, fmt.Errorf("flv: audio tag of %d bytes, AAC needs %d", len(body), audioHeaderSize)
	}
	return AudioTag{CodecID: CodecAAC, PacketType: body[1], Data: body[audioHeaderSize:]}, nil
}

// AppendHeader appends the 2 bytes that come before Data. The codec is always
// AAC, whatever CodecID says. It allocates nothing when dst has room.
func (t AudioTag) AppendHeader(dst []byte) []byte {
	return append(dst, CodecAAC<<4|aacFlags, t.PacketType)
}
