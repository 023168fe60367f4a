package decodetime

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/media/h264"
)

// FuzzEstimator reads any access units, shown at any times.
func FuzzEstimator(f *testing.F) {
	for _, name := range fixtureNames(f) {
		var stream, times []byte
		for _, unit := range units(f, name) {
			for _, nal := range unit {
				stream = append(append(stream, 0, 0, 0, 1), nal...)
			}
		}
		for _, p := range read(f, name, nil) {
			times = binary.BigEndian.AppendUint32(times, uint32(p.pts.Milliseconds()))
		}
		f.Add(stream[:min(len(stream), 1500)], times, false)
	}
	f.Add([]byte{0, 0, 1, 0x65, 0x88}, []byte{0x80, 0, 0, 0, 0, 0, 0, 0}, true)
	f.Fuzz(func(t *testing.T, stream, times []byte, inOrder bool) {
		var a h264.Analyzer
		e := Estimator{InOrder: inOrder, FrameRate: float64(len(stream))}
		var last Times
		var told time.Duration
		begun := false
		for _, nal := range media.AppendAnnexB(nil, stream) {
			pic := a.Read([][]byte{nal})
			pts, timed := told, false
			if len(times) >= 4 {
				ms := int32(binary.BigEndian.Uint32(times))
				pts, timed, times = time.Duration(ms)*time.Millisecond, ms != 0, times[4:]
			}
			got := e.Next(&pic, pts, timed)
			if got.Leading {
				continue
			}
			require.LessOrEqual(t, got.DTS, got.PTS)
			require.True(t, got.Corrected || timed && got.PTS == pts)
			if begun && got.DTS < last.DTS {
				require.True(t, timed && pts < told-jump, "only a source that begins anew falls back")
			}
			if timed {
				told = max(told, pts)
			}
			if got.DTS < last.DTS || !begun {
				told = pts
			}
			begun, last = true, got
		}
	})
}

// Nothing is allocated per picture.
func TestAllocNothingPerPicture(t *testing.T) {
	stream := units(t, "b4-normal")
	var a h264.Analyzer
	var e Estimator
	at := time.Duration(0)
	require.Zero(t, testing.AllocsPerRun(10, func() {
		for i, nals := range stream {
			pic := a.Read(nals)
			at += frame50
			e.Next(&pic, at, i%5 > 0)
		}
	}))
}
