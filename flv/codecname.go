package flv

import (
	"encoding/binary"
	"fmt"
	"strconv"
)

// videoNames are the codec IDs of FLV 10.1, section E.4.3.1. 12 is no part of
// it, but in wide use.
var videoNames = map[uint8]string{
	1: "JPEG", 2: "Sorenson H.263", 3: "Screen Video", 4: "VP6", 5: "VP6 with alpha",
	6: "Screen Video 2", CodecAVC: "H.264", 8: "H.263", 9: "MPEG-4 Visual", 12: "HEVC",
}

// audioNames are the sound formats of FLV 10.1, section E.4.2.1. 13 is no part
// of it.
var audioNames = map[uint8]string{
	0: "PCM", 1: "ADPCM", 2: "MP3", 3: "PCM, little-endian", 4: "Nellymoser 16 kHz",
	5: "Nellymoser 8 kHz", 6: "Nellymoser", 7: "G.711 A-law", 8: "G.711 mu-law",
	CodecAAC: "AAC", 11: "Speex", 13: "Opus", 14: "MP3 8 kHz", 15: "device-specific sound",
}

// fourCCNames are the codings of Enhanced RTMP v2.
var fourCCNames = map[string]string{
	"avc1": "H.264", "hvc1": "HEVC", "vvc1": "VVC", "av01": "AV1", "vp08": "VP8", "vp09": "VP9",
	"mp4a": "AAC", "Opus": "Opus", "fLaC": "FLAC", ".mp3": "MP3", "ac-3": "AC-3", "ec-3": "E-AC-3",
}

// VideoCodecName names the coding of a video tag's body, of Enhanced RTMP too.
func VideoCodecName(body []byte) string {
	switch {
	case len(body) == 0:
		return "unknown"
	case body[0]&enhanced == 0:
		return nameOf(videoNames, body[0]&0x0f)
	case FrameType(body[0]>>4&7) == FrameCommand:
		return "Enhanced RTMP command"
	default:
		return enhancedName(body[0]&0x0f, body[1:])
	}
}

// AudioCodecName names the coding of an audio tag's body, of Enhanced RTMP too.
func AudioCodecName(body []byte) string {
	const exHeader = 9 // the sound format that announces Enhanced RTMP
	switch {
	case len(body) == 0:
		return "unknown"
	case body[0]>>4 != exHeader:
		return nameOf(audioNames, body[0]>>4)
	default:
		return enhancedName(body[0]&0x0f, body[1:])
	}
}

func nameOf(names map[uint8]string, id uint8) string {
	if name, ok := names[id]; ok {
		return name
	}
	return fmt.Sprintf("%d, which is unknown", id)
}

// enhancedName finds the FourCC behind the extensions that may precede it
// (Enhanced RTMP v2, ExVideoTagHeader and ExAudioTagHeader).
func enhancedName(packetType uint8, rest []byte) string {
	const (
		multitrack = 5 // in audio; 6 in video, where 5 has a FourCC at its place
		modEx      = 7
	)
	for packetType == modEx {
		if packetType, rest = skipModEx(rest); rest == nil {
			return "unknown (Enhanced RTMP)"
		}
	}
	if len(rest) > 4 && (packetType == multitrack || packetType == multitrack+1) && fourCCNames[string(rest[:4])] == "" {
		rest = rest[1:]
	}
	if len(rest) < 4 {
		return "unknown (Enhanced RTMP)"
	}
	fourCC := string(rest[:4])
	if name, ok := fourCCNames[fourCC]; ok {
		return name + " (Enhanced RTMP)"
	}
	return strconv.Quote(fourCC) + " (Enhanced RTMP)"
}

// skipModEx passes over one ModEx block and returns the packet type at its end,
// and what follows; nil when the block is cut off.
func skipModEx(b []byte) (packetType uint8, rest []byte) {
	if len(b) == 0 {
		return 0, nil
	}
	size, at := int(b[0])+1, 1
	if size == 256 {
		if len(b) < 3 {
			return 0, nil
		}
		size, at = int(binary.BigEndian.Uint16(b[1:]))+1, 3
	}
	if len(b) <= at+size {
		return 0, nil
	}
	return b[at+size] & 0x0f, b[at+size+1:]
}
