package mediatype

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/internal/com"
	"rtmpwriter/media"
	"rtmpwriter/media/aac"
)

// The units of a real stream come through every framing under every name.
func TestRealPicturesInEveryFraming(t *testing.T) {
	framings := map[string]func(nals ...[]byte) []byte{
		"long start codes":  func(nals ...[]byte) []byte { return annexB(4, nals...) },
		"short start codes": func(nals ...[]byte) []byte { return annexB(3, nals...) },
		"bare first unit":   func(nals ...[]byte) []byte { return annexB(3, nals...)[3:] },
		"lengths of 2":      func(nals ...[]byte) []byte { return prefixed(2, nals...) },
		"lengths of 4":      func(nals ...[]byte) []byte { return prefixed(4, nals...) },
	}
	for _, file := range []string{"baseline.h264", "bframes2.h264", "interlaced.h264", "slices.h264", "opengop.h264"} {
		for name, frame := range framings {
			for _, subtype := range videoSubtypes {
				if name == "bare first unit" && isAVC1(subtype) {
					continue
				}
				s := open(subtype)
				for i, picture := range pictures(t, file) {
					nals := media.AppendAnnexB(nil, picture)
					out, changed, _ := convert(t, s, frame(nals...), noTimes)
					require.Equal(t, nals, units(t, s.Track(), out), "%s, %s as %s, picture %d", file, name, typeName(subtype), i)
					require.False(t, changed && i > 0, "%s, %s as %s: the first picture tells", file, name, typeName(subtype))
				}
				publishable(t, s.Track())
			}
		}
	}
}

// The demo clip, whose parameter sets are in the block alone.
func TestDemoClip(t *testing.T) {
	tracks, packets := demo(t)
	for i, track := range tracks {
		if track.Codec.IsAudio() {
			s := audioStream(SubtypeRawAAC, waveFormat(0xff, 2, 48000, track.Config))
			require.Equal(t, track.Config, s.Track().Config)
			for _, p := range packets[i] {
				out, changed, _ := convert(t, s, p.Data, at(int64(p.PTS/100)))
				require.False(t, changed)
				require.Equal(t, p.Data, out)
			}
			continue
		}
		for _, subtype := range []com.GUID{SubtypeH264, SubtypeAVC1} {
			s := NewStream(Video, videoType(subtype, FormatMPEG2Video, mpeg2Video(4, track.Config)))
			require.Equal(t, track.Config, s.Track().Config)
			for n, p := range packets[i] {
				out, changed, _ := convert(t, s, p.Data, noTimes)
				require.Equal(t, n == 0 && subtype == SubtypeH264, changed)
				require.Equal(t, p.Data, out)
			}
			require.Equal(t, track.Config, s.Track().Config)
		}
	}
}

// A stream that is guessed from nothing is what the file says it is.
func TestDemoClipWithoutBlocks(t *testing.T) {
	tracks, packets := demo(t)
	for i, track := range tracks {
		if track.Codec.IsAudio() {
			want, err := aac.ParseConfig(track.Config)
			require.NoError(t, err)
			s := audioStream(SubtypeRawAAC, nil)
			for _, p := range packets[i] {
				start := int64(p.PTS.Truncate(time.Millisecond) / 100)
				convert(t, s, p.Data, at(start))
			}
			require.Equal(t, configLC(want.SampleRate, channelConfig(want.Channels)), s.Track().Config)
		}
	}
}

func TestConvertAllocatesNothing(t *testing.T) {
	_, frames, _ := sounds(t, "stereo48000.aac")
	withHeader, _, _ := sounds(t, "stereo48000.aac")
	big := nalOf(0x41, 50_000)
	for name, c := range map[string]struct {
		s      *Stream
		sample []byte
	}{
		"start codes":     {open(SubtypeH264), annexB(4, aud, big)},
		"short codes":     {open(SubtypeH264), annexB(3, big)},
		"bare":            {open(SubtypeH264), big},
		"lengths":         {open(SubtypeAVC1), prefixed(4, aud, big)},
		"no parameters":   {NewStream(Video, videoType(SubtypeH264, FormatMPEG2Video, mpeg2Video(0, avcC))), annexB(4, aud, big)},
		"no parameters 2": {NewStream(Video, videoType(SubtypeAVC1, FormatMPEG2Video, mpeg2Video(2, avcC))), prefixed(2, aud, big)},
		"raw":             {audioStream(SubtypeRawAAC, waveFormat(0xff, 2, 48000, nil)), frames[2]},
		"raw, guessed":    {audioStream(SubtypeRawAAC, nil), frames[2]},
		"ADTS":            {audioStream(SubtypeADTS, nil), bytes.Join(withHeader[1:3], nil)},
		"refused":         {open(SubtypeAVC1), bytes.Repeat([]byte{0xff}, 1000)},
	} {
		dst := make([]byte, 0, len(c.sample)+4)
		var start int64
		one := func() {
			_, _, _, err := c.s.Convert(dst, c.sample, start, 0, true, false)
			if (err != nil) != (name == "refused") {
				t.Error(err)
			}
			start += 213_333
		}
		for range enough + 2 {
			one()
		}
		require.Zero(t, testing.AllocsPerRun(200, one), name)
	}
}

func BenchmarkConvert(b *testing.B) {
	nal := nalOf(0x41, 50_000)
	for name, c := range map[string]struct {
		s      *Stream
		sample []byte
	}{
		"AnnexB": {open(SubtypeH264), annexB(4, aud, nal)}, "AVC1": {open(SubtypeAVC1), prefixed(4, aud, nal)},
	} {
		b.Run(name, func(b *testing.B) {
			dst := make([]byte, 0, len(c.sample))
			b.SetBytes(int64(len(c.sample)))
			b.ReportAllocs()
			for b.Loop() {
				_, _, _, _ = c.s.Convert(dst, c.sample, 0, 0, false, false)
			}
		})
	}
}
