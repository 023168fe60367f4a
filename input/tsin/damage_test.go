package tsin

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/asticode/go-astits"
	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

// packets cuts a stream into its transport packets.
func packets(b []byte) (out [][]byte) {
	for ; len(b) >= packetSize; b = b[packetSize:] {
		out = append(out, b[:packetSize:packetSize])
	}
	return out
}

// keys are the contents of packets, to find them again.
func keys(list ...[]media.Packet) map[string]bool {
	out := map[string]bool{}
	for _, l := range list {
		for _, p := range l {
			out[string(p.Data)] = true
		}
	}
	return out
}

// pids tells the PIDs of packets; ffmpeg has video in 256 and audio in 257.
func pids(list [][]byte) (out []uint16) {
	for _, raw := range list {
		out = append(out, parsePacket(raw).pid)
	}
	return out
}

// TestLostPackets takes each packet of a file away, one at a time: at most the
// unit it belongs to is missing, no damaged one comes out, and it is reported.
func TestLostPackets(t *testing.T) {
	for _, name := range []string{"plain", "lengths"} {
		stream := load(t, name+".ts")
		all := packets(stream)
		whole := readAll(t, open(t, pipe(stream), Options{}))
		known := keys(whole.video, whole.audio)
		for gone := 6; gone < len(all); gone++ {
			what := fmt.Sprintf("%s without packet %d", name, gone)
			hurt := append(append([][]byte{}, all[:gone]...), all[gone+1:]...)
			got := readAll(t, open(t, pipe(bytes.Join(hurt, nil)), Options{}))
			for _, p := range append(got.video, got.audio...) {
				isLast := bytes.HasPrefix(whole.video[len(whole.video)-1].Data, p.Data)
				require.True(t, known[string(p.Data)] || isLast, what)
			}
			video, audio := len(whole.video)-len(got.video), len(whole.audio)-len(got.audio)
			switch parsePacket(all[gone]).pid {
			case 256:
				require.LessOrEqual(t, video, 1, what)
				require.Zero(t, audio, what)
				if video > 0 && slices.Contains(pids(all[gone+1:]), 256) {
					require.NotEmpty(t, got.damage, what)
				}
			case 257:
				require.Zero(t, video, what)
				require.LessOrEqual(t, audio, 20, "%s: the frames of a PES packet", what)
			default:
				require.Zero(t, video+audio, what)
			}
		}
	}
}

// TestTruncated cuts a file off after any number of bytes.
func TestTruncated(t *testing.T) {
	stream := load(t, "lengths.ts")
	whole := readAll(t, open(t, pipe(stream), Options{}))
	known := keys(whole.video, whole.audio)
	reports := 0
	for end := 3000; end < len(stream); end += 61 {
		got := readAll(t, open(t, pipe(stream[:end]), Options{}))
		for _, p := range append(got.video, got.audio...) {
			require.True(t, known[string(p.Data)], "cut at %d", end)
		}
		reports += len(got.damage)
	}
	require.Positive(t, reports)
}

// TestUnboundedEndIsWhole takes a video unit without length for whole where
// the file ends behind it.
func TestUnboundedEndIsWhole(t *testing.T) {
	video, _ := units(t, "plain")
	m := newMuxer(t, map[uint16]astits.StreamType{videoPID: astits.StreamTypeH264Video})
	for _, u := range video[:5] {
		m.write(videoPID, u.pts, u.dts, u.data)
	}
	got := readAll(t, open(t, pipe(m.bytes()), Options{}))
	require.Empty(t, got.damage)
	requireUnits(t, video[:5], got.video, "video")
}

