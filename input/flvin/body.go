package flvin

import (
	"fmt"

	"rtmpwriter/flv"
)

// Some encoders send empty sequence headers and empty frames: both are passed
// over. So are packet types that neither is, such as the end of the sequence.

func isVideoConfig(t flv.VideoTag) bool {
	return t.FrameType != flv.FrameCommand && t.PacketType == flv.AVCSequenceHeader && len(t.Data) > 0
}

func isVideoFrame(t flv.VideoTag) bool {
	return t.FrameType != flv.FrameCommand && t.PacketType == flv.AVCNALU && len(t.Data) > 0
}

func isAudioConfig(t flv.AudioTag) bool {
	return t.PacketType == flv.AACSequenceHeader && len(t.Data) > 0
}

func isAudioFrame(t flv.AudioTag) bool {
	return t.PacketType == flv.AACRaw && len(t.Data) > 0
}

func checkVideoConfig(b []byte) error {
	_, err := flv.ParseAVCDecoderConfig(b)
	return err
}

// checkAudioConfig asks for no more than the shortest AudioSpecificConfig: newer
// profiles than the parsers know can be published too.
func checkAudioConfig(b []byte) error {
	if len(b) < 2 {
		return fmt.Errorf("AudioSpecificConfig of %d bytes, at least 2 are needed", len(b))
	}
	return nil
}
