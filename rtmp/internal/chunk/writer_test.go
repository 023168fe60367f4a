package chunk

import (
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"
)

// wire joins what the writer holds and resets it.
func wire(w *Writer) []byte {
	b := bytes.Join(w.Vector(), nil)
	w.Reset()
	return b
}

func appendOne(t *testing.T, w *Writer, h Header, head, body []byte) []byte {
	t.Helper()
	before := w.Pending()
	require.NoError(t, w.Append(h, head, [][]byte{body}))
	pending := w.Pending()
	require.Greater(t, pending, before)
	b := wire(w)
	require.Len(t, b, pending)
	require.Zero(t, w.Pending())
	return b
}

// TestHeaderForms follows one chunk stream through every way to begin a
// message. Bodies are two bytes, "aabb", unless the step changes that.
func TestHeaderForms(t *testing.T) {
	const video, audio = 9, 8
	for _, c := range []struct {
		name string
		last uint32
		next Header
		body string
		want string
	}{
		{"small delta, all else equal: type 2", 1000, Header{6, video, 1033, 1}, "ccdd", "86 000021 ccdd"},
		{"other length: type 1", 1000, Header{6, video, 1033, 1}, "cc", "46 000021 000001 09 cc"},
		{"other type: type 1", 1000, Header{6, audio, 1033, 1}, "ccdd", "46 000021 000002 08 ccdd"},
		{"same time: delta 0", 1000, Header{6, video, 1000, 1}, "ccdd", "86 000000 ccdd"},
		{"time backwards: type 0", 1000, Header{6, video, 999, 1}, "ccdd", "06 0003e7 000002 09 01000000 ccdd"},
		{"other message stream: type 0", 1000, Header{6, video, 1033, 7}, "ccdd", "06 000409 000002 09 07000000 ccdd"},
		{"largest delta", 5, Header{6, video, 5 + 0xFFFFFE, 1}, "ccdd", "86 fffffe ccdd"},
		{"larger step forward: type 0, extended", 0, Header{6, video, 0xFFFFFF, 1}, "ccdd", "06 ffffff 000002 09 01000000 00ffffff ccdd"},
		{"past 0xFFFFFF by deltas: nothing extended", 0xFFFFFE, Header{6, video, 0x1000001, 1}, "ccdd", "86 000003 ccdd"},
		{"over 2^31", 0x7FFFFFFF, Header{6, video, 0x80000010, 1}, "ccdd", "86 000011 ccdd"},
		{"back over 2^31", 0x80000000, Header{6, video, 0x7FFFFFFF, 1}, "ccdd", "06 ffffff 000002 09 01000000 7fffffff ccdd"},
		{"forward over 2^32", 0xFFFFFFF0, Header{6, video, 0x10, 1}, "ccdd", "86 000020 ccdd"},
		{"back over 2^32", 0x10, Header{6, video, 0xFFFFFFF0, 1}, "ccdd", "06 ffffff 000002 09 01000000 fffffff0 ccdd"},
		{"half the circle away has no order: type 0", 0, Header{6, video, 0x80000000, 1}, "ccdd", "06 ffffff 000002 09 01000000 80000000 ccdd"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := NewWriter()
			appendOne(t, w, Header{6, video, c.last, 1}, nil, []byte{0xaa, 0xbb})
			body, err := hex.DecodeString(c.body)
			require.NoError(t, err)
			require.Equal(t, unhex(t, c.want), appendOne(t, w, c.next, nil, body))
		})
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(string(bytes.ReplaceAll([]byte(s), []byte(" "), nil)))
	require.NoError(t, err)
	return b
}

// TestExtendedTimeIsRepeated looks at every chunk header of a message in three
// chunks, with times around the limit of 24 bits.
func TestExtendedTimeIsRepeated(t *testing.T) {
	body := bytes.Repeat([]byte{0x55}, 300)
	for _, c := range []struct {
		time    uint32
		field   string
		further string
	}{
		{0xFFFFFE, "fffffe", "c6"},
		{0xFFFFFF, "ffffff", "c6 00ffffff"},
		{0x1000000, "ffffff", "c6 01000000"},
		{0x80000000, "ffffff", "c6 80000000"},
		{0xFFFFFFFF, "ffffff", "c6 ffffffff"},
	} {
		w := NewWriter()
		got := appendOne(t, w, Header{6, 9, c.time, 1}, []byte{0x17, 1}, body)
		first := unhex(t, "06"+c.field+"00012e 09 01000000")
		further := unhex(t, c.further)
		want := append(append(first, further[1:]...), 0x17, 1)
		want = append(append(want, body[:126]...), further...)
		want = append(append(want, body[:128]...), further...)
		want = append(want, body[:46]...)
		require.Equal(t, want, got, "time %#x", c.time)
	}
}

