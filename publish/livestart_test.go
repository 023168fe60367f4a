package publish_test

import (
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// In live mode without a buffer no Write waits for a connection, also not for
// the first one; the stream begins with the keyframe that comes after it.
func TestLiveWithoutBufferWaitsForNoConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{})
		defer server.Close()
		n := newNetwork(func(n int, addr string) (net.Conn, error) {
			pass(3300 * ms)
			return server.Dial(t.Context(), "tcp", addr)
		})
		s := startOn(t, n, func(o *publish.Options) { o.LiveMode, o.OutputBufferSize = true, 0 }, videoInBand, rawAAC)
		c := &camera{s: s}
		require.NoError(t, c.run(6*time.Second))
		require.Zero(t, c.slow)
		require.NoError(t, s.finishOn())
		session := server.Session()
		<-session.Ended()
		wellBegun(t, mediaOf(session), true)
		stats := s.Stats()
		require.Equal(t, c.wrote, total(stats))
		require.Equal(t, 100*3, stats.FramesLost, "until the keyframe at four seconds")
	})
}
