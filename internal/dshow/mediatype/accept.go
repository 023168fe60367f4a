package mediatype

import (
	"fmt"

	"rtmpwriter/internal/com"
)

// Pin is one of the filter's two inputs.
type Pin int

// The pins, in the order in which the filter enumerates them.
const (
	Video Pin = 0
	Audio Pin = 1
)

// String names the pin for people.
func (p Pin) String() string {
	if p == Video {
		return "video"
	}
	return "audio"
}

// MediaType is an AM_MEDIA_TYPE, as far as it tells something. Block is the
// format block, which the caller keeps; it may be nil.
type MediaType struct {
	Major, Subtype, Format com.GUID
	Block                  []byte
}

// Types are the types that a pin enumerates: partial ones, whose format type is
// open. It accepts more: see Accept.
func Types(pin Pin) []MediaType {
	if pin == Video {
		return []MediaType{
			{Major: MajorVideo, Subtype: SubtypeH264},
			{Major: MajorVideo, Subtype: SubtypeH264Lower},
		}
	}
	return []MediaType{{Major: MajorAudio, Subtype: SubtypeRawAAC}}
}

// Accept is nil for a type that the pin takes. The error says what is wrong with
// any other.
func Accept(pin Pin, t MediaType) error {
	if pin == Video {
		return acceptVideo(t)
	}
	return acceptAudio(t)
}

func acceptVideo(t MediaType) error {
	switch t.Subtype {
	case SubtypeH264, SubtypeH264Lower, SubtypeAVC1, SubtypeAVC1Lower:
	default:
		return refuse(t, "the video pin takes H.264 as H264, h264, AVC1 or avc1")
	}
	if t.Major != MajorVideo {
		return refuse(t, "the video pin takes the major type vids")
	}
	switch t.Format {
	case FormatNone, formatOpen: // the block, if any, says nothing
		return nil
	case FormatMPEG2Video, FormatVideoInfo, FormatVideoInfo2:
		_, err := readVideo(t)
		return err
	}
	return refuse(t, "the video pin takes FORMAT_MPEG2_VIDEO, FORMAT_VideoInfo, FORMAT_VideoInfo2 and FORMAT_None")
}

func acceptAudio(t MediaType) error {
	switch t.Subtype {
	case SubtypeRawAAC, SubtypeADTS, SubtypeHEAAC:
	default:
		return refuse(t, "the audio pin takes AAC as 0x00FF, 0x1600 or 0x1610")
	}
	if t.Major != MajorAudio {
		return refuse(t, "the audio pin takes the major type auds")
	}
	switch t.Format {
	case FormatNone, formatOpen:
		return nil
	case FormatWaveFormatEx:
		_, err := readAudio(t)
		return err
	}
	return refuse(t, "the audio pin takes FORMAT_WaveFormatEx and FORMAT_None")
}

// refuse names the type beside what would have been taken.
func refuse(t MediaType, instead string) error {
	return fmt.Errorf("media type %s / %s with %s: %s", typeName(t.Major), typeName(t.Subtype), formatName(t.Format), instead)
}