func TestChunkStreamsKeepTheirOwnDeltas(t *testing.T) {
	w := NewWriter()
	appendOne(t, w, Header{4, 8, 100, 1}, nil, []byte{1})
	appendOne(t, w, Header{6, 9, 5000, 1}, nil, []byte{1})
	require.Equal(t, unhex(t, "84 000017 01"), appendOne(t, w, Header{4, 8, 123, 1}, nil, []byte{1}))
	require.Equal(t, unhex(t, "86 000001 01"), appendOne(t, w, Header{6, 9, 5001, 1}, nil, []byte{1}))
}

func TestCutsAtEveryPlace(t *testing.T) {
	payload := [][]byte{bytes.Repeat([]byte{1}, 100), {}, bytes.Repeat([]byte{2}, 29), bytes.Repeat([]byte{3}, 255), {4}}
	for size := 3; size < 400; size++ {
		w := NewWriter()
		w.SetSize(size)
		require.NoError(t, w.Append(Header{6, 9, 7, 1}, []byte{9, 9, 9}, payload))
		want := AppendMessage(nil, Header{6, 9, 7, 1}, append([]byte{9, 9, 9}, bytes.Join(payload, nil)...), size)
		require.Equal(t, want, wire(w), "chunk size %d", size)
	}
}

func TestEmptyMessage(t *testing.T) {
	w := NewWriter()
	require.NoError(t, w.Append(Header{4, 8, 1, 1}, nil, nil))
	require.Equal(t, unhex(t, "04 000001 000000 08 01000000"), wire(w))
}

func TestPayloadIsNotCopied(t *testing.T) {
	w := NewWriter()
	payload := []byte{1, 2, 3}
	require.NoError(t, w.Append(Header{4, 8, 1, 1}, []byte{7}, [][]byte{payload}))
	require.Same(t, &payload[0], &w.Vector()[1][0])
	w.Reset()
	require.Nil(t, w.vector[:2][1], "the payload is let go")
}

func TestAppendRefuses(t *testing.T) {
	w := NewWriter()
	require.ErrorContains(t, w.Append(Header{CSID: 6}, nil, [][]byte{make([]byte, MaxLength+1)}), "at most")
	require.ErrorContains(t, w.Append(Header{CSID: 6}, make([]byte, MaxHead+1), nil), "head")
	require.ErrorContains(t, w.Append(Header{CSID: 1}, nil, nil), "chunk stream")
	require.ErrorContains(t, w.Append(Header{CSID: 8}, nil, nil), "chunk stream")
	require.Empty(t, w.Vector())
}

// TestAppendDoesNotAllocate has batches of many messages, small chunks among
// them.
func TestAppendDoesNotAllocate(t *testing.T) {
	for _, size := range []int{DefaultSize, 4096, 65536} {
		w := NewWriter()
		w.SetSize(size)
		video, audio := [][]byte{make([]byte, 20000), make([]byte, 4), make([]byte, 5000)}, [][]byte{make([]byte, 300)}
		head := []byte{0x17, 1, 0, 0, 0}
		var now uint32
		batch := func() {
			for range 200 {
				now += 20
				_ = w.Append(Header{6, 9, now, 1}, head, video)
				_ = w.Append(Header{4, 8, now, 1}, head[:2], audio)
			}
			w.Reset()
		}
		batch()
		require.Zero(t, testing.AllocsPerRun(100, batch), "chunk size %d", size)
	}
}

func TestArenaShrinksAfterAHugeBatch(t *testing.T) {
	w := NewWriter()
	for range 10000 {
		require.NoError(t, w.Append(Header{4, 8, 1, 1}, make([]byte, MaxHead), nil))
	}
	require.Greater(t, len(w.headers.blocks), keepBlocks)
	w.Reset()
	require.Len(t, w.headers.blocks, keepBlocks)
}
