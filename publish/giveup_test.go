package publish_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/publish"
)

// A Write that gives up while the buffer is full costs the frames that depend on
// its own, also where these would fit; audio and the next keyframe are not among
// them.
func TestGivingUpCostsTheGroup(t *testing.T) {
	o := publish.DefaultOptions()
	o.URL, o.OutputBufferSize = "rtmp://127.0.0.1/live+s3cret", 4000
	p, err := publish.New(o)
	require.NoError(t, err)
	require.NoError(t, p.SetTracks(videoInBand, rawAAC))
	at := time.Duration(0)
	write := func(ctx context.Context, track int, data []byte) error {
		at += 40 * ms
		return p.Write(ctx, media.Packet{Track: track, DTS: at, PTS: at, Data: data})
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()

	require.NoError(t, write(gone, 0, annexB(smallSPS, pps, idr(0))), "it fits")
	require.ErrorIs(t, write(gone, 0, annexB(append(inter(1), filler(3990)...))), context.Canceled)
	require.ErrorIs(t, write(t.Context(), 0, annexB(inter(2))), publish.ErrBufferFull, "its reference is missing")
	require.NoError(t, write(gone, 1, []byte{0x21, 1}))
	require.NoError(t, write(gone, 0, annexB(idr(3))))
	require.NoError(t, write(gone, 0, annexB(inter(4))))
	require.Equal(t, 2, p.Stats().FramesDropped)
	p.Flush(0)
	p.Flush(1)
	require.NoError(t, p.Shutdown(t.Context()))
}
