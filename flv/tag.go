package flv

import "fmt"

// TagType is the type of an FLV tag, and of the RTMP message with its body.
type TagType uint8

// The tag types of FLV 10.1, section E.4.1.
const (
	TagAudio  TagType = 8
	TagVideo  TagType = 9
	TagScript TagType = 18
)

// String returns the type's name.
func (t TagType) String() string {
	switch t {
	case TagAudio:
		return "audio"
	case TagVideo:
		return "video"
	case TagScript:
		return "script"
	default:
		return fmt.Sprintf("tag type %d", uint8(t))
	}
}

// FrameType says what a decoder needs to decode a video frame.
type FrameType uint8

// The frame types of FLV 10.1, section E.4.3.1.
const (
	FrameKey          FrameType = 1 // decodable by itself
	FrameInter        FrameType = 2
	FrameDisposable   FrameType = 3 // H.263 only
	FrameGeneratedKey FrameType = 4 // a server made it a keyframe
	FrameCommand      FrameType = 5 // no frame: a seek begins or ends
)

// The codec IDs of video tags and sound formats of audio tags that are parsed.
const (
	CodecAVC uint8 = 7
	CodecAAC uint8 = 10
)

// The packet types of AVC video tags and AAC audio tags.
const (
	AVCSequenceHeader uint8 = 0 // AVCDecoderConfigurationRecord
	AVCNALU           uint8 = 1 // one access unit, NAL units after their lengths
	AVCEndOfSequence  uint8 = 2

	AACSequenceHeader uint8 = 0 // AudioSpecificConfig
	AACRaw            uint8 = 1 // one raw_data_block
)

const (
	// enhanced marks a video body of Enhanced RTMP; in an audio body the sound
	// format 9 does.
	enhanced = 0x80

	videoHeaderSize = 5
	audioHeaderSize = 2
)
