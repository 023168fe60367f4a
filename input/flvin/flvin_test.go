package flvin

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/flv"
	"rtmpwriter/media"
)

var _ media.Source = (*Source)(nil)

func TestTracksAndPackets(t *testing.T) {
	f := build(t, true, true).metadata(flv.Metadata{
		Width: 1, Height: 1, FrameRate: 24.5, VideoDataRate: 900, AudioDataRate: 64, AudioSampleRate: 22050, Duration: 1.25,
	}).configs().
		video(0, flv.FrameKey, flv.AVCNALU, 80, 1, 2).
		audio(10, flv.AACRaw, 3).
		video(40, flv.FrameInter, flv.AVCNALU, -40, 4).
		tag(flv.TagVideo, 50).tag(flv.TagAudio, 50).                   // empty tags
		video(60, flv.FrameInter, flv.AVCNALU, 0).                     // empty frames
		audio(60, flv.AACRaw).                                         //
		tag(flv.TagVideo, 70, 0x57, 0).tag(flv.TagVideo, 70, 0x50, 1). // seek commands
		tag(flv.TagScript, 70, 1, 1).
		video(80, flv.FrameGeneratedKey, flv.AVCNALU, 0, 5).
		video(120, flv.FrameKey, flv.AVCEndOfSequence, 0)
	s, packets := readWhole(t, f.pipe(), 0)
	require.Equal(t, []media.Track{
		{
			Codec: media.CodecH264, Framing: media.FramingLengthPrefixed, NALLengthSize: 4, Config: highConfig,
			Width: 64, Height: 64, FrameRate: 24.5, Bitrate: 900_000,
		},
		{
			Codec: media.CodecAAC, Framing: media.FramingRaw, Config: stereo44,
			SampleRate: 44100, Channels: 2, Bitrate: 64_000,
		},
	}, s.Tracks(), "the configurations win over onMetaData")
	require.Equal(t, 1250*time.Millisecond, s.Duration())
	require.Empty(t, s.Skipped())
	require.Equal(t, []plain{
		{0, 0, 80, true, "\x01\x02", ""},
		{1, 10, 10, false, "\x03", ""},
		{0, 40, 0, false, "\x04", ""},
		{0, 80, 80, true, "\x05", ""},
	}, packets)
	_, err := s.Next()
	require.Equal(t, io.EOF, err, "the end stays the end")
}

// TestLyingHeaders opens files whose flags are wrong.
func TestLyingHeaders(t *testing.T) {
	for _, c := range []struct {
		name               string
		hasVideo, hasAudio bool
		write              func(f *builder)
		codecs             []media.Codec
		packets            int
	}{
		{"nothing announced", false, false, func(f *builder) { f.configs().gops(1) }, []media.Codec{media.CodecH264, media.CodecAAC}, 30},
		{"audio announced, none there", true, true, func(f *builder) {
			f.video(0, flv.FrameKey, flv.AVCSequenceHeader, 0, highConfig...)
			for i := range uint32(100) {
				f.video(40*i, flv.FrameKey, flv.AVCNALU, 0, 1)
			}
		}, []media.Codec{media.CodecH264}, 100},
		{"video announced, none there", true, false, func(f *builder) {
			f.audio(0, flv.AACSequenceHeader, stereo44...)
			for i := range uint32(200) {
				f.audio(23*i, flv.AACRaw, 1)
			}
		}, []media.Codec{media.CodecAAC}, 200},
		{"audio not announced, begins late", true, false, func(f *builder) {
			f.video(0, flv.FrameKey, flv.AVCSequenceHeader, 0, highConfig...)
			for i := range uint32(10) {
				f.video(40*i, flv.FrameKey, flv.AVCNALU, 0, 1)
			}
			f.audio(400, flv.AACSequenceHeader, stereo44...).audio(400, flv.AACRaw, 1)
		}, []media.Codec{media.CodecH264, media.CodecAAC}, 11},
		{"frames before the headers", true, true, func(f *builder) {
			f.video(0, flv.FrameKey, flv.AVCNALU, 0, 1).audio(0, flv.AACRaw, 1).configs().gops(1)
		}, []media.Codec{media.CodecH264, media.CodecAAC}, 32},
		{"only headers", true, true, func(f *builder) { f.configs() }, []media.Codec{media.CodecH264, media.CodecAAC}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := build(t, c.hasVideo, c.hasAudio)
			c.write(f)
			s, packets := readWhole(t, f.pipe(), 0)
			var codecs []media.Codec
			for _, track := range s.Tracks() {
				codecs = append(codecs, track.Codec)
			}
			require.Equal(t, c.codecs, codecs)
			require.Len(t, packets, c.packets, "nothing is lost")
		})
	}
}

