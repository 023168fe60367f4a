package interop

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/interop/server"
	"rtmpwriter/rtmp"
)

// TestTaken publishes 4 MB to nginx, which acknowledges what it has read as
// often as it is asked to, and asks for more of that on the way.
func TestTaken(t *testing.T) {
	if !has(t, server.HasNginx()) {
		return
	}
	ctx := bounded(t)
	reception, err := launched(t, kinds(t, "nginx")[0]).Expect(ctx, "taken")
	require.NoError(t, err)
	u, err := rtmp.ParseURL(reception.URL, "")
	require.NoError(t, err)
	const wide, narrow = 250000, 30000
	c, err := rtmp.Dial(ctx, u, rtmp.Config{WindowAckSize: wide})
	require.NoError(t, err)
	defer c.Close(ctx)

	frame := &rtmp.Message{Type: rtmp.TypeVideo, HeaderLen: 5, Payload: [][]byte{make([]byte, 20000)}}
	copy(frame.Header[:], []byte{0x27, 1})
	follow := func(window, bytes uint64) {
		t.Helper()
		for until := c.Stats().BytesSent + bytes; c.Stats().BytesSent < until; frame.Timestamp += 33 {
			require.NoError(t, c.Append(frame))
			require.NoError(t, c.Flush())
			require.Eventually(t, func() bool {
				s := c.Stats()
				require.LessOrEqual(t, s.BytesTaken, s.BytesSent)
				return s.Evidence == rtmp.EvidenceAcknowledged && s.BytesTaken+2*window >= s.BytesSent
			}, 10*time.Second, time.Millisecond)
		}
	}
	follow(wide, 4_000_000)
	before := c.Stats()
	c.SetWindowAckSize(narrow)
	follow(wide, wide) // what was asked for before is still under way
	follow(narrow, 1_000_000)
	after := c.Stats()
	t.Logf("of %d bytes %d are taken by %d acknowledgements; %d of these for the last %d bytes",
		after.BytesSent, after.BytesTaken, after.Acknowledgements, after.Acknowledgements-before.Acknowledgements, after.BytesSent-before.BytesSent)
	require.Greater(t, after.Acknowledgements, before.Acknowledgements+10, "with the window of before it were five")
	network, ok := c.NetworkStats()
	t.Logf("the system tells: %v %+v", ok, network)
}
