package publish_test

import (
	"net"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// A stream without video has no keyframe to wait for, also when its connection
// is lost soon after it was made, or only made at the second attempt.
func TestReconnectOfAudioAlone(t *testing.T) {
	for name, lived := range map[string]time.Duration{"at the start": 0, "soon": 1500 * ms, "later": 7 * time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := rtmptest.NewPipeServer(t, rtmptest.Script{})
				defer server.Close()
				n := newNetwork(func(n int, addr string) (net.Conn, error) {
					if n == 0 && lived == 0 {
						return nil, syscall.ECONNREFUSED
					}
					return server.Dial(t.Context(), "tcp", addr)
				})
				s := startOn(t, n, func(o *publish.Options) { unlimited(o); o.LiveMode, o.ReconnectOnStart = true, true }, rawAAC)
				synctest.Wait()
				at := time.Duration(0)
				sound := func(d time.Duration) {
					for end := time.Now().Add(d); time.Now().Before(end); pass(20 * ms) {
						s.write(0, at, at, []byte{0x21, 1})
						at += 20 * ms
					}
				}
				if lived > 0 {
					sound(lived)
					server.Session().Reset()
				}
				sound(2 * time.Second)
				stats := s.Stats()
				require.NoError(t, s.finishOn())
				require.Equal(t, publish.Disconnected, s.Status().State)
				require.InDelta(t, 50, stats.FramesLost, 2, "those of the second without a connection")
			})
		})
	}
}
