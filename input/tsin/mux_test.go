package tsin

import (
	"bytes"
	"context"
	"testing"

	"github.com/asticode/go-astits"
	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/media/aac"
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
