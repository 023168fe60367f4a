package mediatype

import (
	"errors"

	"rtmpwriter/media"
	"rtmpwriter/media/aac"
)

// Errors of samples.
var (
	errADTSCut = errors.New("the sample begins with an ADTS header whose frame does not end with it")
	errNoADTS  = errors.New("no ADTS header at the start of the sample")
)

// aacFraming is how the frames of a stream are laid out, as far as its samples
// have told: see the package comment.
type aacFraming struct {
	config  []byte // of bare frames
	guess   aacGuess
	certain bool // that headers come
	misfits int  // in a row
	// elements tells that bare frames begin with a syntactic element, as all but
	// the error resilient ones do.
	elements bool
}

func newAudio(t MediaType) *Stream {
	s := &Stream{track: media.Track{Codec: media.CodecAAC, Framing: media.FramingRaw, PresentationOnly: true}}
	var block audioBlock
	if t.Format == FormatWaveFormatEx {
		block, _ = readAudio(t) // Accept has seen to errors
	}
	s.track.Bitrate = block.bitrate
	if block.config == nil {
		s.aac.guess = newGuess(block.sampleRate, block.channels)
		block.config = s.aac.guess.config()
	}
	s.useConfig(block.config)
	if block.adts || t.Subtype == SubtypeADTS {
		s.track.Framing, s.track.Config = media.FramingADTS, nil
	}
	return s
}

// useConfig puts a configuration in force for bare frames.
func (s *Stream) useConfig(config []byte) {
	s.aac.config, s.track.Config = config, config
	if c, err := aac.ParseConfig(config); err == nil {
		s.aac.elements = c.ObjectType <= aac.ObjectLTP
		s.track.SampleRate, s.track.Channels = c.OutputRate, c.Channels
	}
}

// followAAC finds how a sample is laid out and follows it.
func (s *Stream) followAAC(sample []byte) (changed bool, err error) {
	header, err := aac.ParseADTS(sample)
	begins := err == nil && header.FrameSize <= len(sample)
	whole := begins && onlyADTS(sample)
	a, bare := &s.aac, s.track.Framing == media.FramingRaw
	switch {
	case whole && bare:
		s.track.Framing, s.track.Config = media.FramingADTS, nil
		s.track.SampleRate, s.track.Channels = header.SampleRate(), header.Channels()
		changed = true
		fallthrough
	case whole:
		a.certain = true
	case bare && a.elements && beginsADTS(sample):
		return false, errADTSCut
	case bare, begins:
	case !a.certain && beginsElement(sample):
		s.track.Framing = media.FramingRaw
		s.useConfig(a.config)
		changed = true
	default:
		if a.misfits++; a.misfits >= doubts {
			a.certain = false
		}
		if beginsADTS(sample) {
			return false, errADTSCut
		}
		return false, errNoADTS
	}
	a.misfits = 0
	return changed, nil
}

// onlyADTS tells that ADTS frames cover the sample exactly.
func onlyADTS(sample []byte) bool {
	for len(sample) > 0 {
		h, err := aac.ParseADTS(sample)
		if err != nil || h.FrameSize > len(sample) {
			return false
		}
		sample = sample[h.FrameSize:]
	}
	return true
}

// beginsADTS tells the sync word, with the layer that ADTS has.
func beginsADTS(sample []byte) bool {
	return len(sample) > 1 && sample[0] == 0xff && sample[1]&0xf6 == 0xf0
}

// beginsElement tells that a bare frame may begin here: its first element is not
// the one that ends frames.
func beginsElement(sample []byte) bool { return sample[0]>>5 != elementEnd }
