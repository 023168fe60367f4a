package tsin

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// pmtPID is where go-astits' muxer puts the program map.
const pmtPID = 0x1000

// checksum is the CRC of program tables (ISO/IEC 13818-1, annex A).
func checksum(b []byte) uint32 {
	crc := ^uint32(0)
	for _, c := range b {
		crc ^= uint32(c) << 24
		for range 8 {
			top := crc >> 31
			crc = crc<<1 ^ top*0x04c11db7
		}
	}
	return crc
}

// longMap is a program map of several packets: private streams, each with an
// odd descriptor, then video and audio.
func longMap(t testing.TB, private int) (out []byte) {
	t.Helper()
	body := []byte{0, 1, 0xc1, 0, 0, 0xe1, 0x2c, 0xf0, 0}
	for i := range private {
		body = append(body, 0x06, 0xe4, byte(i), 0xf0, 3, 0x56, 1, 0xff) // teletext, cut short
	}
	body = append(body, 0x1b, 0xe1, 0x2c, 0xf0, 0, 0x0f, 0xe1, 0x2d, 0xf0, 0)
	section := append([]byte{2, 0xb0 | byte((len(body)+4)>>8), byte(len(body) + 4)}, body...)
	crc := checksum(section)
	section = append(section, byte(crc>>24), byte(crc>>16), byte(crc>>8), byte(crc))
	require.Less(t, len(section), 1024)
	payload := append([]byte{0}, section...)
	for i := byte(0); len(payload) > 0; i++ {
		p := []byte{syncByte, pmtPID >> 8, pmtPID & 0xff, 0x10 | i&15}
		if i == 0 {
			p[1] |= 0x40
		}
		n := min(len(payload), packetSize-4)
		p = append(append(p, payload[:n]...), bytes.Repeat([]byte{0xff}, packetSize-4-n)...)
		payload = payload[n:]
		out = append(out, p...)
	}
	return out
}

func TestLongTable(t *testing.T) {
	for _, private := range []int{0, 15, 30, 120} {
		video, audio := units(t, "plain")
		m := newMuxer(t, both())
		m.tables()
		pat := bytes.Clone(m.bytes()[:packetSize])
		table := longMap(t, private)
		m.out.Reset()
		for i := range video {
			m.out.Write(table) // again and again, as in broadcasts
			m.write(videoPID, video[i].pts, video[i].dts, video[i].data)
			m.write(audioPID, audio[i].pts, -1, audio[i].data)
		}
		s := open(t, pipe(append(append(pat, table...), withoutTables(m.bytes(), table)...)), Options{})
		require.Len(t, s.Skipped(), private)
		got := readAll(t, s)
		require.Empty(t, got.damage)
		requireUnits(t, video, got.video, "video")
	}
}

// withoutTables drops the muxer's own tables, not ours.
func withoutTables(stream, ours []byte) (out []byte) {
	for _, p := range packets(stream) {
		pid := parsePacket(p).pid
		if pid != 0 && pid != pmtPID || bytes.Contains(ours, p) {
			out = append(out, p...)
		}
	}
	return out
}

// TestTablesAreBounded feeds a table that never ends.
func TestTablesAreBounded(t *testing.T) {
	tables := newTables()
	p := append([]byte{syncByte, 0x40, 0, 0x10, 0, 0, 0xbf, 0xff}, make([]byte, 180)...)
	add := func() {
		p[3] = 0x10 | (p[3]+1)&15
		require.False(t, tables.add(p, parsePacket(p)))
		p[1] = 0
	}
	for range maxTablePackets {
		add()
	}
	require.Zero(t, testing.AllocsPerRun(1000, add), "nothing more is kept")
}

func TestPESHeaders(t *testing.T) {
	size, ok := headerSize([]byte{0, 0})
	require.True(t, ok, "it may go on")
	require.Equal(t, pesFixed, size)
	_, ok = headerSize([]byte{0, 1})
	require.False(t, ok)
	_, ok = headerSize([]byte{0, 0, 1, 0xbe, 0, 9, 0xff, 0xff, 0xff})
	require.False(t, ok, "a padding stream")
	st, ok := headerStamp([]byte{0, 0, 1, 0xe0, 0, 0, 0x80, 0xc0, 10, 0x3f, 0xff, 0xff, 0xff, 0xff, 0x11, 0, 1, 0, 1})
	require.True(t, ok)
	require.Equal(t, stamp{known: true, pts: wrap - 1, dts: 0}, st)

	// A header that is spread over several packets, one byte each.
	var got []stamp
	var body []byte
	r := newPESReader(7, &record{&got, &body})
	header := []byte{0, 0, 1, 0xe0, 0, 0, 0x80, 0x80, 6, 0x21, 0, 3, 0, 5, 0xff, 'x', 'y'}
	for i := range header {
		require.Empty(t, r.push(packet{pid: 7, start: i == 0, counter: uint8(i & 15), payload: header[i : i+1]}))
	}
	require.Equal(t, []stamp{{known: true, pts: 1<<15 | 2, dts: 1<<15 | 2}}, got)
	require.Equal(t, "xy", string(body))
	require.Equal(t, "no PES header where one is announced", r.push(packet{pid: 7, start: true, counter: 1, payload: []byte("abc")}))
}

// record is a sink that remembers.
type record struct {
	stamps *[]stamp
	data   *[]byte
}

func (r *record) begin(s stamp) { *r.stamps = append(*r.stamps, s) }
func (r *record) body(b []byte) { *r.data = append(*r.data, b...) }
func (r *record) lost()         {}
func (r *record) end()          {}
