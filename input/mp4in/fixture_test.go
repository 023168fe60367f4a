package mp4in

import (
	"bytes"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

// packet is a packet with its bytes copied out.
type packet struct {
	media.Packet
	data []byte
}

// readAll reads to the end; damage is collected, any other error fails.
func readAll(t testing.TB, s *Source) (all []packet, damage []*media.DamageError) {
	t.Helper()
	for {
		p, err := s.Next()
		if errors.Is(err, io.EOF) {
			return all, damage
		}
		if err != nil {
			var d *media.DamageError
			require.ErrorAs(t, err, &d)
			damage = append(damage, d)
			continue
		}
		c := packet{p, bytes.Clone(p.Data)}
		p.Release()
		all = append(all, c)
	}
}

// open opens the bytes of a file.
func open(t testing.TB, file []byte, start time.Duration) *Source {
	t.Helper()
	s, err := Open(bytes.NewReader(file), int64(len(file)), Options{Start: start})
	require.NoError(t, err)
	return s
}

// TestFixtures compares packets with what ffprobe says of the same files:
// payloads and keyframes exactly, times within a millisecond up to one constant
// for all tracks.
func TestFixtures(t *testing.T) {
	for _, name := range []string{"plain.mp4", "quicktime.mov", "fragmented.mp4", "hybrid.mp4", "negative.mp4"} {
		t.Run(name, func(t *testing.T) {
			file, err := os.ReadFile("testdata/" + name)
			require.NoError(t, err)
			s := open(t, file, 0)
			got, damage := readAll(t, s)
			require.Empty(t, damage)
			require.Empty(t, s.Skipped())
			want := probed(t, "testdata/"+name+".packets")
			shift := math.NaN()
			for kind, index := range map[string]int{"video": 0, "audio": 1} {
				var mine []packet
				for _, p := range got {
					if p.Track == index {
						mine = append(mine, p)
					}
				}
				require.Len(t, mine, len(want[kind]), kind)
				for i, w := range want[kind] {
					g := mine[i]
					if math.IsNaN(shift) {
						shift = g.PTS.Seconds() - w.pts
					}
					require.Equal(t, w.sum, fmt.Sprintf("%x", md5.Sum(g.data)), "%s %d", kind, i)
					require.Equal(t, w.key, g.Keyframe, "%s %d", kind, i)
					require.InDelta(t, w.pts+shift, g.PTS.Seconds(), 0.001, "%s %d", kind, i)
					require.InDelta(t, w.dts+shift, g.DTS.Seconds(), 0.001, "%s %d", kind, i)
				}
			}
			video, audio := s.Tracks()[0], s.Tracks()[1]
			require.Equal(t, media.CodecH264, video.Codec)
			require.Equal(t, []int{32, 32, 4}, []int{video.Width, video.Height, video.NALLengthSize})
			require.InDelta(t, 25, video.FrameRate, 0.01)
			require.Equal(t, []int{44100, 1}, []int{audio.SampleRate, audio.Channels})
			require.InDelta(t, 0.8, s.Duration().Seconds(), 0.06)
		})
	}
}

type probe struct {
	pts, dts float64
	size     int
	key      bool
	sum      string
}

// probed reads a list that testdata/make.sh has made.
func probed(t *testing.T, name string) map[string][]probe {
	list, err := os.ReadFile(name)
	require.NoError(t, err)
	all := map[string][]probe{}
	for line := range bytes.Lines(list) {
		var p probe
		var kind, flags string
		_, err := fmt.Sscan(string(line), &kind, &p.pts, &p.dts, &p.size, &flags, &p.sum)
		require.NoError(t, err)
		p.key = flags[0] == 'K'
		all[kind] = append(all[kind], p)
	}
	return all
}

// TestPacketsComeInDecodeOrder checks the order of all tracks together.
func TestPacketsComeInDecodeOrder(t *testing.T) {
	file, err := os.ReadFile("testdata/plain.mp4")
	require.NoError(t, err)
	got, _ := readAll(t, open(t, file, 0))
	require.Zero(t, got[0].DTS, "the first packet is moved to 0")
	for i := 1; i < len(got); i++ {
		require.GreaterOrEqual(t, got[i].DTS, got[i-1].DTS)
		require.GreaterOrEqual(t, got[i].PTS, got[i].DTS)
	}
}
