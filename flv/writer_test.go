package flv

import (
	"bytes"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWriterBytes(t *testing.T) {
	var file bytes.Buffer
	w, err := NewWriter(&file, true, false)
	require.NoError(t, err)
	require.NoError(t, w.WriteTag(TagVideo, 0x12345678, []byte{0x17, 2}, nil, []byte{0, 0, 0}))
	require.Equal(t, []byte{
		'F', 'L', 'V', 1, 1, 0, 0, 0, 9, 0, 0, 0, 0,
		9, 0, 0, 5, 0x34, 0x56, 0x78, 0x12, 0, 0, 0, 0x17, 2, 0, 0, 0, 0, 0, 0, 16,
	}, file.Bytes())

	err = w.WriteTag(TagVideo, 0, make([]byte, MaxTagSize), []byte{1})
	require.ErrorContains(t, err, "write a video tag: 8388609 bytes, the limit is 8388608")
	require.Equal(t, 33, file.Len(), "a tag that is refused leaves nothing")
}

// full takes n bytes.
type full struct{ n int }

var errFull = errors.New("disk full")

func (f *full) Write(p []byte) (int, error) {
	n := min(len(p), f.n)
	f.n -= n
	if n < len(p) {
		return n, errFull
	}
	return n, nil
}

func TestWriterErrors(t *testing.T) {
	for room := range 33 {
		w, err := NewWriter(&full{n: room}, false, true)
		if err == nil {
			err = w.WriteTag(TagAudio, 0, []byte{0xaf, 1}, []byte{1, 2, 3})
		}
		require.ErrorIs(t, err, errFull, "with room for %d", room)
	}
}
