package chunk

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func newReader(b []byte) *Reader {
	return NewReader(bufio.NewReader(bytes.NewReader(b)), ClientLimits)
}

// readAll reads messages, with bodies of their own, until an error.
func readAll(r *Reader) ([]Message, error) {
	var all []Message
	for {
		m, err := r.Next()
		if err != nil {
			return all, err
		}
		m.Body = bytes.Clone(m.Body)
		all = append(all, m)
	}
}

func TestReadsEveryForm(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     []Message
	}{
		{"type 0", "03 000102 000002 14 07000000 aabb", []Message{{Header{3, 20, 0x102, 7}, []byte{0xaa, 0xbb}}}},
		{"type 1 keeps the message stream", "03 000064 000001 14 07000000 aa 43 000005 000002 12 bbcc",
			[]Message{{Header{3, 20, 100, 7}, []byte{0xaa}}, {Header{3, 18, 105, 7}, []byte{0xbb, 0xcc}}}},
		{"type 2 keeps length and type", "03 000064 000001 14 07000000 aa 83 000005 bb",
			[]Message{{Header{3, 20, 100, 7}, []byte{0xaa}}, {Header{3, 20, 105, 7}, []byte{0xbb}}}},
		{"type 3 repeats the delta", "03 000064 000001 14 00000000 aa 83 000005 bb c3 cc",
			[]Message{{Header{3, 20, 100, 0}, []byte{0xaa}}, {Header{3, 20, 105, 0}, []byte{0xbb}}, {Header{3, 20, 110, 0}, []byte{0xcc}}}},
		{"type 3 after type 0 adds its timestamp", "03 000064 000001 14 00000000 aa c3 cc",
			[]Message{{Header{3, 20, 100, 0}, []byte{0xaa}}, {Header{3, 20, 200, 0}, []byte{0xcc}}}},
		{"exactly 0xFFFFFF", "03 ffffff 000001 14 00000000 00ffffff aa", []Message{{Header{3, 20, 0xFFFFFF, 0}, []byte{0xaa}}}},
		{"extended delta", "03 000001 000001 14 00000000 aa 83 ffffff 01000000 bb",
			[]Message{{Header{3, 20, 1, 0}, []byte{0xaa}}, {Header{3, 20, 0x1000001, 0}, []byte{0xbb}}}},
		{"delta over the wrap", "03 ffffff 000001 14 00000000 ffffffff aa 83 000002 bb",
			[]Message{{Header{3, 20, 0xFFFFFFFF, 0}, []byte{0xaa}}, {Header{3, 20, 1, 0}, []byte{0xbb}}}},
		{"csid of two bytes", "00 06 000000 000001 14 00000000 aa", []Message{{Header{70, 20, 0, 0}, []byte{0xaa}}}},
		{"csid of three bytes", "01 0102 000000 000001 14 00000000 aa", []Message{{Header{64 + 1 + 2*256, 20, 0, 0}, []byte{0xaa}}}},
		{"no body", "03 000000 000000 14 00000000", []Message{{Header{3, 20, 0, 0}, []byte{}}}},
		{"type 1 as the first, as old servers do", "42 000000 000001 04 aa", []Message{{Header{2, 4, 0, 0}, []byte{0xaa}}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := unhex(t, c.in)
			got, err := readAll(newReader(in))
			require.ErrorIs(t, err, io.EOF)
			require.Len(t, got, len(c.want))
			for i := range got {
				require.Equal(t, c.want[i].Header, got[i].Header)
				require.True(t, bytes.Equal(c.want[i].Body, got[i].Body))
			}
			oneByOne := NewReader(bufio.NewReader(iotest.OneByteReader(bytes.NewReader(in))), ClientLimits)
			again, err := readAll(oneByOne)
			require.ErrorIs(t, err, io.EOF)
			require.Equal(t, got, again)
		})
	}
}

func TestReadsLongerFormsOfItsOwnWriter(t *testing.T) {
	for _, csid := range []uint32{2, 63, 64, 319, 320, 65599} {
		for _, time := range []uint32{0, 0xFFFFFE, 0xFFFFFF, 0xFFFFFFFF} {
			h := Header{csid, 20, time, 1}
			body := bytes.Repeat([]byte{7}, 300)
			got, err := readAll(newReader(AppendMessage(nil, h, body, DefaultSize)))
			require.ErrorIs(t, err, io.EOF)
			require.Equal(t, []Message{{h, body}}, got)
		}
	}
}

func TestInterleavedChunkStreams(t *testing.T) {
	long, short := bytes.Repeat([]byte{1}, 200), bytes.Repeat([]byte{2}, 129)
	a := AppendMessage(nil, Header{4, 8, 5, 1}, long, DefaultSize)
	b := AppendMessage(nil, Header{6, 9, 6, 1}, short, DefaultSize)
	cut := 12 + DefaultSize // a's first chunk, b's first, a's second, b's second
	in := bytes.Join([][]byte{a[:cut], b[:cut], a[cut:], b[cut:]}, nil)
	got, err := readAll(newReader(in))
	require.ErrorIs(t, err, io.EOF)
	require.Equal(t, []Message{{Header{4, 8, 5, 1}, long}, {Header{6, 9, 6, 1}, short}}, got)
}

func TestSetChunkSizeAndAbort(t *testing.T) {
	body := bytes.Repeat([]byte{3}, 1000)
	var in []byte
	in = append(in, AppendMessage(nil, Header{3, 20, 0, 0}, body, DefaultSize)[:12+DefaultSize]...) // unfinished
	in = AppendMessage(in, Header{2, TypeAbort, 0, 0}, []byte{0, 0, 0, 3}, DefaultSize)
	in = AppendMessage(in, Header{2, TypeSetChunkSize, 0, 0}, []byte{0, 0, 2, 0}, DefaultSize)
	in = AppendMessage(in, Header{3, 20, 9, 0}, body, 512)
	r := newReader(in)
	got, err := readAll(r)
	require.ErrorIs(t, err, io.EOF)
	require.Len(t, got, 3)
	require.Equal(t, Message{Header{3, 20, 9, 0}, body}, got[2])
	require.Zero(t, r.buffered)
}

func TestEndsWithinAMessage(t *testing.T) {
	whole := AppendMessage(nil, Header{3, 20, 0xFFFFFF, 0}, bytes.Repeat([]byte{3}, 300), DefaultSize)
	for n := range whole {
		_, err := readAll(newReader(whole[:n]))
		if n == 0 {
			require.Equal(t, io.EOF, err)
		} else {
			require.ErrorIs(t, err, io.ErrUnexpectedEOF, "%d bytes", n)
		}
	}
	reset := errors.New("reset")
	_, err := readAll(NewReader(bufio.NewReader(io.MultiReader(bytes.NewReader(whole[:20]), iotest.ErrReader(reset))), ClientLimits))
	require.ErrorIs(t, err, reset)
}
