package flv

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

func TestVideoTag(t *testing.T) {
	for _, c := range []struct {
		name string
		tag  VideoTag
		wire []byte
	}{
		{"sequence header", VideoTag{FrameKey, CodecAVC, AVCSequenceHeader, 0, []byte{1}}, []byte{0x17, 0, 0, 0, 0, 1}},
		{"keyframe", VideoTag{FrameKey, CodecAVC, AVCNALU, 67, []byte{9}}, []byte{0x17, 1, 0, 0, 67, 9}},
		{"earlier than decoded", VideoTag{FrameInter, CodecAVC, AVCNALU, -1, []byte{9}}, []byte{0x27, 1, 0xff, 0xff, 0xff, 9}},
		{"latest", VideoTag{FrameInter, CodecAVC, AVCNALU, 1<<23 - 1, []byte{}}, []byte{0x27, 1, 0x7f, 0xff, 0xff}},
		{"earliest", VideoTag{FrameInter, CodecAVC, AVCNALU, -1 << 23, []byte{}}, []byte{0x27, 1, 0x80, 0, 0}},
		{"end of sequence", VideoTag{FrameKey, CodecAVC, AVCEndOfSequence, 0, []byte{}}, []byte{0x17, 2, 0, 0, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseVideoTag(c.wire)
			require.NoError(t, err)
			require.Equal(t, c.tag, got)
			require.Equal(t, c.wire, append(c.tag.AppendHeader(nil), c.tag.Data...))
			for cut := range 5 {
				_, err := ParseVideoTag(c.wire[:cut])
				require.Error(t, err, "cut at %d", cut)
			}
		})
	}
	for _, codec := range []uint8{CodecAVC, 0} {
		command, err := ParseVideoTag([]byte{0x50 | codec, 1})
		require.NoError(t, err)
		require.Equal(t, VideoTag{FrameType: FrameCommand, CodecID: codec, Data: []byte{1}}, command)
	}
}

func TestAudioTag(t *testing.T) {
	tag := AudioTag{CodecAAC, AACRaw, []byte{0x21, 0x10}}
	wire := []byte{0xaf, 1, 0x21, 0x10}
	require.Equal(t, wire, append(tag.AppendHeader(nil), tag.Data...))
	for _, first := range []byte{0xaf, 0xae, 0xa2} { // the flags mean nothing in AAC
		wire[0] = first
		got, err := ParseAudioTag(wire)
		require.NoError(t, err)
		require.Equal(t, tag, got)
	}
	for cut := range 2 {
		_, err := ParseAudioTag(wire[:cut])
		require.Error(t, err)
	}
}

func TestHeadersAllocateNothingWithRoom(t *testing.T) {
	var room [24]byte
	require.Zero(t, testing.AllocsPerRun(100, func() {
		b := VideoTag{FrameType: FrameKey, PacketType: AVCNALU, CompositionTime: 40}.AppendHeader(room[:0])
		b = AudioTag{PacketType: AACRaw}.AppendHeader(b)
		if len(b) != 7 {
			t.Error(b)
		}
	}))
}

func TestCodecNames(t *testing.T) {
	for _, c := range []struct {
		kind TagType
		body string
		want string
	}{
		{TagVideo, "", "unknown"},
		{TagVideo, "\x17\x01", "H.264"},
		{TagVideo, "\x22", "Sorenson H.263"},
		{TagVideo, "\x14", "VP6"},
		{TagVideo, "\x1c", "HEVC"},
		{TagVideo, "\x1f", "15, which is unknown"},
		{TagVideo, "\x90hvc1\x01", "HEVC (Enhanced RTMP)"},
		{TagVideo, "\x91avc1", "H.264 (Enhanced RTMP)"},
		{TagVideo, "\x95av01", "AV1 (Enhanced RTMP)"},
		{TagVideo, "\x96\x01vp09\x00", "VP9 (Enhanced RTMP)"},
		{TagVideo, "\x97\x02\x00\x00\x00\x01vvc1", "VVC (Enhanced RTMP)"},
		{TagVideo, "\x90zzzz", `"zzzz" (Enhanced RTMP)`},
		{TagVideo, "\x90hv", "unknown (Enhanced RTMP)"},
		{TagVideo, "\x97", "unknown (Enhanced RTMP)"},
		{TagVideo, "\x97\xff\x00", "unknown (Enhanced RTMP)"},
		{TagVideo, "\xd1\x00", "Enhanced RTMP command"},
		{TagAudio, "", "unknown"},
		{TagAudio, "\xaf\x01", "AAC"},
		{TagAudio, "\x2f", "MP3"},
		{TagAudio, "\x72", "G.711 A-law"},
		{TagAudio, "\xcf", "12, which is unknown"},
		{TagAudio, "\x90Opus", "Opus (Enhanced RTMP)"},
		{TagAudio, "\x95\x00mp4a\x00", "AAC (Enhanced RTMP)"},
	} {
		body := []byte(c.body)
		if c.kind == TagVideo {
			require.Equal(t, c.want, VideoCodecName(body), "%q", c.body)
		} else {
			require.Equal(t, c.want, AudioCodecName(body), "%q", c.body)
		}
	}
}

func TestOtherCodecsAreNamed(t *testing.T) {
	var unsupported *media.UnsupportedError
	_, err := ParseVideoTag([]byte("\x90hvc1"))
	require.ErrorAs(t, err, &unsupported)
	require.Equal(t, "video codec HEVC (Enhanced RTMP)", unsupported.What)
	_, err = ParseAudioTag([]byte("\x2f\xff\xfb"))
	require.ErrorAs(t, err, &unsupported)
	require.Contains(t, err.Error(), "audio codec MP3")
	require.Contains(t, err.Error(), "ffmpeg")
	_, err = ParseVideoTag([]byte("\x97")) // the low bits of ModEx are not H.264's ID
	require.ErrorAs(t, err, &unsupported)
}

func FuzzTagBody(f *testing.F) {
	f.Add([]byte{0x17, 1, 0x80, 0, 0, 9})
	f.Add([]byte{0xaf, 1, 0x21})
	f.Add([]byte("\x97\xff\xff\xff"))  // a ModEx block longer than the body
	f.Add([]byte("\x97\x00\x00\x07x")) // ModEx after ModEx
	f.Fuzz(func(t *testing.T, b []byte) {
		if v, err := ParseVideoTag(b); err == nil && v.FrameType != FrameCommand {
			require.Equal(t, b, append(v.AppendHeader(nil), v.Data...))
		}
		if a, err := ParseAudioTag(b); err == nil {
			require.Equal(t, b[1:], append(a.AppendHeader(nil), a.Data...)[1:])
		}
		require.NotEmpty(t, VideoCodecName(b))
		require.NotEmpty(t, AudioCodecName(b))
		_, _ = ParseMetadata(b)
	})
}
