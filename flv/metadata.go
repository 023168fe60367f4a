package flv

import (
	"math"

	"rtmpwriter/amf0"
)

// Metadata is what onMetaData tells of a stream. Fields that are 0 or empty are
// not known.
type Metadata struct {
	Width, Height int     // pixels
	VideoCodecID  uint8   // CodecAVC
	VideoDataRate float64 // kbit/s
	FrameRate     float64 // frames a second

	AudioCodecID    uint8   // CodecAAC
	AudioDataRate   float64 // kbit/s
	AudioSampleRate int     // Hz
	AudioSampleSize int     // bits
	AudioChannels   int

	Encoder  string
	Duration float64 // seconds; 0 for a live stream too
	FileSize float64 // bytes; likewise
}

// ECMAArray is the value of onMetaData: the known fields in a fixed order, and
// duration and filesize always.
func (m Metadata) ECMAArray() amf0.ECMAArray {
	a := make(amf0.ECMAArray, 0, 14)
	number := func(name string, v float64) {
		if v > 0 {
			a = append(a, amf0.Property{Name: name, Value: v})
		}
	}
	number("width", float64(m.Width))
	number("height", float64(m.Height))
	number("videocodecid", float64(m.VideoCodecID))
	number("videodatarate", m.VideoDataRate)
	number("framerate", m.FrameRate)
	number("audiocodecid", float64(m.AudioCodecID))
	number("audiodatarate", m.AudioDataRate)
	number("audiosamplerate", float64(m.AudioSampleRate))
	number("audiosamplesize", float64(m.AudioSampleSize))
	number("audiochannels", float64(m.AudioChannels))
	if m.AudioChannels > 0 {
		a = append(a, amf0.Property{Name: "stereo", Value: m.AudioChannels == 2})
	}
	if m.Encoder != "" {
		a = append(a, amf0.Property{Name: "encoder", Value: m.Encoder})
	}
	return append(a,
		amf0.Property{Name: "duration", Value: m.Duration},
		amf0.Property{Name: "filesize", Value: m.FileSize})
}

// Append appends the body of an onMetaData tag to dst. The error is amf0's.
func (m Metadata) Append(dst []byte) ([]byte, error) {
	return amf0.Append(dst, "onMetaData", m.ECMAArray())
}

// ParseMetadata reads the body of a script tag, with or without a leading
// @setDataFrame. It reports whether that is onMetaData; what a broken body has
// before the break counts, and values that make no sense are not known.
func ParseMetadata(body []byte) (m Metadata, ok bool) {
	values, _ := amf0.Decode(body)
	if len(values) > 0 && values[0] == "@setDataFrame" {
		values = values[1:]
	}
	if len(values) < 2 || values[0] != "onMetaData" {
		return Metadata{}, false
	}
	var p amf0.Object
	switch v := values[1].(type) {
	case amf0.Object:
		p = v
	case amf0.ECMAArray:
		p = amf0.Object(v)
	default:
		return Metadata{}, false
	}
	return metadataOf(p), true
}

func metadataOf(p amf0.Object) Metadata {
	m := Metadata{
		Width:           int(sane(p, "width", math.MaxUint16)),
		Height:          int(sane(p, "height", math.MaxUint16)),
		VideoCodecID:    uint8(sane(p, "videocodecid", math.MaxUint8)),
		VideoDataRate:   sane(p, "videodatarate", 1e7),
		FrameRate:       sane(p, "framerate", 1000),
		AudioCodecID:    uint8(sane(p, "audiocodecid", math.MaxUint8)),
		AudioDataRate:   sane(p, "audiodatarate", 1e6),
		AudioSampleRate: int(sane(p, "audiosamplerate", 1e6)),
		AudioSampleSize: int(sane(p, "audiosamplesize", 64)),
		AudioChannels:   int(sane(p, "audiochannels", 64)),
		Encoder:         p.String("encoder"),
		Duration:        sane(p, "duration", 1e8),
		FileSize:        sane(p, "filesize", 1<<53),
	}
	if stereo, _ := p.Get("stereo"); m.AudioChannels == 0 && stereo == true {
		m.AudioChannels = 2
	}
	return m
}

// sane is the number with the name, 0 when it is not within 0 to limit.
func sane(p amf0.Object, name string, limit float64) float64 {
	if v := p.Number(name); v > 0 && v <= limit {
		return v
	}
	return 0
}
