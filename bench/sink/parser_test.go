package sink

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// account is what of a session does not depend on when its bytes came.
type account struct {
	key                         string
	bytes                       int64
	audio, video, delays, count int
	failed                      string
	answers                     []byte
}

// fed is the account of a session that gets b in pieces of these sizes, and the
// last again and again.
func fed(b []byte, sizes ...int) account {
	s := newSession(1)
	var a account
	var err error
	for len(b) > 0 && err == nil {
		n := min(sizes[0], len(b))
		err = s.feed(b[:n])
		b = b[n:]
		if len(sizes) > 1 {
			sizes = sizes[1:]
		}
		a.answers = append(a.answers, s.out...)
		s.out = s.out[:0]
	}
	if err != nil {
		a.failed = err.Error()
	}
	a.key, a.bytes, a.audio, a.video, a.delays, a.count = s.Key, s.Bytes, s.Audio, s.Video, len(s.Delays), s.Chunks
	return a
}

// A first part that is all of a record, up to any byte, is no error either.
func TestCutAnywhere(t *testing.T) {
	b := recorded(t, 128, []int{200, 128, 26}, []int{140, 3})
	whole := fed(b, len(b))
	require.Empty(t, whole.failed)
	require.Equal(t, "key", whole.key)
	require.Equal(t, []int{4, 3, 3}, []int{whole.video, whole.audio, whole.delays})
	require.Equal(t, int64(len(b)), whole.bytes)
	require.Greater(t, len(whole.answers), 1+2*handshakeSize)
	require.Equal(t, whole, fed(b, 1), "byte by byte")
	for at := 1; at < len(b); at++ {
		require.Equal(t, whole, fed(b, at, len(b)), "cut at %d", at)
	}
}

// walked is what a parser finds in b: the kinds and lengths of the messages, and how
// much of each was kept.
func walked(t *testing.T, b []byte, piece int) (found [][3]int) {
	t.Helper()
	p := newParser(nil)
	p.done = func(m *chunkStream) error {
		found = append(found, [3]int{int(m.kind), m.length, len(m.head)})
		return nil
	}
	for part := range slices.Chunk(b, piece) {
		require.NoError(t, p.feed(part))
	}
	return found
}

func TestHeadersOfEveryFormat(t *testing.T) {
	payload := make([]byte, 128)
	extended := []byte{1, 0, 0, 0}
	b := slices.Concat(
		[]byte{4, 0, 0, 0, 0, 0, 130, typeVideo, 1, 0, 0, 0}, payload, // in two chunks
		[]byte{0xc4}, payload[:2],
		[]byte{0x44, 0, 0, 40, 0, 0, 5, typeAudio}, payload[:5], // another length and kind
		[]byte{0x84, 0, 0, 40}, payload[:5], // the same
		[]byte{0xc4}, payload[:5], // the same, and the same time again
		[]byte{5, 0xff, 0xff, 0xff, 0, 0, 130, 18, 1, 0, 0, 0}, extended, payload, // with a time of 32 bits
		[]byte{0xc5}, extended, payload[:2],
		[]byte{0x85, 0xff, 0xff, 0xff}, extended, payload,
		[]byte{6, 0, 0, 0, 0, 0, 0, 22, 0, 0, 0, 0}, // empty, amid another
		[]byte{0xc5}, extended, payload[:2],
		[]byte{0x85, 0, 0, 1}, payload, []byte{0xc5}, payload[:2], // the time fits again
	)
	want := [][3]int{
		{typeVideo, 130, keptOfMedia}, {typeAudio, 5, 5}, {typeAudio, 5, 5}, {typeAudio, 5, 5},
		{18, 130, 130}, {22, 0, 0}, {18, 130, 130}, {18, 130, 130},
	}
	for _, piece := range []int{1, 2, 3, 7, len(b)} {
		require.Equal(t, want, walked(t, b, piece), "in pieces of %d", piece)
	}
}

func TestBadControl(t *testing.T) {
	for _, c := range []struct {
		name, says string
		body       []byte
		kind       byte
	}{
		{"chunk size of nothing", "a control message of 0 bytes", nil, typeSetChunkSize},
		{"half a chunk size", "a control message of 2 bytes", []byte{1, 2}, typeSetChunkSize},
		{"chunk size 0", "a chunk size of 0", make([]byte, 4), typeSetChunkSize},
		{"chunk size 0 with the bit that must be 0", "a chunk size of 0", []byte{0x80, 0, 0, 0}, typeSetChunkSize},
		{"half a window", "a control message of 3 bytes", []byte{1, 2, 3}, typeWindowAck},
		{"no command", "a command of 0 values", nil, typeCommand},
		{"broken command", "a command: ", []byte{0xff}, typeCommand},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := append([]byte{2, 0, 0, 0, 0, 0, byte(len(c.body)), c.kind, 0, 0, 0, 0}, c.body...)
			require.ErrorContains(t, newSession(1).feed(append(make([]byte, 1+2*handshakeSize), b...)), c.says)
		})
	}
}

func TestAcknowledges(t *testing.T) {
	s := newSession(1)
	window := append([]byte{2, 0, 0, 0, 0, 0, 4, typeWindowAck, 0, 0, 0, 0}, 0, 0, 0x10, 0)
	require.NoError(t, s.feed(append(make([]byte, 1+2*handshakeSize), window...)))
	s.out = nil
	for s.Bytes < 9000 {
		require.NoError(t, s.feed(sound(0xaf)))
	}
	var told []uint32
	for ack := range slices.Chunk(s.out, 16) {
		require.Equal(t, []byte{2, 0, 0, 0, 0, 0, 4, 3, 0, 0, 0, 0}, ack[:12])
		told = append(told, binary.BigEndian.Uint32(ack[12:]))
	}
	require.Len(t, told, 2)
	require.InDelta(t, 4096, told[0], 13, "with the message that reached it")
	require.InDelta(t, 4096, told[1]-told[0], 13)
}
