package rtmp

import (
	"context"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// TestTunnelIsNotSilentWhileItReplies: an answer through a tunnel comes with one
// of the replies after the one to its question, and each takes its time.
func TestTunnelIsNotSilentWhileItReplies(t *testing.T) {
	for _, how := range []rtmptest.Tunnel{{Delay: 700 * time.Millisecond}, {Delay: 900 * time.Millisecond, HangUp: true}} {
		tunnelBubble(t, rtmptest.Script{}, how, Config{ConnectTimeout: time.Minute}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
			require.NoError(t, c.Close(context.Background()))
			require.Contains(t, s.Commands(), "publish")
		})
	}
}

// TestTunnelThatNeverAnswers: replies without the answer are bounded by the
// connect timeout, and no reply by the receive timeout.
func TestTunnelThatNeverAnswers(t *testing.T) {
	for _, c := range []struct {
		how   rtmptest.Tunnel
		bound time.Duration
		says  string
	}{
		{rtmptest.Tunnel{}, 5 * time.Second, "not connected within 5s (connect timeout)"},
		{rtmptest.Tunnel{Delay: time.Minute}, 2 * time.Second, "no handshake within 1s (receive timeout)"}, // the digest handshake is tried too
	} {
		synctest.Test(t, func(t *testing.T) {
			server := rtmptest.NewPipeTunnelServer(t, on("connect", rtmptest.Silent()), c.how)
			begun := time.Now()
			err := refused(t, server, Config{ConnectTimeout: 5 * time.Second})
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			require.ErrorContains(t, err, c.says)
			require.InDelta(t, c.bound, time.Since(begun), float64(1100*time.Millisecond))
			server.Close()
		})
	}
}
