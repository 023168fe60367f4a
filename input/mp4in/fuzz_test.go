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

// FuzzOpen opens any bytes and reads up to 20,000 packets, 64 MiB of them: many
// may lie in the same place. Nothing may panic, loop or allocate more than the
// file justifies, and what Next returns must keep the promises of media.Source.
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
	for _, file := range costly(1) {
		if len(file) < 20_000 { // larger ones would only slow it down
			f.Add(file, int64(0))
			f.Add(file, int64(time.Millisecond))
		}
	}
	f.Fuzz(func(t *testing.T, file []byte, start int64) {
		// The fuzzer itself kills what takes 10 s, without a word why.
		begun := time.Now()
		defer func() { require.Less(t, time.Since(begun), 5*time.Second) }()
		s, err := Open(readerOf(file), int64(len(file)), Options{Start: time.Duration(start)})
		if err != nil {
			return
		}
		damage, read := 0, 0
		for n := 0; n < 20_000 && read < 64<<20; n++ {
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
			read += len(p.Data)
			p.Release()
		}
	})
}
