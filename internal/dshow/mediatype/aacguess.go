package mediatype

import (
	"github.com/bluenviron/mediacommon/v2/pkg/bits"

	"rtmpwriter/media/aac"
)

const (
	// What is assumed of bare frames as long as nothing tells.
	assumedRate     = 48000
	assumedChannels = 2

	// frameSamples is the length of an AAC frame.
	frameSamples = 1024
	// mostElements of filling and data are passed over in front of the sound.
	mostElements = 32
)

// Syntactic elements of AAC, by their ids (table 4.85).
const (
	elementSingle  = 0 // single_channel_element
	elementPair    = 1 // channel_pair_element
	elementData    = 4 // data_stream_element
	elementProgram = 5 // program_config_element
	elementFill    = 6 // fill_element
	elementEnd     = 7
)

// times are the times of a sample in 100 ns.
type times struct {
	start, stop       int64
	hasStart, hasStop bool
}

// aacGuess is what is guessed of bare frames whose type tells no configuration.
type aacGuess struct {
	rate     int
	channels uint8 // channel configuration
	// openRate and openChannels tell what is not told and not found yet.
	openRate, openChannels bool
	pace                   pace
}

// newGuess takes what is told; 0 is not told.
func newGuess(rate, channels int) aacGuess {
	g := aacGuess{rate: rate, channels: channelConfig(channels)}
	if rate == 0 {
		g.rate, g.openRate = assumedRate, true
	}
	if channels == 0 {
		g.channels, g.openChannels = assumedChannels, true
	}
	return g
}

func (g *aacGuess) open() bool     { return g.openRate || g.openChannels }
func (g *aacGuess) config() []byte { return configLC(g.rate, g.channels) }

// guessConfig looks at one more frame. It returns the new configuration, nil when
// it stays.
func (s *Stream) guessConfig(frame []byte, t times) []byte {
	g := &s.aac.guess
	before := *g
	if g.openChannels {
		if config := programConfig(frame); config != nil {
			s.aac.guess = aacGuess{} // it tells the rate too
			s.useConfig(config)
			return config
		}
		g.lookAt(frame)
	}
	if g.openRate {
		g.listen(t)
	}
	if g.rate == before.rate && g.channels == before.channels {
		return nil
	}
	s.useConfig(g.config())
	return s.track.Config
}

// lookAt takes the channels of the first element that has some.
func (g *aacGuess) lookAt(frame []byte) {
	switch firstElement(frame) {
	case elementSingle:
		g.channels, g.openChannels = 1, false
	case elementPair:
		g.channels, g.openChannels = 2, false
	}
}

// firstElement is the first syntactic element that is neither filling nor data.
func firstElement(frame []byte) uint64 {
	at := 0
	for range mostElements {
		id, err := bits.ReadBits(frame, &at, 3)
		switch {
		case err != nil:
			return elementEnd
		case id == elementFill:
			skip(frame, &at, 4, false)
		case id == elementData:
			at += 4 // element_instance_tag
			align, _ := bits.ReadBits(frame, &at, 1)
			skip(frame, &at, 8, align == 1)
		default:
			return id
		}
	}
	return elementEnd
}

// skip passes over a count of n bits, which goes on for 8 bits where all are set,
// and as many bytes.
func skip(frame []byte, at *int, n int, align bool) {
	count, err := bits.ReadBits(frame, at, n)
	if err == nil && count == 1<<n-1 {
		var more uint64
		more, err = bits.ReadBits(frame, at, 8)
		if count += more; n == 4 {
			count--
		}
	}
	if err != nil {
		*at = 8 * len(frame)
		return
	}
	if align {
		*at = (*at + 7) &^ 7
	}
	*at += 8 * int(count)
}

// programConfig makes the configuration of a frame that begins with a program
// config element, nil for others.
func programConfig(frame []byte) []byte {
	if len(frame) < 2 || frame[0]>>5 != elementProgram {
		return nil
	}
	// Behind the id: instance tag (4 bits), object type (2), rate (4).
	rate := frame[1] >> 3 & 0xf
	if int(rate) >= len(sampleRates) {
		return nil
	}
	config := aac.ADTS{ObjectType: aac.ObjectLC, RateIndex: rate}.AppendConfig(nil, frame)
	if c, err := aac.ParseConfig(config); err != nil || c.Channels == 0 {
		return nil
	}
	return config
}
