package decodetime

import (
	"math/bits"
	"testing"

	mch264 "github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/stretchr/testify/require"

	"rtmpwriter/media/h264"
)

// bitString is a NAL unit bit by bit, each a byte.
type bitString []byte

// bitsOf takes a NAL unit apart, without emulation prevention.
func bitsOf(nal []byte) (b bitString) {
	for _, c := range mch264.EmulationPreventionRemove(nal) {
		b = b.u(8, uint64(c))
	}
	return b
}

// u appends numbers of n bits.
func (b bitString) u(n int, values ...uint64) bitString {
	for _, v := range values {
		for i := n - 1; i >= 0; i-- {
			b = append(b, byte(v>>i&1))
		}
	}
	return b
}

// ue appends unsigned Exp-Golomb codes.
func (b bitString) ue(values ...uint64) bitString {
	for _, v := range values {
		n := bits.Len64(v + 1)
		b = b.u(n-1, 0).u(n, v+1)
	}
	return b
}

// se appends signed Exp-Golomb codes.
func (b bitString) se(v int64) bitString {
	if v > 0 {
		return b.ue(uint64(2*v - 1))
	}
	return b.ue(uint64(-2 * v))
}

// nal ends the NAL unit and puts it into bytes.
func (b bitString) nal() (nal []byte) {
	b = append(b[:len(b):len(b)], 1)
	zeros := 0
	for at := 0; at < len(b); at += 8 {
		c := byte(0)
		for i, bit := range b[at:min(at+8, len(b))] {
			c |= bit << (7 - i)
		}
		if zeros >= 2 && c <= 3 {
			nal, zeros = append(nal, 3), 0
		}
		if zeros++; c != 0 {
			zeros = 0
		}
		nal = append(nal, c)
	}
	return nal
}

// sequence describes a sequence parameter set: 320x240, POC lines of 16 bits.
type sequence struct {
	profile, pocType uint64
	fields           bool
	reorder          int    // -1: not told
	rate             uint64 // frames a second; 0: not told
}

func (s sequence) nal() []byte {
	if s.profile == 0 {
		s.profile = 77
	}
	b := bitString{}.u(8, 0x67, s.profile, 0, 40).ue(0)
	if s.profile == 100 {
		b = b.ue(1, 0, 0).u(2, 0)
	}
	b = b.ue(12, s.pocType) // frame_num of 16 bits
	if s.pocType == 0 {
		b = b.ue(12)
	}
	b = b.ue(4).u(1, 0).ue(19)
	if s.fields {
		b = b.ue(7).u(1, 0, 0)
	} else {
		b = b.ue(14).u(1, 1)
	}
	b = b.u(1, 1, 0) // direct_8x8, no cropping
	b = b.u(1, 1).u(4, 0)
	if s.rate > 0 {
		b = b.u(1, 1).u(32, 1, 2*s.rate).u(1, 1)
	} else {
		b = b.u(1, 0)
	}
	b = b.u(3, 0)
	if s.reorder < 0 {
		return b.u(1, 0).nal()
	}
	return b.u(1, 1, 1).ue(0, 0, 9, 9, uint64(s.reorder), 16).nal()
}

// sps is the parameter set, read.
func (s sequence) sps(tb testing.TB) *h264.SPS {
	tb.Helper()
	sps, err := h264.ParseSPS(s.nal())
	require.NoError(tb, err)
	return sps
}

var synthPPS = bitString{}.u(8, 0x68).ue(0, 0).u(2, 0).ue(0, 0, 0).u(3, 0).se(0).se(0).se(0).u(3, 0).nal()

// slice is a slice of a field or frame.
type slice struct {
	idr, ref bool
	kind     uint64 // slice_type: 0 P, 1 B, 2 I
	frame    uint64
	field    int // 0: a frame, 1: top, 2: bottom
	lsb      uint64
	reset    bool // MMCO 5
}

func (l slice) nal(s sequence) []byte {
	kind, ref := uint64(1), uint64(0)
	if l.idr {
		kind = 5
	}
	if l.ref || l.idr {
		ref = 2
	}
	b := bitString{}.u(8, ref<<5|kind).ue(0, l.kind, 0).u(16, l.frame)
	if s.fields && l.field == 0 {
		b = b.u(1, 0)
	} else if s.fields {
		b = b.u(1, 1, uint64(l.field-1))
	}
	if l.idr {
		b = b.ue(0)
	}
	if s.pocType == 0 {
		b = b.u(16, l.lsb&0xffff)
	}
	switch l.kind {
	case 0:
		b = b.u(1, 0, 0)
	case 1:
		b = b.u(1, 1, 0, 0, 0)
	}
	switch {
	case l.idr:
		b = b.u(2, 0)
	case l.ref && l.reset:
		b = b.u(1, 1).ue(5, 0)
	case l.ref:
		b = b.u(1, 0)
	}
	return b.se(0).u(8, 0x55, 0x55).nal()
}

// The kit says what it means.
func TestSynthesis(t *testing.T) {
	for _, s := range []sequence{{reorder: 2, rate: 60}, {profile: 100, reorder: -1}, {fields: true, reorder: 3}, {pocType: 2, reorder: -1}} {
		sps := s.sps(t)
		depth, declared := sps.ReorderDepth()
		require.Equal(t, s.reorder >= 0 || s.pocType == 2, declared)
		require.Equal(t, max(s.reorder, 0), depth&^maxDepth)
		require.Equal(t, float64(s.rate), sps.FrameRate())
		require.Equal(t, s.fields, sps.Interlaced)
		var a h264.Analyzer
		got := a.Read([][]byte{s.nal(), synthPPS, slice{idr: true, kind: 2}.nal(s)})
		require.True(t, got.Known && got.IDR && got.Restart)
		got = a.Read([][]byte{slice{ref: true, frame: 1, lsb: 40}.nal(s)})
		require.True(t, got.Known && got.Reference)
	}
}
