package aac

import (
	"bytes"
	"crypto/md5"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/mpeg4audio"
	"github.com/stretchr/testify/require"
)

func fixtures(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("testdata/*.aac")
	require.NoError(t, err)
	require.Len(t, names, 4)
	out := map[string][]byte{}
	for _, n := range names {
		b, err := os.ReadFile(n)
		require.NoError(t, err)
		out[strings.TrimSuffix(filepath.Base(n), ".aac")] = b
	}
	return out
}

// wantLines is what ffmpeg made of a fixture: its config, then its frames.
func wantLines(t *testing.T, name string) []string {
	t.Helper()
	csv, err := os.ReadFile("testdata/" + name + ".csv")
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(csv)), "\n")
	if name == "config" { // ffmpeg takes the element out of the first frame
		lines[1] = ""
	}
	return lines
}

// line is what a .csv says of a frame.
func line(raw []byte) string {
	sum := md5.Sum(raw)
	return fmt.Sprintf("%d,%x", len(raw), sum[:4])
}

func TestSplitADTSAgreesWithFFmpeg(t *testing.T) {
	for name, stream := range fixtures(t) {
		want := wantLines(t, name)
		n := 0
		for f, err := range SplitADTS(stream) {
			require.NoError(t, err)
			if n == 0 {
				require.Equal(t, want[0], fmt.Sprintf("%x", f.AppendConfig(nil, f.Data)), name)
			}
			if n++; want[n] != "" {
				require.Equal(t, want[n], line(f.Data), "%s, frame %d", name, n)
			}
		}
		require.Len(t, want, n+1)
	}
}

func TestParseADTS(t *testing.T) {
	good := []byte{0xff, 0xf1, 0x4c, 0x80, 0x02, 0x1f, 0xfc} // LC, 48 kHz, stereo, 16 bytes
	h, err := ParseADTS(good)
	require.NoError(t, err)
	require.Equal(t, ADTS{ObjectType: 2, RateIndex: 3, ChannelConfig: 2, HeaderSize: 7, FrameSize: 16, Blocks: 1}, h)
	require.Equal(t, 48000, h.SampleRate())
	require.Equal(t, 2, h.Channels())
	for name, c := range map[string]struct {
		at  int
		to  byte
		err error
	}{
		"sync word":       {0, 0xfe, ErrSync},
		"layer":           {1, 0xf3, ErrSync},
		"reserved rate":   {2, 0x74, ErrSync},
		"shorter than 7":  {4, 0x00, ErrSync},
		"MPEG-2 ID":       {1, 0xf9, nil},
		"several blocks":  {6, 0xfd, nil},
		"with a checksum": {1, 0xf0, nil},
	} {
		b := bytes.Clone(good)
		b[c.at] = c.to
		_, err := ParseADTS(b)
		require.ErrorIs(t, err, c.err, name)
	}
	for n := range good {
		_, err := ParseADTS(good[:n])
		require.ErrorIs(t, err, ErrShort)
	}
}

func TestNextADTS(t *testing.T) {
	frame := append([]byte{0xff, 0xf0, 0x4c, 0x80, 0x01, 0x7f, 0xfc, 0xab, 0xcd}, 1, 2) // with a CRC
	h, raw, rest, err := NextADTS(append(frame, 9))
	require.NoError(t, err)
	require.Equal(t, 9, h.HeaderSize)
	require.Equal(t, []byte{1, 2}, raw, "no CRC bytes")
	require.Equal(t, []byte{9}, rest)
	_, _, _, err = NextADTS(frame[:10])
	require.ErrorIs(t, err, ErrShort)
	frame[6] |= 1
	_, _, rest, err = NextADTS(append(frame, 9))
	require.ErrorIs(t, err, ErrBlocks)
	require.Equal(t, []byte{9}, rest)
}

func TestADTSAllocatesNothing(t *testing.T) {
	stream := fixtures(t)["stereo48000"]
	require.Zero(t, testing.AllocsPerRun(10, func() {
		for rest := stream; len(rest) > 0; {
			_, _, rest, _ = NextADTS(rest)
		}
		_, _ = ParseADTS(stream[1:])
	}))
}

// FuzzADTS compares with mediacommon: what it takes, this package takes alike.
func FuzzADTS(f *testing.F) {
	for _, stream := range fixtures(f) {
		f.Add(stream[:400])
	}
	f.Add([]byte{0xff, 0xf1, 0x4c, 0x80, 0x00, 0x1f, 0xfc, 0}) // a frame of no bytes
	f.Fuzz(func(t *testing.T, b []byte) {
		var got [][]byte
		var failed error
		for fr, err := range SplitADTS(b) {
			if failed = err; err == nil {
				got = append(got, fr.Data)
			}
		}
		var want mpeg4audio.ADTSPackets
		if want.Unmarshal(b) != nil {
			return
		}
		if errors.Is(failed, ErrSync) {
			return // mediacommon does not look at the layer
		}
		require.NoError(t, failed)
		require.Len(t, got, len(want))
		for i, p := range want {
			require.True(t, bytes.Equal(p.AU, got[i]))
		}
	})
}