// TestOpenReadsNoFurtherThanNeeded opens a live pipe that has sent the headers.
func TestOpenReadsNoFurtherThanNeeded(t *testing.T) {
	in, out := io.Pipe()
	defer in.Close()
	headers := build(t, false, false).configs().bytes()
	go func() { _, _ = out.Write(headers) }() // ends with the write: Open reads all
	s, err := Open(in, Options{})
	require.NoError(t, err)
	require.Len(t, s.Tracks(), 2)
}

func TestWithoutSequenceHeaders(t *testing.T) {
	f := build(t, true, true)
	for i := range uint32(100) {
		f.video(40*i, flv.FrameKey, flv.AVCNALU, 0, 1).audio(40*i, flv.AACRaw, 1)
	}
	f.video(4000, flv.FrameKey, flv.AVCSequenceHeader, 0, highConfig...).video(4000, flv.FrameKey, flv.AVCNALU, 0, 2)
	s, packets := readWhole(t, f.pipe(), 0)
	require.Equal(t, []media.Track{{
		Codec: media.CodecH264, Framing: media.FramingLengthPrefixed, NALLengthSize: 4,
	}}, s.Tracks(), "parameter sets may be in band, the AudioSpecificConfig may not")
	require.Len(t, s.Skipped(), 1)
	require.Contains(t, s.Skipped()[0], "no sequence header")
	require.Len(t, packets, 101)
	require.Equal(t, string(highConfig), packets[100].config)
}

func TestConfigurationChanges(t *testing.T) {
	f := build(t, true, true).configs().
		video(0, flv.FrameKey, flv.AVCNALU, 0, 1).
		video(40, flv.FrameKey, flv.AVCSequenceHeader, 0, highConfig...). // the same again
		video(40, flv.FrameKey, flv.AVCNALU, 0, 2).
		video(80, flv.FrameKey, flv.AVCSequenceHeader, 0, mainConfig...).
		video(80, flv.FrameKey, flv.AVCSequenceHeader, 0). // an empty one
		audio(80, flv.AACSequenceHeader, mono48...).
		audio(80, flv.AACRaw, 3).
		audio(81, flv.AACRaw, 4).
		video(80, flv.FrameKey, flv.AVCNALU, 0, 5).
		video(120, flv.FrameInter, flv.AVCNALU, 0, 6).
		video(160, flv.FrameKey, flv.AVCSequenceHeader, 0, highConfig...). // there and back
		video(160, flv.FrameKey, flv.AVCSequenceHeader, 0, mainConfig...).
		video(160, flv.FrameKey, flv.AVCNALU, 0, 7)
	_, packets := readWhole(t, f.pipe(), 0)
	require.Equal(t, []plain{
		{0, 0, 0, true, "\x01", ""},
		{0, 40, 40, true, "\x02", ""},
		{1, 80, 80, false, "\x03", string(mono48)},
		{1, 81, 81, false, "\x04", ""},
		{0, 80, 80, true, "\x05", string(mainConfig)},
		{0, 120, 120, false, "\x06", ""},
		{0, 160, 160, true, "\x07", ""},
	}, packets)
}

func TestUnsupported(t *testing.T) {
	locked := build(t, true, true).configs().bytes()
	locked[13] |= 0x20
	for name, c := range map[string]struct {
		in   []byte
		want string
	}{
		"HEVC":      {build(t, true, true).tag(flv.TagVideo, 0, []byte("\x90hvc1\x01")...).bytes(), "video codec HEVC (Enhanced RTMP)"},
		"MP3":       {build(t, true, true).video(0, flv.FrameKey, flv.AVCNALU, 0, 1).tag(flv.TagAudio, 0, 0x2f, 0xff).bytes(), "audio codec MP3"},
		"no media":  {build(t, true, true).metadata(flv.Metadata{}).bytes(), "without H.264 and without AAC"},
		"encrypted": {locked, "encrypted"},
		"not FLV":   {[]byte("\x00\x00\x00\x20ftypisom"), "begins with 00 00 00"},
	} {
		s, err := Open(bytes.NewReader(c.in), Options{})
		require.Nil(t, s)
		require.ErrorAs(t, err, new(*media.UnsupportedError), name)
		require.ErrorContains(t, err, c.want)
	}
}
