package aac

import (
	"errors"
	"iter"
)

// Errors of ADTS headers. They are fixed values: a search for the next header
// in a damaged stream meets them at every byte.
var (
	// ErrShort tells that the bytes end within the frame.
	ErrShort = errors.New("ADTS: frame cut short")
	// ErrSync tells that no ADTS header stands here.
	ErrSync = errors.New("ADTS: no sync word, or reserved values behind it")
	// ErrBlocks tells of frames that hold more than one raw_data_block: they
	// cannot be told apart without decoding them.
	ErrBlocks = errors.New("ADTS: more than one AAC frame under one header; convert the audio with one frame a header")
)

const (
	// MaxADTSFrame is the longest ADTS frame in bytes: its length has 13 bits.
	MaxADTSFrame = 1<<13 - 1
	// minHeader and crcHeader are the header's sizes without and with CRC.
	minHeader, crcHeader = 7, 9
)

// sampleRates is table 1.18, by sampling frequency index.
var sampleRates = [...]int{
	96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
}

// ADTS is the header of an ADTS frame (1.A.2.2).
type ADTS struct {
	// ObjectType is 1 Main, 2 LC, 3 SSR or 4 LTP.
	ObjectType uint8
	// RateIndex is the sampling frequency index, 0 to 12.
	RateIndex uint8
	// ChannelConfig is the channel configuration, 0 to 7; 0 says that a
	// program config element within the frames tells the channels.
	ChannelConfig uint8
	// HeaderSize is 7, or 9 with a CRC; FrameSize counts header and payload.
	HeaderSize, FrameSize int
	// Blocks is the number of raw_data_blocks, 1 to 4.
	Blocks int
}

// ParseADTS reads the ADTS header at the start of b, which may end behind it.
// It allocates nothing.
func ParseADTS(b []byte) (ADTS, error) {
	if len(b) < minHeader {
		return ADTS{}, ErrShort
	}
	// Sync word of 12 bits, any ID, layer 0.
	if b[0] != 0xff || b[1]&0xf6 != 0xf0 {
		return ADTS{}, ErrSync
	}
	h := ADTS{
		ObjectType:    b[2]>>6 + 1,
		RateIndex:     b[2] >> 2 & 0xf,
		ChannelConfig: b[2]&1<<2 | b[3]>>6,
		HeaderSize:    minHeader,
		FrameSize:     int(b[3]&3)<<11 | int(b[4])<<3 | int(b[5]>>5),
		Blocks:        int(b[6]&3) + 1,
	}
	if b[1]&1 == 0 { // protection_absent
		h.HeaderSize = crcHeader
	}
	if int(h.RateIndex) >= len(sampleRates) || h.FrameSize <= h.HeaderSize {
		return ADTS{}, ErrSync
	}
	return h, nil
}

// SampleRate is the rate of the AAC core in Hz; with SBR the sound has twice
// as much.
func (h ADTS) SampleRate() int { return sampleRates[h.RateIndex] }

// Channels is the number of channels, 0 when the header does not tell it.
func (h ADTS) Channels() int { return channelCount(h.ChannelConfig) }

// AppendConfig appends the AudioSpecificConfig of a frame: two bytes, and the
// program config element that begins its raw_data_block where the header leaves
// the channels to that.
func (h ADTS) AppendConfig(dst, raw []byte) []byte {
	v := uint16(h.ObjectType)<<11 | uint16(h.RateIndex)<<7 | uint16(h.ChannelConfig)<<3
	dst = append(dst, byte(v>>8), byte(v))
	if h.ChannelConfig != 0 {
		return dst
	}
	r := ascReader{b: raw}
	if r.u(3) != elementPCE {
		return dst
	}
	pce, _ := r.programConfig()
	if r.err != nil {
		return dst
	}
	return append(dst, pce...)
}

// SameStream tells that two headers can belong to one stream: only the sizes
// may differ.
func (h ADTS) SameStream(o ADTS) bool {
	return h.ObjectType == o.ObjectType && h.RateIndex == o.RateIndex && h.ChannelConfig == o.ChannelConfig
}

// Raw is the frame's AAC without header and CRC. frame begins with the header
// and holds the whole frame.
func (h ADTS) Raw(frame []byte) []byte { return frame[h.HeaderSize:h.FrameSize] }

// NextADTS cuts the ADTS frame at the start of b.
func NextADTS(b []byte) (h ADTS, raw, rest []byte, err error) {
	if h, err = ParseADTS(b); err != nil {
		return ADTS{}, nil, b, err
	}
	if h.FrameSize > len(b) {
		return h, nil, b, ErrShort
	}
	if h.Blocks > 1 {
		return h, nil, b[h.FrameSize:], ErrBlocks
	}
	return h, h.Raw(b), b[h.FrameSize:], nil
}

// Frame is one AAC frame with the header that it had.
type Frame struct {
	ADTS
	// Data is the bare raw_data_block; it aliases the buffer it was cut from.
	Data []byte
}

// SplitADTS yields the frames of a buffer that holds whole ADTS frames. At the
// first place that is none it yields the error and ends.
func SplitADTS(b []byte) iter.Seq2[Frame, error] {
	return func(yield func(Frame, error) bool) {
		for len(b) > 0 {
			h, raw, rest, err := NextADTS(b)
			if !yield(Frame{h, raw}, err) || err != nil {
				return
			}
			b = rest
		}
	}
}
