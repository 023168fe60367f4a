package h264

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

func TestSPSOfRealStreams(t *testing.T) {
	for name, want := range map[string]struct {
		profile, level string
		rate           float64
		depth          int
		interlaced     bool
	}{
		"baseline":   {"Constrained Baseline", "1", 25, 0, false},
		"bframes1":   {"High", "1", 30000. / 1001, 1, false},
		"bframes2":   {"High", "1", 50, 1, false},
		"bframes4":   {"High", "1", 24000. / 1001, 2, false},
		"interlaced": {"High", "2.1", 25, 2, true},
	} {
		stream, err := os.ReadFile("testdata/" + name + ".h264")
		require.NoError(t, err)
		var a Analyzer
		a.Read(media.AppendAnnexB(nil, stream))
		s := a.Params.First()
		require.NotNil(t, s, name)
		require.Equal(t, want.profile, s.ProfileName(), name)
		require.Equal(t, want.level, s.LevelName(), name)
		require.Equal(t, []int{64, 48}, []int{s.Width, s.Height}, name)
		require.InDelta(t, want.rate, s.FrameRate(), 1e-9, name)
		require.Equal(t, want.interlaced, s.Interlaced, name)
		depth, declared := s.ReorderDepth()
		require.True(t, declared, name)
		require.Equal(t, want.depth, depth, name)
	}
}

func TestReorderDepth(t *testing.T) {
	for name, c := range map[string]struct {
		change   func(*synthSPS)
		depth    int
		declared bool
	}{
		"declared":            {func(s *synthSPS) { s.reorder = 3 }, 3, true},
		"declared none":       {func(s *synthSPS) { s.reorder = 0 }, 0, true},
		"declared nonsense":   {func(s *synthSPS) { s.reorder = 99 }, 16, false},
		"the level's buffer":  {func(s *synthSPS) { s.wide, s.high = 45, 36 }, 5, false},
		"small pictures":      {func(*synthSPS) {}, 16, false},
		"beyond the level":    {func(s *synthSPS) { s.wide, s.high = 120, 90 }, 1, false},
		"unknown level":       {func(s *synthSPS) { s.level = 99 }, 16, false},
		"level 1b":            {func(s *synthSPS) { s.profile, s.level, s.constraints = 77, 11, 0x10 }, 1, false},
		"POC type 2":          {func(s *synthSPS) { s.pocType = 2 }, 0, true},
		"Baseline":            {func(s *synthSPS) { s.profile = 66 }, 0, true},
		"High 10 Intra alike": {func(s *synthSPS) { s.constraints = 0x10 }, 0, true},
		"fields":              {func(s *synthSPS) { s.interlaced, s.wide, s.high = true, 45, 18 }, 5, false},
	} {
		s := progressive()
		c.change(&s)
		sps, err := ParseSPS(s.nal())
		require.NoError(t, err, name)
		depth, declared := sps.ReorderDepth()
		require.Equal(t, c.depth, depth, name)
		require.Equal(t, c.declared, declared, name)
	}
}

func TestNames(t *testing.T) {
	for want, idc := range map[string][2]uint8{
		"Baseline": {66, 0}, "Constrained Baseline": {66, 0xc0}, "Main": {77, 0}, "Extended": {88, 0},
		"High": {100, 0}, "Progressive High": {100, 8}, "Constrained High": {100, 12},
		"High 10": {110, 0}, "High 10 Intra": {110, 16}, "High 4:2:2": {122, 0}, "High 4:2:2 Intra": {122, 16},
		"High 4:4:4 Predictive": {244, 0}, "High 4:4:4 Intra": {244, 16}, "profile 7": {7, 0},
	} {
		require.Equal(t, want, ProfileName(idc[0], idc[1]))
	}
	require.Equal(t, "1b", LevelName(66, 0x10, 11))
	require.Equal(t, "1b", LevelName(100, 0, 9))
	require.Equal(t, "1.1", LevelName(100, 0x10, 11))
	require.Equal(t, "4", LevelName(100, 0, 40))
	require.Equal(t, "5.2", LevelName(100, 0, 52))
}

