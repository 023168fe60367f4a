// Package media holds the words that every other package shares: what a track
// is, what one encoded packet is and who owns its bytes, and how H.264 access
// units and AAC frames are cut into their parts.
//
// It reads no container and no RTMP. It imports nothing of this module.
package media

import (
	"fmt"
	"math"
	"time"
)

// Codec names the coding of a track.
type Codec uint8

// The codecs that the writer publishes (specification, section 1).
const (
	CodecUnknown Codec = iota
	CodecH264
	CodecAAC
)

// String returns the codec's usual name.
func (c Codec) String() string {
	switch c {
	case CodecH264:
		return "H.264"
	case CodecAAC:
		return "AAC"
	default:
		return fmt.Sprintf("codec(%d)", uint8(c))
	}
}

// IsVideo reports whether the codec codes pictures.
func (c Codec) IsVideo() bool { return c == CodecH264 }

// IsAudio reports whether the codec codes sound.
func (c Codec) IsAudio() bool { return c == CodecAAC }

// Framing says how the bytes of a packet are laid out.
type Framing uint8

// The framings of H.264 and of AAC.
const (
	// FramingAnnexB separates NAL units by start codes of 3 or 4 bytes.
	FramingAnnexB Framing = iota
	// FramingLengthPrefixed puts a big-endian length of Track.NALLengthSize
	// bytes before each NAL unit, as MP4 and FLV do.
	FramingLengthPrefixed
	// FramingRaw is one bare AAC raw_data_block a packet.
	FramingRaw
	// FramingADTS is one or more AAC frames, each with its ADTS header.
	FramingADTS
)

// String returns the framing's usual name.
func (f Framing) String() string {
	switch f {
	case FramingAnnexB:
		return "Annex B"
	case FramingLengthPrefixed:
		return "length-prefixed"
	case FramingRaw:
		return "raw"
	case FramingADTS:
		return "ADTS"
	default:
		return fmt.Sprintf("framing(%d)", uint8(f))
	}
}

// Track describes one elementary stream. Only Codec and Framing are needed;
// what the stream itself or Config tells wins over the hints.
type Track struct {
	Codec   Codec
	Framing Framing
	// NALLengthSize is the size of the NAL unit length in bytes, 1, 2 or 4,
	// for FramingLengthPrefixed.
	NALLengthSize int
	// Config is the AVCDecoderConfigurationRecord (H.264) or the
	// AudioSpecificConfig (AAC). Empty when the stream carries its parameter
	// sets or ADTS headers in band.
	Config []byte
	// PresentationOnly tells that the samples carry presentation times only, as
	// those of DirectShow and RTP do: they come in decode order, Packet.DTS is
	// ignored, and Packet.PTS may be NoTime. Decode times of video are found
	// from parameter sets and picture order, those of audio are its
	// presentation times.
	PresentationOnly bool

	// Hints for onMetaData and for pacing; 0 means not known.
	Width, Height int     // pixels, as displayed
	FrameRate     float64 // frames a second
	SampleRate    int     // Hz
	Channels      int
	Bitrate       int // bits/s
}

// NoTime as the presentation time of a packet tells that it has none. Only
// packets of tracks that are PresentationOnly may have it; theirs is filled in
// from the pictures or frames around it.
const NoTime time.Duration = math.MinInt64

// Releaser gives the bytes of a packet back to their owner.
type Releaser interface {
	// Release is called once, from any goroutine.
	Release()
}

// Packet is one access unit of video or one frame of audio (one or more when
// the track's framing is ADTS), with its times.
//
// Ownership: whoever is handed a packet owns it and calls Release once, when
// the bytes are no longer needed. Between the two nobody changes Data.
type Packet struct {
	// Track is the index in the list of tracks.
	Track int
	// DTS and PTS are the decode and presentation time. They may begin
	// anywhere; for audio both are the same. See Track.PresentationOnly for
	// samples without decode times.
	DTS, PTS time.Duration
	// Keyframe is set by containers that know a random access point. IDR
	// pictures count as keyframes without it.
	Keyframe bool
	// Config, when not nil, is a new AVCDecoderConfigurationRecord or
	// AudioSpecificConfig of the track, in force from this packet on. It may
	// change the NAL unit length's size. Release leaves it valid.
	Config []byte
	// Data is in the framing of the track.
	Data []byte
	// Owner gets Data back; nil when nobody waits for it.
	Owner Releaser
}

// Release gives the packet's bytes back. It may be called once.
func (p *Packet) Release() {
	if p.Owner != nil {
		o := p.Owner
		p.Owner, p.Data = nil, nil
		o.Release()
	}
}

// Milliseconds rounds d to whole milliseconds, halves away from zero. RTMP
// counts in milliseconds; truncating instead gives up to 1.7 ms of jitter.
func Milliseconds(d time.Duration) int64 {
	return int64(d.Round(time.Millisecond) / time.Millisecond)
}
