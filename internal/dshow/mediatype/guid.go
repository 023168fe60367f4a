package mediatype

import (
	"encoding/binary"
	"fmt"

	"rtmpwriter/internal/com"
)

// Major types.
var (
	MajorVideo = fourCC("vids") // MEDIATYPE_Video
	MajorAudio = fourCC("auds") // MEDIATYPE_Audio
)

// Subtypes. Windows tells H264 from h264, although both mean the same.
var (
	SubtypeH264      = fourCC("H264")       // Annex B
	SubtypeH264Lower = fourCC("h264")       // Annex B
	SubtypeAVC1      = fourCC("AVC1")       // NAL units behind lengths
	SubtypeAVC1Lower = fourCC("avc1")       // NAL units behind lengths
	SubtypeRawAAC    = com.FourCC(0x00ff)   // MEDIASUBTYPE_RAW_AAC1: bare frames
	SubtypeADTS      = com.FourCC(tagADTS)  // MEDIASUBTYPE_MPEG_ADTS_AAC
	SubtypeHEAAC     = com.FourCC(tagHEAAC) // MEDIASUBTYPE_MPEG_HEAAC: its block tells the framing
)

// Format tags of WAVEFORMATEX.
const (
	tagADTS       = 0x1600
	tagHEAAC      = 0x1610
	tagExtensible = 0xfffe // the subtype tells the coding
)

// Format types: what the block of a media type holds. The zero GUID stands in
// partial types, which leave it open.
var (
	FormatMPEG2Video   = com.MustGUID("{E06D80E3-DB46-11CF-B4D1-00805F6CBBEA}")
	FormatVideoInfo    = com.MustGUID("{05589F80-C356-11CE-BF01-00AA0055595A}")
	FormatVideoInfo2   = com.MustGUID("{F72A76A0-EB0A-11D0-ACE4-0000C0CC16BA}")
	FormatWaveFormatEx = com.MustGUID("{05589F81-C356-11CE-BF01-00AA0055595A}")
	FormatNone         = com.MustGUID("{0F6417D6-C318-11D0-A43F-00A0C9223196}")
	formatOpen         com.GUID // GUID_NULL
)

var formatNames = map[com.GUID]string{
	FormatMPEG2Video:   "FORMAT_MPEG2_VIDEO",
	FormatVideoInfo:    "FORMAT_VideoInfo",
	FormatVideoInfo2:   "FORMAT_VideoInfo2",
	FormatWaveFormatEx: "FORMAT_WaveFormatEx",
	FormatNone:         "FORMAT_None",
	formatOpen:         "GUID_NULL",
}

func fourCC(code string) com.GUID {
	return com.FourCC(binary.LittleEndian.Uint32([]byte(code)))
}

// formatName names a format type for people.
func formatName(g com.GUID) string {
	if name := formatNames[g]; name != "" {
		return name
	}
	return g.String()
}

// typeName names a major type or subtype for people: FourCCs as letters, format
// tags as numbers.
func typeName(g com.GUID) string {
	code := binary.LittleEndian.Uint32(g[:])
	switch {
	case g == com.GUID{}:
		return "GUID_NULL"
	case g != com.FourCC(code):
		return g.String()
	case code <= 0xffff:
		return fmt.Sprintf("0x%04X", code)
	}
	for _, c := range g[:4] {
		if c < ' ' || c > '~' {
			return g.String()
		}
	}
	return string(g[:4])
}
