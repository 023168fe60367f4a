package flvin

import (
	"cmp"
	"io"
	"math"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/mpeg4audio"

	"rtmpwriter/flv"
	"rtmpwriter/media"
)

// choose makes the list of tracks from what was read ahead.
func (s *Source) choose(p *probe) error {
	if s.video.config != nil || p.videoFrames {
		s.video.index = len(s.tracks)
		s.tracks = append(s.tracks, s.videoTrack())
	}
	switch {
	case s.audio.config != nil:
		s.audio.index = len(s.tracks)
		s.tracks = append(s.tracks, s.audioTrack())
	case p.audioFrames:
		s.audio.odd = true
		s.skipped = append(s.skipped, "the audio is left out: its AAC has no sequence header, so nobody could decode it")
	}
	for _, st := range []*stream{&s.video, &s.audio} {
		st.told, st.changed = st.config, false
	}
	switch {
	case len(s.tracks) > 0:
		return nil
	case p.end != nil && p.end != io.EOF:
		return p.end
	case p.damage != nil:
		return p.damage
	default:
		return &media.UnsupportedError{What: "FLV without H.264 and without AAC", Hint: "nothing in it can be published"}
	}
}

// videoTrack describes the video. Without a sequence header the parameter sets
// are taken to be in band, behind lengths of the usual size.
func (s *Source) videoTrack() media.Track {
	t := media.Track{
		Codec: media.CodecH264, Framing: media.FramingLengthPrefixed, NALLengthSize: 4, Config: s.video.config,
		Width: s.metadata.Width, Height: s.metadata.Height, FrameRate: s.metadata.FrameRate,
		Bitrate: int(s.metadata.VideoDataRate * 1000),
	}
	c, err := flv.ParseAVCDecoderConfig(s.video.config)
	if err != nil {
		return t
	}
	t.NALLengthSize = c.NALLengthSize
	var sps h264.SPS
	if len(c.SPS) == 0 || sps.Unmarshal(c.SPS[0]) != nil {
		return t
	}
	if w, h := sps.Width(), sps.Height(); 0 < w && w <= math.MaxUint16 && 0 < h && h <= math.MaxUint16 {
		t.Width, t.Height = w, h
	}
	if fps := sps.FPS(); t.FrameRate == 0 && 0 < fps && fps <= 1000 {
		t.FrameRate = fps
	}
	return t
}

// audioTrack describes the audio. What onMetaData tells of it is often that of
// the FLV header's flags, so the configuration comes first.
func (s *Source) audioTrack() media.Track {
	t := media.Track{
		Codec: media.CodecAAC, Framing: media.FramingRaw, Config: s.audio.config,
		SampleRate: s.metadata.AudioSampleRate, Channels: s.metadata.AudioChannels,
		Bitrate: int(s.metadata.AudioDataRate * 1000),
	}
	var c mpeg4audio.AudioSpecificConfig
	if c.Unmarshal(s.audio.config) != nil {
		return t
	}
	t.SampleRate = cmp.Or(c.ExtensionSampleRate, c.SampleRate, t.SampleRate)
	t.Channels = cmp.Or(channels(c), t.Channels)
	return t
}

// channels is the number of output channels, 0 when the configuration leaves
// it to a program config element (ISO/IEC 14496-3, table 1.19).
func channels(c mpeg4audio.AudioSpecificConfig) int {
	switch {
	case c.ChannelConfig == 1 && c.ExtensionType == mpeg4audio.ObjectTypePS:
		return 2
	case c.ChannelConfig < 7:
		return int(c.ChannelConfig)
	case c.ChannelConfig == 7:
		return 8
	default:
		return 0
	}
}
