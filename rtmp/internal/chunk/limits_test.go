package chunk

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRefusesWhatBreaksTheProtocol(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"type 2 first", "83 000000", "begins with a chunk of type 2"},
		{"type 3 first", "c3", "begins with a chunk of type 3"},
		{"message within a message", "03 000000 000081 14 00000000" + zeros(128) + "03 000000 000001 14 00000000", "within another"},
		{"too long a message", "03 000000 100001 14 00000000", "more than 1048576"},
		{"chunk size 0", "02 000000 000004 01 00000000 00000000", "chunk size 0"},
		{"chunk size with the top bit", "02 000000 000004 01 00000000 80000000", "chunk size"},
		{"short control message", "02 000000 000003 01 00000000 000000", "3 bytes, not 4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readAll(newReader(unhex(t, c.in)))
			var bad *FormatError
			require.ErrorAs(t, err, &bad)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func zeros(n int) string { return string(bytes.Repeat([]byte("00"), n)) }

func TestHugeChunkSizeIsTheLargestMessage(t *testing.T) {
	r := newReader(unhex(t, "02 000000 000004 01 00000000 7fffffff"))
	_, err := readAll(r)
	require.ErrorIs(t, err, io.EOF)
	require.Equal(t, MaxLength, r.size)
}

func TestTooManyChunkStreams(t *testing.T) {
	var in []byte
	for i := range uint32(ClientLimits.Streams + 1) {
		in = AppendMessage(in, Header{2 + i, 20, 0, 0}, []byte{1}, DefaultSize)
	}
	got, err := readAll(newReader(in))
	require.ErrorContains(t, err, "chunk streams")
	require.Len(t, got, ClientLimits.Streams)
}

func TestTooManyBufferedBytes(t *testing.T) {
	in := AppendMessage(nil, Header{2, TypeSetChunkSize, 0, 0}, binary.BigEndian.AppendUint32(nil, 1<<20-1), DefaultSize)
	for i := range uint32(5) { // five messages that each lack their last byte
		in = append(in, AppendMessage(nil, Header{3 + i, 20, 0, 0}, make([]byte, 1<<20), 1<<20-1)[:12+1<<20-1]...)
	}
	_, err := readAll(newReader(in))
	require.ErrorContains(t, err, "unfinished")
}

// TestAnnouncedLengthCostsNoMemory opens many large messages without sending
// their bytes.
func TestAnnouncedLengthCostsNoMemory(t *testing.T) {
	in := AppendMessage(nil, Header{2, TypeSetChunkSize, 0, 0}, binary.BigEndian.AppendUint32(nil, 1<<20), DefaultSize)
	in = append(in, unhex(t, "03 000000 100000 14 00000000")...)
	r := newReader(append(in, 1, 2, 3))
	_, err := readAll(r)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.LessOrEqual(t, cap(r.streams[3].body), 2*readPiece)
}

// FuzzReader feeds foreign bytes: no panic, and an end, since each chunk takes
// at least one byte.
func FuzzReader(f *testing.F) {
	f.Add(AppendMessage(nil, Header{3, 20, 0, 0}, bytes.Repeat([]byte{1}, 300), DefaultSize))
	f.Add([]byte{0x03, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 0, 0xc3, 0xc3}) // empty messages, one a byte
	f.Add([]byte{0x02, 0, 0, 0, 0, 0, 4, 2, 0, 0, 0, 0, 0, 0, 0, 2})  // a stream that aborts itself
	f.Fuzz(func(t *testing.T, b []byte) {
		r := NewReader(bufio.NewReader(bytes.NewReader(b)), Limits{MessageSize: 10000, Streams: 4, Buffered: 12000})
		got, err := readAll(r)
		require.Error(t, err)
		require.LessOrEqual(t, len(got), len(b))
		require.GreaterOrEqual(t, r.buffered, 0)
	})
}

// FuzzRoundTrip writes messages with times, lengths and chunk sizes of the
// fuzzer's choice and reads them back.
func FuzzRoundTrip(f *testing.F) {
	f.Add([]byte("abcdefghij"), uint32(0xFFFFFF), uint32(0), uint16(1))
	f.Add(bytes.Repeat([]byte{9}, 700), uint32(0xFFFFFFF0), uint32(0x20), uint16(128))
	f.Add(bytes.Repeat([]byte{9}, 700), uint32(0x80000000), uint32(0x7FFFFFFF), uint16(255))
	f.Fuzz(func(t *testing.T, data []byte, first, step uint32, size uint16) {
		w := NewWriter()
		n := max(int(size), 1)
		w.SetSize(n)
		head := data[:min(len(data), n, MaxHead)]
		var want []Message
		for i := range uint32(6) {
			h := Header{4 + 2*(i%2), uint8(8 + i/3), first + i*step, 1 + i/5}
			payload := data[len(head) : len(head)+(len(data)-len(head))/int(1+i/3)]
			half := len(payload) / 2
			require.NoError(t, w.Append(h, head, [][]byte{payload[:half], payload[half:]}))
			want = append(want, Message{h, append(bytes.Clone(head), payload...)})
		}
		in := AppendMessage(nil, Header{2, TypeSetChunkSize, 0, 0}, binary.BigEndian.AppendUint32(nil, uint32(n)), DefaultSize)
		got, err := readAll(newReader(append(in, wire(w)...)))
		require.ErrorIs(t, err, io.EOF)
		require.Len(t, got, len(want)+1)
		for i, m := range got[1:] {
			require.Equal(t, want[i].Header, m.Header)
			require.True(t, bytes.Equal(want[i].Body, m.Body))
		}
	})
}
