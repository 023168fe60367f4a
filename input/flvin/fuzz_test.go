package flvin

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/flv"
)

// FuzzOpen checks that foreign files never panic and come to an end, and that
// a file and a pipe with the same bytes give the same packets.
func FuzzOpen(f *testing.F) {
	whole := build(f, true, true).metadata(flv.Metadata{Width: 64}).configs().gops(2).bytes()
	f.Add(whole, uint16(0))
	f.Add(whole, uint16(500))
	f.Add(whole[:len(whole)/2], uint16(100))
	f.Add(append(bytes.Clone(whole[:300]), whole[310:]...), uint16(1)) // bytes missing
	f.Add(build(f, false, false).audio(0, flv.AACRaw, 1).bytes(), uint16(0))
	f.Add(build(f, true, true).video(0, flv.FrameKey, flv.AVCSequenceHeader, 0, unhex("01640028fce00000")...).bytes(), uint16(0)) // no SPS
	f.Fuzz(func(t *testing.T, b []byte, start uint16) {
		if s, err := Open(bytes.NewReader(b), Options{Start: time.Duration(start) * time.Millisecond}); err == nil {
			_, _, err := drain(t, s)
			require.Error(t, err)
		}
		file, fileErr := Open(bytes.NewReader(b), Options{})
		pipe, pipeErr := Open(io.MultiReader(bytes.NewReader(b)), Options{})
		require.Equal(t, fileErr, pipeErr)
		if fileErr != nil {
			return
		}
		require.Equal(t, file.Tracks(), pipe.Tracks())
		fromFile, _, fileErr := drain(t, file)
		fromPipe, _, pipeErr := drain(t, pipe)
		require.Equal(t, fromFile, fromPipe)
		require.Equal(t, fileErr, pipeErr)
	})
}
