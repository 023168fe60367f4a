package tsin

import (
	"fmt"

	"github.com/asticode/go-astits"

	"rtmpwriter/media"
)

// program is what of a program map is published. A PID of 0 is none.
type program struct {
	number       uint16
	video, audio uint16
	skipped      []string
}

// refusal names the first stream of each kind that cannot be published.
type refusal struct{ video, audio string }

// choose takes the first H.264 and the first AAC stream of a program. A program
// whose only video or only audio is in another codec is refused.
func choose(pmt *astits.PMTData) (program, error) {
	p := program{number: pmt.ProgramNumber}
	var other refusal
	for _, es := range pmt.ElementaryStreams {
		switch kind, name := streamName(es); {
		case es.StreamType == astits.StreamTypeH264Video && p.video == 0:
			p.video = es.ElementaryPID
		case es.StreamType == astits.StreamTypeAACAudio && p.audio == 0:
			p.audio = es.ElementaryPID
		default:
			p.skipped = append(p.skipped, fmt.Sprintf("PID %d (%s) is not published", es.ElementaryPID, name))
			if kind == kindVideo && other.video == "" {
				other.video = name
			}
			if kind == kindAudio && other.audio == "" {
				other.audio = name
			}
		}
	}
	switch {
	case p.video == 0 && other.video != "":
		return p, &media.UnsupportedError{What: other.video + " in MPEG-TS", Hint: "convert the video to H.264"}
	case p.audio == 0 && other.audio != "":
		return p, &media.UnsupportedError{What: other.audio + " in MPEG-TS", Hint: "convert the audio to AAC with ADTS headers"}
	case p.video == 0 && p.audio == 0:
		return p, &media.UnsupportedError{What: "MPEG-TS without video and audio"}
	}
	return p, nil
}

// kind tells what a stream carries.
type kind uint8

const (
	kindOther kind = iota // subtitles, data, private sections
	kindVideo
	kindAudio
)

// namedStream is one row of the stream types.
type namedStream struct {
	kind kind
	name string
}

// streamTypes are those of ISO/IEC 13818-1, table 2-34, ATSC and Blu-ray.
var streamTypes = map[astits.StreamType]namedStream{
	0x01: {kindVideo, "MPEG-1 video"},
	0x02: {kindVideo, "MPEG-2 video"},
	0x03: {kindAudio, "MPEG audio (MP2 or MP3)"},
	0x04: {kindAudio, "MPEG audio (MP2 or MP3)"},
	0x0f: {kindAudio, "AAC"},
	0x10: {kindVideo, "MPEG-4 Visual"},
	0x11: {kindAudio, "AAC in LATM"},
	0x1b: {kindVideo, "H.264"},
	0x1c: {kindAudio, "AAC without headers"},
	0x20: {kindOther, "H.264 MVC"},
	0x21: {kindVideo, "JPEG 2000"},
	0x24: {kindVideo, "HEVC"},
	0x33: {kindVideo, "VVC"},
	0x42: {kindVideo, "AVS video"},
	0x80: {kindAudio, "LPCM"},
	0x81: {kindAudio, "AC-3"},
	0x82: {kindAudio, "DTS"},
	0x83: {kindAudio, "TrueHD"},
	0x84: {kindAudio, "E-AC-3"},
	0x85: {kindAudio, "DTS-HD"},
	0x87: {kindAudio, "E-AC-3"},
	0x8a: {kindAudio, "DTS"},
	0xcf: {kindAudio, "encrypted AAC (SAMPLE-AES)"},
	0xd1: {kindVideo, "Dirac"},
	0xd2: {kindVideo, "AVS2 video"},
	0xd4: {kindVideo, "AVS3 video"},
	0xdb: {kindVideo, "encrypted H.264 (SAMPLE-AES)"},
	0xea: {kindVideo, "VC-1"},
}

// registered are format identifiers of registration descriptors, which name
// the codec of private streams.
var registered = map[uint32]namedStream{
	fourCC("AC-3"): {kindAudio, "AC-3"},
	fourCC("EAC3"): {kindAudio, "E-AC-3"},
	fourCC("Opus"): {kindAudio, "Opus"},
	fourCC("BSSD"): {kindAudio, "SMPTE 302M audio"},
	fourCC("DTS1"): {kindAudio, "DTS"},
	fourCC("DTS2"): {kindAudio, "DTS"},
	fourCC("DTS3"): {kindAudio, "DTS"},
	fourCC("HEVC"): {kindVideo, "HEVC"},
	fourCC("AV01"): {kindVideo, "AV1"},
	fourCC("VC-1"): {kindVideo, "VC-1"},
	fourCC("drac"): {kindVideo, "Dirac"},
}

func fourCC(s string) uint32 {
	return uint32(s[0])<<24 | uint32(s[1])<<16 | uint32(s[2])<<8 | uint32(s[3])
}

// streamName tells what a stream carries. Private data is told by its
// descriptors (EN 300 468, annex D).
func streamName(es *astits.PMTElementaryStream) (kind, string) {
	if n, ok := streamTypes[es.StreamType]; ok {
		return n.kind, n.name
	}
	if es.StreamType != astits.StreamTypePrivateData {
		return kindOther, fmt.Sprintf("stream type 0x%02x", uint8(es.StreamType))
	}
	for _, d := range es.ElementaryStreamDescriptors {
		switch {
		case d.Tag == astits.DescriptorTagAC3:
			return kindAudio, "AC-3"
		case d.Tag == astits.DescriptorTagEnhancedAC3:
			return kindAudio, "E-AC-3"
		case d.Tag == 0x7b:
			return kindAudio, "DTS"
		case d.Tag == 0x7c:
			return kindAudio, "AAC in LATM"
		case d.Registration != nil:
			if n, ok := registered[d.Registration.FormatIdentifier]; ok {
				return n.kind, n.name
			}
		}
	}
	return kindOther, "private data"
}
