package mediatype

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/input/mp4in"
	"rtmpwriter/internal/clip"
	"rtmpwriter/media"
	"rtmpwriter/media/aac"
	"rtmpwriter/media/h264"
)

// pictures are the access units of a real stream in Annex B.
func pictures(t testing.TB, name string) (all [][]byte) {
	t.Helper()
	data, err := os.ReadFile("../../../media/h264/testdata/" + name)
	require.NoError(t, err)
	var s h264.Splitter
	s.Write(data)
	s.Flush()
	for {
		unit, ok := s.Next()
		if !ok {
			require.NotEmpty(t, all)
			return all
		}
		all = append(all, bytes.Clone(unit.B))
		unit.Release()
	}
}

// sounds are the frames of a real stream in ADTS, and its configuration.
func sounds(t testing.TB, name string) (frames, bare [][]byte, config []byte) {
	t.Helper()
	data, err := os.ReadFile("../../../media/aac/testdata/" + name)
	require.NoError(t, err)
	for len(data) > 0 {
		h, raw, rest, err := aac.NextADTS(data)
		require.NoError(t, err)
		if config == nil {
			config = h.AppendConfig(nil, raw)
		}
		frames, bare, data = append(frames, data[:h.FrameSize]), append(bare, raw), rest
	}
	return frames, bare, config
}

// demo are the packets of the demo clip, as MP4 has them, by track.
func demo(t testing.TB) (tracks []media.Track, packets [2][]media.Packet) {
	t.Helper()
	src, err := mp4in.Open(clip.Reader(), int64(clip.Size()), mp4in.Options{})
	require.NoError(t, err)
	defer src.Close()
	for {
		p, err := src.Next()
		if errors.Is(err, io.EOF) {
			return src.Tracks(), packets
		}
		require.NoError(t, err)
		p.Data, p.Owner = bytes.Clone(p.Data), nil
		packets[p.Track] = append(packets[p.Track], p)
	}
}
