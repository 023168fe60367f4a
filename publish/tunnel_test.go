package publish_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// TestThroughATunnel has the same messages arrive as over TCP, to the byte.
func TestThroughATunnel(t *testing.T) {
	var got [2][]rtmptest.Message
	for i, newServer := range []func(testing.TB, rtmptest.Script) *rtmptest.Server{
		rtmptest.NewPipeServer,
		func(t testing.TB, script rtmptest.Script) *rtmptest.Server {
			return rtmptest.NewPipeTunnelServer(t, script, rtmptest.Tunnel{Delay: 30 * time.Millisecond})
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := newServer(t, rtmptest.Script{})
			o := publish.DefaultOptions()
			o.URL = server.URL("live+s3cret")
			p, err := publish.New(o, publish.WithDialer(server.Dial))
			require.NoError(t, err)
			require.NoError(t, p.SetTracks(videoInBand, rawAAC))
			s := &stream{Publisher: p, t: t, server: server, ended: make(chan error, 1)}
			go func() { s.ended <- p.Run(context.Background()) }()
			s.write(1, 0, 0, []byte{0x21, 1})
			s.write(0, 0, 0, annexB(smallSPS, pps, idr(1)))
			for n := range byte(100) {
				at := time.Duration(n+1) * 40 * ms
				s.write(1, at, at, []byte{0x21, n})
				s.write(0, at, at, annexB(inter(n), filler(1000)))
				time.Sleep(40 * ms)
			}
			got[i] = s.finish()
			server.Close()
		})
	}
	require.Len(t, got[0], 1+2+2*101)
	require.Equal(t, got[0], got[1])
}