// TestSyncLoss puts garbage in and takes bytes out. The packet before the place
// is taken for damaged too: nothing tells that it is not.
func TestSyncLoss(t *testing.T) {
	stream := load(t, "plain.ts")
	whole := readAll(t, open(t, pipe(stream), Options{}))
	known := keys(whole.video, whole.audio)
	garbage := append([]byte{syncByte}, bytes.Repeat([]byte{1, syncByte, 3}, 77)...)
	for at := 8; at < 55; at++ {
		place := at * packetSize
		for name, hurt := range map[string][]byte{
			"garbage":       append(append(bytes.Clone(stream[:place]), garbage...), stream[place:]...),
			"missing bytes": append(bytes.Clone(stream[:place+50]), stream[place+87:]...),
			"no sync byte":  append(append(bytes.Clone(stream[:place]), 0), stream[place+1:]...),
		} {
			got := readAll(t, open(t, bytes.NewReader(hurt), Options{}))
			for _, p := range append(got.video, got.audio...) {
				require.True(t, known[string(p.Data)], "%s at %d", name, at)
			}
			require.Contains(t, got.damage[0], "no MPEG-TS packets", "%s at %d", name, at)
			require.GreaterOrEqual(t, len(got.video), len(whole.video)-3, "%s at %d", name, at)
		}
	}
}

// TestRepeatedAndFailedPackets passes over packets that are sent twice, and
// takes those marked as broken for lost.
func TestRepeatedAndFailedPackets(t *testing.T) {
	stream := load(t, "plain.ts")
	whole := readAll(t, open(t, pipe(stream), Options{}))
	var twice [][]byte
	for _, p := range packets(stream) {
		twice = append(twice, p, p)
	}
	got := readAll(t, open(t, pipe(bytes.Join(twice, nil)), Options{}))
	require.Empty(t, got.damage)
	require.Equal(t, keys(whole.video, whole.audio), keys(got.video, got.audio))

	hurt := bytes.Clone(stream)
	for at := 0; at < len(hurt); at += packetSize {
		p := parsePacket(hurt[at : at+packetSize])
		if p.pid == 256 && p.start && at > 20*packetSize {
			hurt[at+1] |= 0x80
			break
		}
	}
	got = readAll(t, open(t, pipe(hurt), Options{}))
	require.Len(t, got.damage, 1)
	require.Len(t, got.video, len(whole.video)-1)
}

// TestAnnouncedDiscontinuity takes a counter that jumps where the stream says
// so for no loss.
func TestAnnouncedDiscontinuity(t *testing.T) {
	stream := load(t, "plain.ts")
	whole := readAll(t, open(t, pipe(stream), Options{}))
	all := packets(bytes.Clone(stream))
	jumped := false
	for i, raw := range all {
		p := parsePacket(raw)
		if p.pid != 256 || i < 20 {
			continue
		}
		if p.start && !jumped {
			require.NotZero(t, raw[3]&0x20, "ffmpeg begins every unit with an adaptation field")
			raw[5] |= 0x80
			jumped = true
		}
		if jumped {
			raw[3] = raw[3]&0xf0 | (raw[3]+5)&15
		}
	}
	got := readAll(t, open(t, pipe(bytes.Join(all, nil)), Options{}))
	require.Empty(t, got.damage)
	require.Len(t, got.video, len(whole.video))
}

func TestBrokenADTS(t *testing.T) {
	_, audio := units(t, "plain")
	m := newMuxer(t, map[uint16]astits.StreamType{audioPID: astits.StreamTypeAACAudio})
	for i, u := range audio {
		data := bytes.Clone(u.data)
		if i == 5 {
			data[0] = 0
		}
		m.write(audioPID, u.pts, -1, data)
	}
	got := readAll(t, open(t, pipe(m.bytes()), Options{}))
	require.Len(t, got.damage, 1)
	require.Contains(t, got.damage[0], "ADTS")
	require.Len(t, got.audio, len(audio)-1)
}

// TestEveryCutWithinAPacketIsTold cuts a file in the middle of each packet, also
// of one that begins a unit, after whose cut nothing else is missing.
func TestEveryCutWithinAPacketIsTold(t *testing.T) {
	video, audio := units(t, "plain")
	m := newMuxer(t, both())
	for i := range min(len(video), len(audio), 12) {
		m.write(videoPID, video[i].pts, video[i].dts, video[i].data)
		m.write(audioPID, audio[i].pts, -1, audio[i].data)
	}
	whole := m.bytes()
	for end := len(whole) / 2 / 188 * 188; end+100 < len(whole); end += 188 {
		got := readAll(t, open(t, pipe(whole[:end+100]), Options{}))
		require.NotEmpty(t, got.damage, "cut at %d", end+100)
	}
}
