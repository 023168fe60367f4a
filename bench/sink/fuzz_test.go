package sink

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	// heldMost is what a session may hold, whatever it is sent: the beginnings of a
	// message on each chunk stream, as append rounds their room up.
	heldMost = 2 * (lastCSID + 1) * keptOfCommand
	// answerMost is the longest answer to a byte that comes: a command has some
	// thirty bytes and its answer less than five hundred.
	answerMost = 32
)

// held is the memory that a session takes for what has come.
func held(s *session) (n int) {
	for i := range s.parser.streams {
		n += cap(s.parser.streams[i].head)
	}
	return n
}

// fillAll opens a message of the greatest length on every chunk stream, and gives
// each so much.
func fillAll(n int) (b []byte) {
	b = append(b, make([]byte, 1+2*handshakeSize)...)
	b = append(b, 2, 0, 0, 0, 0, 0, 4, typeSetChunkSize, 0, 0, 0, 0)
	b = binary.BigEndian.AppendUint32(b, uint32(n))
	for csid := byte(3); csid <= lastCSID; csid++ {
		b = append(b, csid, 0, 0, 0, 0xff, 0xff, 0xff, typeCommand, 0, 0, 0, 0)
		b = append(b, make([]byte, n)...)
	}
	return b
}

func TestHugeLengths(t *testing.T) {
	b := fillAll(2 * keptOfCommand)
	for _, piece := range []int{13, 1000, len(b)} {
		s := newSession(1)
		for part := range slices.Chunk(b, piece) {
			require.NoError(t, s.feed(part))
			require.LessOrEqual(t, held(s), heldMost)
		}
		require.GreaterOrEqual(t, held(s), (lastCSID-2)*keptOfCommand, "the limit is what bounds")
	}
	header := []byte{4, 0, 0, 0, 0xff, 0xff, 0xff, typeVideo, 1, 0, 0, 0}
	s := newSession(1)
	require.NoError(t, s.feed(append(make([]byte, 1+2*handshakeSize), header...)))
	require.Zero(t, held(s), "a length alone takes nothing")
}

// greeted is a session that has had its handshake, in which all bytes are right.
func greeted() *session {
	s := newSession(1)
	_ = s.feed(make([]byte, 1+2*handshakeSize)) // cannot fail
	s.out = s.out[:0]
	return s
}

func FuzzSession(f *testing.F) {
	const begin = 1 + 2*handshakeSize
	record := recorded(f, 128, []int{200, 128, 26}, []int{140, 3})[begin:]
	f.Add(record, uint16(1))
	f.Add(record, uint16(1000))
	f.Add(recorded(f, 4096, []int{5000, 26}, []int{140, 3})[begin:], uint16(77))
	f.Add(record[:len(record)/2], uint16(0))
	f.Add(fillAll(9)[begin:], uint16(999))
	f.Add(bytes.Repeat([]byte{0xc3}, 400), uint16(3))
	f.Fuzz(func(t *testing.T, b []byte, piece uint16) {
		s := greeted()
		var err error
		for part := range slices.Chunk(b, max(1, int(piece))) {
			s.out = s.out[:0]
			if err = s.feed(part); err != nil {
				break
			}
			if most := answerMost * (len(part) + keptOfCommand); len(s.out) > most {
				t.Fatalf("%d bytes of answers to %d", len(s.out), len(part))
			}
		}
		require.LessOrEqual(t, held(s), heldMost, "it never becomes less")
		whole := greeted()
		wholeErr := whole.feed(b)
		require.Equal(t, wholeErr, err, "in pieces and at once")
		require.Equal(t, whole.Key, s.Key)
		require.Equal(t, []int{whole.Audio, whole.Video, len(whole.Delays)}, []int{s.Audio, s.Video, len(s.Delays)})
		require.LessOrEqual(t, s.Audio+s.Video, len(b))
	})
}
