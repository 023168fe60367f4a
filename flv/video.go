package flv

import (
	"errors"
	"fmt"

	"rtmpwriter/media"
)

// VideoTag is the body of a video tag with H.264.
type VideoTag struct {
	FrameType  FrameType
	CodecID    uint8 // CodecAVC, but anything in a FrameCommand
	PacketType uint8 // AVCSequenceHeader, AVCNALU or AVCEndOfSequence
	// CompositionTime is presentation minus decode time in milliseconds, -2^23
	// to 2^23-1. It means something in AVCNALU only.
	CompositionTime int32
	// Data is the body after the header. It aliases the parsed body.
	Data []byte
}

// ParseVideoTag parses the body of a video tag (FLV 10.1, section E.4.3). A
// body in another codec than H.264 gives *media.UnsupportedError with the
// codec's name. A FrameCommand, whose codec means nothing, has the command in
// Data and no packet type.
func ParseVideoTag(body []byte) (VideoTag, error) {
	if len(body) == 0 {
		return VideoTag{}, errors.New("flv: empty video tag")
	}
	t := VideoTag{FrameType: FrameType(body[0] >> 4), CodecID: body[0] & 0x0f}
	if t.FrameType == FrameCommand {
		t.Data = body[1:]
		return t, nil
	}
	if t.CodecID != CodecAVC || body[0]&enhanced != 0 {
		return VideoTag{}, unsupported("video", VideoCodecName(body))
	}
	if len(body) < videoHeaderSize {
		return VideoTag{}, fmt.Errorf("flv: video tag of %d bytes, H.264 needs %d", len(body), videoHeaderSize)
	}
	t.PacketType = body[1]
	// The sign of the 24 bits moves to the top and back.
	t.CompositionTime = int32(uint32(body[2])<<24|uint32(body[3])<<16|uint32(body[4])<<8) >> 8
	t.Data = body[videoHeaderSize:]
	return t, nil
}

// AppendHeader appends the 5 bytes that come before Data. The codec is always
// H.264, whatever CodecID says. It allocates nothing when dst has room.
func (t VideoTag) AppendHeader(dst []byte) []byte {
	cts := uint32(t.CompositionTime)
	return append(dst, byte(t.FrameType)<<4|CodecAVC, t.PacketType, byte(cts>>16), byte(cts>>8), byte(cts))
}

func unsupported(kind, codec string) error {
	return &media.UnsupportedError{
		What: kind + " codec " + codec,
		Hint: "only H.264 and AAC can be published: transcode it, for example with ffmpeg",
	}
}
