package mediatype

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"rtmpwriter/media/aac"
)

// Sizes and offsets of the structures, which are packed. All numbers in them are
// little-endian.
const (
	waveFormatSize = 18 // WAVEFORMATEX
	formatTagAt    = 0  // wFormatTag
	channelsAt     = 2  // nChannels
	sampleRateAt   = 4  // nSamplesPerSec
	byteRateAt     = 8  // nAvgBytesPerSec
	extraSizeAt    = 16 // cbSize

	// extensibleSize is what WAVEFORMATEXTENSIBLE has behind WAVEFORMATEX.
	extensibleSize = 22
	// HEAACWAVEINFO has 12 bytes behind WAVEFORMATEX, the AudioSpecificConfig
	// behind these.
	heaacInfoSize = 12
	payloadTypeAt = 0 // wPayloadType, within the 12 bytes
)

// Values of wPayloadType.
const (
	payloadRaw  = 0
	payloadADTS = 1
)

// longestConfig bounds an AudioSpecificConfig in bytes. One with a program
// config element and a comment stays below it.
const longestConfig = 512

// audioBlock is what the format block of an audio type tells. What makes no sense
// is 0.
type audioBlock struct {
	sampleRate, channels int
	bitrate              int // bits/s
	adts                 bool
	// config is the AudioSpecificConfig, nil when there is none; it is a copy.
	config []byte
}

// readAudio reads a WAVEFORMATEX.
func readAudio(t MediaType) (a audioBlock, err error) {
	if err := needBlock(t, waveFormatSize); err != nil {
		return a, err
	}
	le := binary.LittleEndian
	extra, size := t.Block[waveFormatSize:], int(le.Uint16(t.Block[extraSizeAt:]))
	if size > len(extra) {
		return a, fmt.Errorf("FORMAT_WaveFormatEx: %d bytes behind the structure (cbSize), but %d are there", size, len(extra))
	}
	extra = extra[:size]

	tag := le.Uint16(t.Block[formatTagAt:])
	a.sampleRate = saneRate(le.Uint32(t.Block[sampleRateAt:]))
	if n := int(le.Uint16(t.Block[channelsAt:])); channelConfig(n) != 0 {
		a.channels = n
	}
	a.bitrate = a.saneBitrate(uint64(le.Uint32(t.Block[byteRateAt:])) * 8)
	a.adts = t.Subtype == SubtypeADTS || tag == tagADTS
	if tag == tagExtensible {
		extra = extra[min(extensibleSize, len(extra)):]
	}
	if (t.Subtype == SubtypeHEAAC || tag == tagHEAAC) && len(extra) >= heaacInfoSize {
		switch n := le.Uint16(extra[payloadTypeAt:]); n {
		case payloadRaw, payloadADTS:
			a.adts = n == payloadADTS
		default:
			return a, fmt.Errorf("HEAACWAVEINFO: payload type %d; 0 (raw) and 1 (ADTS) are taken", n)
		}
		extra = extra[heaacInfoSize:]
	}
	if c, err := aac.ParseConfig(extra); err == nil && c.Channels > 0 && len(extra) <= longestConfig {
		a.config = bytes.Clone(extra)
	}
	return a, nil
}

// saneRate is a sample rate in Hz that AAC can have, or 0.
func saneRate(v uint32) int {
	if v < 7000 || v > 96000 {
		return 0
	}
	return int(v)
}

// saneBitrate passes over what some filters leave in nAvgBytesPerSec: the rate
// of the sound that they have coded. AAC has at most 6 bits a sample.
func (a *audioBlock) saneBitrate(v uint64) int {
	if a.sampleRate > 0 && a.channels > 0 && v > uint64(6*a.sampleRate*a.channels) {
		return 0
	}
	return saneBitrate(v)
}

// sampleRates are those that an AudioSpecificConfig has an index for.
var sampleRates = [...]int{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}

// channelConfig is the channel configuration of a number of channels (table
// 1.19), 0 where there is none.
func channelConfig(channels int) uint8 {
	switch {
	case channels >= 1 && channels <= 6:
		return uint8(channels)
	case channels == 8:
		return 7
	}
	return 0
}

// configLC is the AudioSpecificConfig of AAC LC. Rates that have no index are
// written out.
func configLC(rate int, channels uint8) []byte {
	const lc, writtenOut = aac.ObjectLC, 15
	for i, r := range sampleRates {
		if r == rate {
			v := uint16(lc<<11 | i<<7 | int(channels)<<3)
			return []byte{byte(v >> 8), byte(v)}
		}
	}
	v := uint64(lc)<<35 | writtenOut<<31 | uint64(rate)<<7 | uint64(channels)<<3
	return []byte{byte(v >> 32), byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}
}
