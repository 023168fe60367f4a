package mp4in

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

// FuzzOpen opens any bytes and reads up to 20,000 packets. Nothing may panic,
// loop or allocate more than the file justifies, and what Next returns must
// keep the promises of media.Source.
func FuzzOpen(f *testing.F) {
	names, err := filepath.Glob("testdata/*.m*[4v]")
	require.NoError(f, err)
	for _, name := range names {
		file, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(file, int64(0))
		f.Add(file, int64(500*time.Millisecond))
	}
	v := video(12)
	v.offsets, v.edits, v.syncs = []int{40, 120, 0}, [][2]int{{100, -1}, {400, 40}}, []int{1, 7}
	f.Add(build(v, audio(12)), int64(0))
	f.Add(append(initSegment(), bx("moof", bx("traf", bx("tfhd", 0, 1), piece(0)), bx("traf", bx("tfhd", 0, 2), piece(0)))...), int64(0))
	f.Fuzz(func(t *testing.T, file []byte, start int64) {
		s, err := Open(readerOf(file), int64(len(file)), Options{Start: time.Duration(start)})
		if err != nil {
			return
		}
		begun := time.Now()
		damage := 0
		for range 20_000 {
			p, err := s.Next()
			if errors.Is(err, io.EOF) {
				_, err = s.Next()
				require.ErrorIs(t, err, io.EOF, "the end stays the end")
				break
			}
			if err != nil {
				if !errors.As(err, new(*media.DamageError)) {
					break
				}
				damage++
				require.Less(t, damage, 2+len(s.Tracks()))
				continue
			}
			require.Less(t, p.Track, len(s.Tracks()))
			require.NotEmpty(t, p.Data)
			require.LessOrEqual(t, len(p.Data), len(file))
			require.GreaterOrEqual(t, p.PTS, p.DTS)
			p.Release()
		}
		require.Less(t, time.Since(begun), 10*time.Second)
	})
}