func TestSPSRefusesGarbage(t *testing.T) {
	s := progressive()
	s.vui, s.num, s.scale, s.reorder = true, 1, 50, 2
	nal := s.nal()
	for n := range len(nal) - 1 {
		if got, err := ParseSPS(nal[:n]); err == nil {
			require.Zero(t, got.FrameRate(), "a VUI that is cut short is none")
		}
	}
	whole, err := ParseSPS(nal)
	require.NoError(t, err)
	require.InDelta(t, 25, whole.FrameRate(), 0)
	for name, change := range map[string]func(*synthSPS){
		"id":    func(s *synthSPS) { s.id = 32 },
		"width": func(s *synthSPS) { s.wide = 5000 },
		"type":  func(s *synthSPS) { s.pocType = 3 },
	} {
		s := progressive()
		change(&s)
		_, err := ParseSPS(s.nal())
		require.Error(t, err, name)
	}
	_, err = ParseSPS([]byte{0x68, 1, 2, 3})
	require.ErrorContains(t, err, "NAL unit type 8")
}

func TestPPSSliceGroups(t *testing.T) {
	for name, groups := range map[string][]uint64{
		"interleaved": {0, 5, 6}, "dispersed": {1}, "foreground": {2, 3, 90},
	} {
		p, err := ParsePPS(synthPPS{id: 200, sps: 3, groupMap: groups, redundant: true}.nal())
		require.NoError(t, err, name)
		require.True(t, p.redundantPics, name)
		require.Equal(t, []uint8{200, 3}, []uint8{p.ID, p.SPSID})
	}
	for name, pps := range map[string]synthPPS{
		"id": {id: 256}, "SPS": {sps: 32}, "references": {activeL0: 32}, "map type": {groupMap: []uint64{7}},
	} {
		_, err := ParsePPS(pps.nal())
		require.Error(t, err, name)
	}
	nal := synthPPS{}.nal()
	for n := range len(nal) - 1 {
		_, err := ParsePPS(nal[:n])
		require.Error(t, err)
	}
}

func TestParams(t *testing.T) {
	sps, wider := progressive(), progressive()
	wider.wide = 40
	var p Params
	observe := func(nal []byte) bool {
		changed, err := p.Observe(nal)
		require.NoError(t, err)
		return changed
	}
	require.True(t, observe(sps.nal()))
	require.False(t, observe(sps.nal()), "the same again")
	require.True(t, observe(wider.nal()))
	require.Equal(t, 640, p.SPS(0).Width)
	require.True(t, observe(synthPPS{id: 255}.nal()))
	require.False(t, observe([]byte{9, 0xf0}))
	_, err := p.Observe([]byte{0x67, 100})
	require.Error(t, err)
	require.Equal(t, 640, p.First().Width, "the last good one stays in force")
	_, err = p.Observe(append(sps.nal(), make([]byte, MaxParameterSet)...))
	require.ErrorContains(t, err, "limit")
	require.Nil(t, p.SPS(32))
	rawSPS, rawPPS := p.Raw(nil, nil)
	require.Equal(t, [][]byte{wider.nal()}, rawSPS)
	require.Equal(t, [][]byte{synthPPS{id: 255}.nal()}, rawPPS)
}

func TestObserveConfig(t *testing.T) {
	sps, pps := progressive().nal(), synthPPS{}.nal()
	record := append([]byte{1, sps[1], sps[2], sps[3], 0xff, 0xe1, 0, byte(len(sps))}, sps...)
	record = append(append(record, 1, 0, byte(len(pps))), pps...)
	var p Params
	require.NoError(t, p.ObserveConfig(record))
	require.NotNil(t, p.PPS(0))
	for n := range record {
		var p Params
		require.Error(t, p.ObserveConfig(record[:n]), "cut at %d", n)
	}
}
