package tsin

import (
	"bytes"
	"testing"

	"github.com/asticode/go-astits"
	"github.com/stretchr/testify/require"

	"rtmpwriter/media/h264"
)

// TestSeveralUnitsInOnePES finds the times of those that have none.
func TestSeveralUnitsInOnePES(t *testing.T) {
	for _, name := range []string{"plain", "lengths", "wrap"} {
		video, audio := units(t, name)
		for _, n := range []int{2, 3, 5} {
			m := newMuxer(t, both())
			for i := 0; i < len(video); i += n {
				group := video[i:min(i+n, len(video))]
				m.write(videoPID, group[0].pts, group[0].dts, join(group))
			}
			for i := 0; i < len(audio); i += n {
				m.write(audioPID, audio[i].pts, -1, join(audio[i:min(i+n, len(audio))]))
			}
			got := readAll(t, open(t, pipe(m.bytes()), Options{}))
			require.Empty(t, got.damage)
			requireUnits(t, video, got.video, name)
			require.Len(t, got.audio, len(audio))
		}
	}
}

// TestUnitsOverSeveralPES cuts the elementary streams anywhere. A time is that
// of the first unit that begins in its PES packet.
func TestUnitsOverSeveralPES(t *testing.T) {
	video, audio := units(t, "plain")
	for _, size := range []int{100, 333, 1500} {
		m := newMuxer(t, both())
		cutUp := func(pid uint16, list []unit) {
			stream := join(list)
			begins, at := map[int]unit{}, 0
			for _, u := range list {
				begins[at] = u
				at += len(u.data)
			}
			for from := 0; from < len(stream); from += size {
				to := min(from+size, len(stream))
				pts, dts := int64(-1), int64(-1)
				for at := to - 1; at >= from; at-- {
					if u, ok := begins[at]; ok {
						pts, dts = u.pts, u.dts
					}
				}
				m.write(pid, pts, dts, stream[from:to])
			}
		}
		cutUp(videoPID, video)
		cutUp(audioPID, audio)
		got := readAll(t, open(t, pipe(m.bytes()), Options{}))
		require.Empty(t, got.damage, "%d", size)
		requireUnits(t, video, got.video, "video")
		requireUnits(t, audio, got.audio, "audio")
	}
}

// TestEveryByteStays keeps delimiters, filler and what stands behind a unit.
func TestEveryByteStays(t *testing.T) {
	video, _ := units(t, "plain")
	for i := range video {
		video[i].data = append(bytes.Clone(video[i].data), 0, 0, 1, 12, 0xff, 0xff, 0x80, 0, 0, 0)
	}
	m := newMuxer(t, map[uint16]astits.StreamType{videoPID: astits.StreamTypeH264Video})
	for _, u := range video {
		m.write(videoPID, u.pts, u.dts, u.data)
	}
	got := readAll(t, open(t, pipe(m.bytes()), Options{}))
	requireUnits(t, video, got.video, "video")
	var s h264.Splitter
	s.Write(join(video))
	s.Flush()
	require.Zero(t, s.Skipped())
}
