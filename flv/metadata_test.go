package flv

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
)

var fullMetadata = Metadata{
	Width: 1920, Height: 1080, VideoCodecID: CodecAVC, VideoDataRate: 6000, FrameRate: 29.97,
	AudioCodecID: CodecAAC, AudioDataRate: 128, AudioSampleRate: 48000, AudioSampleSize: 16, AudioChannels: 2,
	Encoder: "encoder", Duration: 12.5, FileSize: 1e9,
}

func TestMetadataOrder(t *testing.T) {
	names := func(m Metadata) (names []string) {
		for _, p := range m.ECMAArray() {
			names = append(names, p.Name)
		}
		return names
	}
	require.Equal(t, []string{
		"width", "height", "videocodecid", "videodatarate", "framerate",
		"audiocodecid", "audiodatarate", "audiosamplerate", "audiosamplesize", "audiochannels", "stereo",
		"encoder", "duration", "filesize",
	}, names(fullMetadata))
	require.Equal(t, []string{"duration", "filesize"}, names(Metadata{}), "what is not known is left out")
	require.Equal(t, amf0.ECMAArray{
		{Name: "audiochannels", Value: 1.0}, {Name: "stereo", Value: false},
		{Name: "duration", Value: 0.0}, {Name: "filesize", Value: 0.0},
	}, Metadata{AudioChannels: 1}.ECMAArray())
}

func TestMetadataReadBack(t *testing.T) {
	body, err := fullMetadata.Append(nil)
	require.NoError(t, err)
	m, ok := ParseMetadata(body)
	require.True(t, ok)
	require.Equal(t, fullMetadata, m)

	m, ok = ParseMetadata(body[:len(body)-3]) // without the object end
	require.True(t, ok)
	require.Equal(t, fullMetadata, m)

	prefixed, err := amf0.Append(nil, "@setDataFrame", "onMetaData", amf0.Object{
		{Name: "width", Value: 1e300}, {Name: "height", Value: -1.0}, {Name: "framerate", Value: "25"},
		{Name: "audiodatarate", Value: 64.0}, {Name: "stereo", Value: true},
	})
	require.NoError(t, err)
	m, ok = ParseMetadata(prefixed)
	require.True(t, ok)
	require.Equal(t, Metadata{AudioDataRate: 64, AudioChannels: 2}, m, "what makes no sense is not known")

	for _, values := range [][]any{
		{}, {"onMetaData"}, {"onCuePoint", amf0.Object{}}, {"onMetaData", "text"}, {amf0.Object{}, amf0.Object{}},
	} {
		body, err := amf0.Append(nil, values...)
		require.NoError(t, err)
		_, ok := ParseMetadata(body)
		require.False(t, ok, "%v", values)
	}
}
