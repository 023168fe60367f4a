package tsin

import (
	"bytes"
	"context"
	"testing"

	"github.com/asticode/go-astits"
	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/media/aac"
	"rtmpwriter/media/h264"
)

const (
	videoPID = 300
	audioPID = 301
)

// muxer writes transport streams with go-astits, freely cut.
type muxer struct {
	t testing.TB
	*astits.Muxer
	out *bytes.Buffer
}

func newMuxer(t testing.TB, types map[uint16]astits.StreamType) *muxer {
	t.Helper()
	m := &muxer{t: t, out: &bytes.Buffer{}}
	m.Muxer = astits.NewMuxer(context.Background(), m.out)
	for pid := range uint16(maxPID) {
		if kind, ok := types[pid]; ok {
			m.add(pid, kind)
		}
	}
	return m
}

func (m *muxer) add(pid uint16, kind astits.StreamType, descriptors ...*astits.Descriptor) {
	m.t.Helper()
	require.NoError(m.t, m.AddElementaryStream(astits.PMTElementaryStream{
		ElementaryPID: pid, StreamType: kind, ElementaryStreamDescriptors: descriptors,
	}))
	m.SetPCRPID(pid)
}

// write writes a PES packet; negative times are left out.
func (m *muxer) write(pid uint16, pts, dts int64, data []byte) {
	m.t.Helper()
	h := &astits.PESOptionalHeader{MarkerBits: 2}
	id := uint8(0xe0)
	if pid == audioPID {
		id = 0xc0
	}
	if pts >= 0 {
		h.PTSDTSIndicator = astits.PTSDTSIndicatorOnlyPTS
		h.PTS = &astits.ClockReference{Base: pts & (wrap - 1)}
	}
	if dts >= 0 && dts != pts {
		h.PTSDTSIndicator = astits.PTSDTSIndicatorBothPresent
		h.DTS = &astits.ClockReference{Base: dts & (wrap - 1)}
	}
	_, err := m.WriteData(&astits.MuxerData{PID: pid, PES: &astits.PESData{
		Header: &astits.PESHeader{StreamID: id, OptionalHeader: h}, Data: data,
	}})
	require.NoError(m.t, err)
}

// tables writes the program tables.
func (m *muxer) tables() {
	m.t.Helper()
	_, err := m.WriteTables()
	require.NoError(m.t, err)
}

func (m *muxer) bytes() []byte { return m.out.Bytes() }

// both are the streams of a program that is published.
func both() map[uint16]astits.StreamType {
	return map[uint16]astits.StreamType{videoPID: astits.StreamTypeH264Video, audioPID: astits.StreamTypeAACAudio}
}

// units cuts a fixture's packets out: access units with their times, and ADTS
// frames.
type unit struct {
	data     []byte
	pts, dts int64 // 90 kHz
}

func units(t testing.TB, name string) (video, audio []unit) {
	t.Helper()
	v, a := wantLines(t, name)
	got := readAll(t, open(t, pipe(load(t, name+".ts")), Options{}))
	for i, w := range v {
		video = append(video, unit{got.video[i].Data, w.pts + 90000, w.dts + 90000})
	}
	for i, w := range a {
		audio = append(audio, unit{adts(got.audio[i].Data), w.pts + 90000, w.dts + 90000})
	}
	return video, audio
}

// adts puts the header of a mono stream of 44.1 kHz before a frame.
func adts(raw []byte) []byte {
	n := len(raw) + 7
	return append([]byte{0xff, 0xf1, 0x50, 0x40 | byte(n>>11), byte(n >> 3), byte(n)<<5 | 0x1f, 0xfc}, raw...)
}

// requireUnits compares packets with what was written, within a count of
// 90 kHz.
func requireUnits(t *testing.T, want []unit, got []media.Packet, name string) {
	t.Helper()
	require.Len(t, got, len(want), name)
	for i, w := range want {
		data := w.data
		if h, raw, _, err := aac.NextADTS(w.data); err == nil && h.FrameSize == len(w.data) {
			data = raw
		}
		require.True(t, bytes.Equal(data, got[i].Data), "%s: bytes of %d", name, i)
		require.InDelta(t, float64(w.dts-want[0].dts)*1e9/90000, float64(got[i].DTS-got[0].DTS), 23e3, "%s: DTS of %d", name, i)
		require.InDelta(t, float64(w.pts-want[0].pts)*1e9/90000, float64(got[i].PTS-got[0].PTS), 23e3, "%s: PTS of %d", name, i)
	}
}

// join is the bytes of several units, for one PES packet.
func join(list []unit) (b []byte) {
	for _, u := range list {
		b = append(b, u.data...)
	}
	return b
}

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
