package tsin

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMarksAreBounded: a stream that shows no unit once kept the times of all
// its PES packets.
func TestMarksAreBounded(t *testing.T) {
	var m marks
	for i := range int64(100_000) {
		m.add(10*i, stamp{known: true, pts: i, jump: i == 99_000})
		require.LessOrEqual(t, len(m.list), maxMarks)
	}
	s := m.take(999_985)
	require.EqualValues(t, 99_998, s.pts)
	require.True(t, s.jump, "announced by a packet whose time was dropped")
	require.Len(t, m.list, 1)
	require.False(t, m.take(999_995).jump)
}

// TestProbeKeepsFewPackets waits for audio through pictures of five bytes, a
// 90,000th of a second apart. In 16 MiB there are three million of them, and
// each takes a kilobyte.
func TestProbeKeepsFewPackets(t *testing.T) {
	m := newMuxer(t, both())
	m.tables()
	tiny := []byte{0, 0, 1, 0x65, 0x88}
	m.write(videoPID, 0, -1, bytes.Clone(readAll(t, open(t, pipe(load(t, "plain.ts")), Options{})).video[0].Data))
	m.write(videoPID, 1, -1, tiny)
	m.write(videoPID, 2, -1, bytes.Repeat(tiny, 2*maxProbeItems))
	s := open(t, pipe(m.bytes()), Options{})
	require.Less(t, s.lastTime(), maxProbeTime)
	require.Len(t, s.Tracks(), 1)
	require.InDelta(t, maxProbeItems, len(s.out.items), packetSize)
	require.Len(t, readAll(t, s).video, 2*maxProbeItems+2)
}
