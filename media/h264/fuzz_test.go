package h264

import (
	"testing"

	mch264 "github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

// FuzzParameterSets reads both kinds from any bytes.
func FuzzParameterSets(f *testing.F) {
	s := progressive()
	s.vui, s.num, s.scale, s.reorder = true, 1001, 60000, 2
	f.Add(s.nal())
	s.interlaced, s.pocType, s.offsets = true, 1, []int64{-1, 2, 3, 4}
	f.Add(s.nal())
	f.Add(synthPPS{groupMap: []uint64{6, 1 << 30}}.nal()) // a map of a billion units
	f.Add(synthPPS{bottom: true, weighted: true, bipred: 2}.nal())
	f.Fuzz(func(t *testing.T, nal []byte) {
		if s, err := ParseSPS(nal); err == nil {
			require.Positive(t, s.Width)
			require.Positive(t, s.Height)
			depth, _ := s.ReorderDepth()
			require.LessOrEqual(t, depth, maxDPBFrames)
		}
		_, _ = ParsePPS(nal)
		var p Params
		_ = p.ObserveConfig(nal)
	})
}

// FuzzBits checks the bit reader against mediacommon's removal of emulation
// prevention bytes.
func FuzzBits(f *testing.F) {
	f.Add([]byte{0x65, 0, 0, 3, 1, 0, 0, 3, 0, 0, 3})
	f.Fuzz(func(t *testing.T, nal []byte) {
		if len(nal) == 0 {
			return
		}
		want := mch264.EmulationPreventionRemove(nal[1:])
		r := newBitReader(nal)
		for i, c := range want {
			require.Equal(t, c, byte(r.u(8)), "byte %d", i)
		}
		r.u(1)
		require.True(t, r.short)
	})
}

// FuzzAnalyzer reads any NAL units as access units.
func FuzzAnalyzer(f *testing.F) {
	for _, stream := range fixtures(f) {
		f.Add(stream)
	}
	f.Add(annexB([]byte{6, 255, 255, 255, 0x80}, []byte{6, 6, 200})) // SEI sizes beyond the end
	f.Fuzz(func(t *testing.T, stream []byte) {
		var a Analyzer
		nals := media.AppendAnnexB(nil, stream)
		for len(nals) > 0 {
			n := min(len(nals), 1+len(nals[0])%5)
			pic := a.Read(nals[:n])
			require.True(t, pic.Keyframe || !pic.IDR)
			require.True(t, !pic.Known || pic.SPS != nil)
			nals = nals[n:]
		}
	})
}
