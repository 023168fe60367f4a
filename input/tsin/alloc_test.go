package tsin

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSteadyStateAllocations lets a file of many packets pass.
func TestSteadyStateAllocations(t *testing.T) {
	stream := load(t, "plain.ts")
	s := open(t, io.MultiReader(bytes.NewReader(stream), &endless{t: t, stream: stream}), Options{})
	for range 400 { // buffers have grown by now
		p, err := s.Next()
		if err == nil {
			p.Release()
		}
	}
	got := testing.AllocsPerRun(300, func() {
		p, err := s.Next()
		if err == nil {
			p.Release()
		}
	})
	require.LessOrEqual(t, got, 0.5, "a packet")
}

// endless repeats a stream with continuity counters and times that go on.
type endless struct {
	t      testing.TB
	stream []byte
	rest   []byte
	round  int64
	count  map[uint16]byte
}

func (e *endless) Read(p []byte) (int, error) {
	if len(e.rest) == 0 {
		e.round++
		e.rest = e.next()
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

func (e *endless) next() []byte {
	if e.count == nil {
		e.count = map[uint16]byte{}
		for b := e.stream; len(b) > 0; b = b[packetSize:] {
			e.count[parsePacket(b[:packetSize]).pid] = b[3] & 15
		}
	}
	out := bytes.Clone(e.stream)
	for b := out; len(b) > 0; b = b[packetSize:] {
		p := parsePacket(b[:packetSize])
		if len(p.payload) > 0 {
			e.count[p.pid]++
			b[3] = b[3]&0xf0 | e.count[p.pid]&15
		}
		if st, ok := peekStamp(p.payload); ok && p.start {
			writeStamp(p.payload[9:], st.pts+e.round*90000)
			if p.payload[7]&0x40 != 0 {
				writeStamp(p.payload[14:], st.dts+e.round*90000)
			}
		}
	}
	return out
}

func writeStamp(b []byte, ts int64) {
	b[0] = b[0]&0xf1 | byte(ts>>30&7)<<1
	b[1] = byte(ts >> 22)
	b[2] = byte(ts>>15)<<1 | 1
	b[3] = byte(ts >> 7)
	b[4] = byte(ts)<<1 | 1
}
