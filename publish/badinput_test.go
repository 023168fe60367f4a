package publish_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

func TestTracksAreChecked(t *testing.T) {
	o := publish.DefaultOptions()
	o.URL = "rtmp://127.0.0.1/live+x"
	for name, tracks := range map[string][]media.Track{
		"none":             {},
		"two videos":       {videoInBand, videoInBand},
		"two audios":       {rawAAC, rawAAC},
		"no codec":         {{}},
		"raw without ASC":  {{Codec: media.CodecAAC, Framing: media.FramingRaw}},
		"wrong framing":    {{Codec: media.CodecH264, Framing: media.FramingADTS}},
		"length of 3":      {{Codec: media.CodecH264, Framing: media.FramingLengthPrefixed, NALLengthSize: 3}},
		"broken avcC":      {{Codec: media.CodecH264, Framing: media.FramingLengthPrefixed, NALLengthSize: 4, Config: []byte{1, 2}}},
		"broken ASC":       {{Codec: media.CodecAAC, Framing: media.FramingRaw, Config: []byte{0xff}}},
		"unknown framings": {{Codec: media.CodecAAC, Framing: 77}},
	} {
		p, err := publish.New(o)
		require.NoError(t, err)
		var wrong *publish.TrackError
		require.ErrorAs(t, p.SetTracks(tracks...), &wrong, name)
		require.NotEmpty(t, wrong.Reason, name)
		require.ErrorIs(t, p.Run(context.Background()), publish.ErrNoTracks)
		require.ErrorIs(t, p.Write(context.Background(), media.Packet{Data: []byte{1}}), publish.ErrNoTracks)
	}
}

// A packet that cannot be sent is refused with the reason; the stream goes on.
func TestBadPacketsLoseNothingElse(t *testing.T) {
	s := start(t, rtmptest.Script{}, nil, media.Track{
		Codec: media.CodecH264, Framing: media.FramingLengthPrefixed, NALLengthSize: 4, Config: avcC(t, 4),
	})
	s.write(0, 0, 0, prefixed(4, idr(1)))
	for name, p := range map[string]media.Packet{
		"empty":        {},
		"track":        {Track: 5, Data: []byte{1}},
		"negative":     {Track: -1, Data: []byte{1}},
		"length":       {Data: []byte{0, 0, 1, 0, 0x41}},
		"only lengths": {Data: []byte{0, 0, 0, 0}},
		"config":       {Data: prefixed(4, idr(1)), Config: []byte{1, 2, 3}},
	} {
		owner := &counter{}
		p.Owner = owner
		err := s.Write(t.Context(), p)
		var refused *publish.PacketError
		require.ErrorAs(t, err, &refused, name)
		require.NotEmpty(t, refused.Reason)
		require.Equal(t, 1, owner.n, "%s: released once", name)
	}
	s.write(0, 40*ms, 40*ms, prefixed(4, inter(2)))
	got := s.finish()
	require.Len(t, got, 4)
}

// counter counts how often a packet is given back.
type counter struct{ n int }

func (c *counter) Release() { c.n++ }
