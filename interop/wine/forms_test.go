package wine

import (
	"bytes"
	"encoding/binary"
	"slices"
	"time"

	"rtmpwriter/media"
)

// videoForm is a way in which a graph may bring H.264.
type videoForm struct {
	subtype string
	format  string
	// sequence makes the format block's sequence header of the parameter sets;
	// nil: it has none.
	sequence func(sets [][]byte) []byte
	flags    int64 // dwFlags: the size of NAL unit lengths
	inBand   bool  // parameter sets stand before key frames
	// join makes a sample of NAL units.
	join func(nals [][]byte) []byte
}

// The forms of video.
var videoForms = map[string]videoForm{
	"annexb4 in band, no block":     {"H264", "none", nil, 0, true, startCodes(0, 0, 0, 1)},
	"annexb3 in band, no block":     {"h264", "none", nil, 0, true, startCodes(0, 0, 1)},
	"annexb4 in band, mpeg2":        {"H264", "mpeg2", nil, 0, true, startCodes(0, 0, 0, 1)},
	"annexb4, header with codes":    {"H264", "mpeg2", startCodes(0, 0, 0, 1), 0, false, startCodes(0, 0, 0, 1)},
	"annexb3, header with lengths":  {"h264", "mpeg2", lengths(2), 0, false, startCodes(0, 0, 1)},
	"annexb4 in band, videoinfo":    {"H264", "videoinfo", nil, 0, true, startCodes(0, 0, 0, 1)},
	"annexb3 in band, videoinfo2":   {"H264", "videoinfo2", nil, 0, true, startCodes(0, 0, 1)},
	"bare units":                    {"H264", "mpeg2", startCodes(0, 0, 0, 1), 0, false, bare},
	"avc1 lengths of 4":             {"AVC1", "mpeg2", lengths(2), 4, false, lengths(4)},
	"avc1 lengths of 2":             {"avc1", "mpeg2", lengths(2), 2, false, lengths(2)},
	"avc1 lengths of 1":             {"AVC1", "mpeg2", lengths(2), 1, false, lengths(1)},
	"h264 with lengths of 4":        {"H264", "mpeg2", lengths(2), 4, false, lengths(4)},
	"avc1, parameter sets again":    {"AVC1", "mpeg2", lengths(2), 4, true, lengths(4)},
	"annexb4, sets in both places":  {"H264", "mpeg2", startCodes(0, 0, 1), 0, true, startCodes(0, 0, 0, 1)},
	"annexb4 with zeros behind it":  {"H264", "none", nil, 0, true, trailingZeros},
	"annexb of both kinds of codes": {"H264", "none", nil, 0, true, mixedCodes},
}

// audioForm is a way in which a graph may bring AAC.
type audioForm struct {
	subtype string
	format  string
	config  bool // AudioSpecificConfig in the format block
	adts    bool // frames have ADTS headers
	payload int64
}

// The forms of audio.
var audioForms = map[string]audioForm{
	"raw":            {"ff", "wave", true, false, 0},
	"raw, no config": {"ff", "wave", false, false, 0},
	"raw, no block":  {"ff", "none", false, false, 0},
	"adts 1600":      {"1600", "wave", false, true, 0},
	"heaac 1610 raw": {"1610", "heaac", true, false, 0},
	"1610 adts":      {"1610", "heaac", false, true, 1},
}

// startCodes puts a start code before each unit.
func startCodes(code ...byte) func(nals [][]byte) []byte {
	return func(nals [][]byte) []byte {
		var b []byte
		for _, nal := range nals {
			b = append(append(b, code...), nal...)
		}
		return b
	}
}

// lengths puts a big-endian length of size bytes before each unit.
func lengths(size int) func(nals [][]byte) []byte {
	return func(nals [][]byte) []byte {
		var b []byte
		for _, nal := range nals {
			length := binary.BigEndian.AppendUint32(nil, uint32(len(nal)))
			b = append(append(b, length[4-size:]...), nal...)
		}
		return b
	}
}

// bare is the one unit with nothing before it.
func bare(nals [][]byte) []byte { return bytes.Join(nals, nil) }

func trailingZeros(nals [][]byte) []byte {
	return append(startCodes(0, 0, 0, 1)(nals), 0, 0, 0, 0, 0)
}

// mixedCodes has the long start code where a byte stream must have it, and the
// short one elsewhere, as x264 writes it.
func mixedCodes(nals [][]byte) []byte {
	var b []byte
	for i, nal := range nals {
		if kind := media.NALType(nal); i == 0 || kind == media.NALSPS || kind == media.NALPPS {
			b = append(b, 0)
		}
		b = append(append(b, 0, 0, 1), nal...)
	}
	return b
}

// mediaType is the form's media type for a clip.
func (f videoForm) mediaType(c *clip, sets [][]byte) mediaType {
	m := mediaType{subtype: f.subtype, format: f.format}
	if f.format != "none" {
		width, height := size(sets)
		m.numbers = [4]int64{width, height, int64(c.length(videoPin) / (100 * time.Nanosecond)), f.flags}
	}
	if f.sequence != nil {
		m.header = f.sequence(sets)
	}
	return m
}

// mediaType is the form's media type for a clip.
func (f audioForm) mediaType(c *clip) mediaType {
	m := mediaType{subtype: f.subtype, format: f.format}
	if f.format != "none" {
		m.numbers = [4]int64{int64(c.audio.Channels), int64(c.audio.SampleRate), f.payload}
	}
	if f.config {
		m.header = c.audio.Config
	}
	return m
}

// frame is one frame in the form.
func (f audioForm) frame(c *clip, raw []byte) []byte {
	if !f.adts {
		return raw
	}
	config := c.audio.Config
	object, rate, channels := config[0]>>3, config[0]&7<<1|config[1]>>7, config[1]>>3&15
	size := 7 + len(raw)
	header := []byte{
		0xff, 0xf1, (object-1)<<6 | rate<<2 | channels>>2, channels<<6 | byte(size>>11), byte(size >> 3), byte(size<<5) | 0x1f, 0xfc,
	}
	return slices.Concat(header, raw)
}
