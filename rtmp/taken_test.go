package rtmp

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// feed sends n messages of 10000 bytes, and has the server take them.
func feed(t *testing.T, c *Conn, n int) {
	t.Helper()
	for i := range uint32(n) {
		require.NoError(t, c.Append(video(i, 10000)))
		require.NoError(t, c.Flush())
	}
	synctest.Wait()
}

func TestTakenFollowsAnHonestServer(t *testing.T) {
	bubble(t, rtmptest.Script{AckEvery: 20000}, Config{WindowAckSize: 20000}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		taken, by := c.Taken()
		require.Zero(t, taken)
		require.Equal(t, EvidenceAcknowledged, by, "it may yet come")
		for range 20 {
			feed(t, c, 3)
			taken, by = c.Taken()
			require.Equal(t, EvidenceAcknowledged, by)
			require.LessOrEqual(t, taken, uint64(s.Received()))
			require.Greater(t, taken+2*20000, c.Stats().BytesSent)
		}
		stats := c.Stats()
		require.Equal(t, taken, stats.BytesTaken)
		require.Equal(t, EvidenceAcknowledged, stats.Evidence)
		require.Equal(t, taken, stats.BytesAcknowledged)
		s.Close()
		<-c.Done()
		time.Sleep(time.Hour)
		after, by := c.Taken()
		require.Equal(t, taken, after, "after the end it stays")
		require.Equal(t, EvidenceAcknowledged, by)
	})
}

// TestWrongAcknowledgersAreFoundOut: none makes Taken more than the server has;
// where no socket can be asked there is no evidence left. One line in the log
// says so.
func TestWrongAcknowledgersAreFoundOut(t *testing.T) {
	for reason, says := range map[string]func(int64) uint32{
		"more than was sent": func(n int64) uint32 { return uint32(2 * n) },
		"goes back":          func(n int64) uint32 { return uint32(min(n, 200000-n)) },
		"stands still":       func(int64) uint32 { return 20000 },
	} {
		var log bytes.Buffer
		cfg := Config{WindowAckSize: 20000, Logger: slog.New(slog.NewTextHandler(&log, nil))}
		bubble(t, rtmptest.Script{AckEvery: 20000, AckAs: says}, cfg, func(t *testing.T, c *Conn, s *rtmptest.Session) {
			for range 18 {
				feed(t, c, 1)
				taken, _ := c.Taken()
				require.LessOrEqual(t, taken, uint64(s.Received()), reason)
			}
			taken, by := c.Taken()
			require.Zero(t, taken, reason)
			require.Equal(t, EvidenceNone, by, reason)
			require.Zero(t, c.Stats().BytesAcknowledged, reason)
			require.Equal(t, 1, strings.Count(log.String(), "level=INFO msg=\"the server's acknowledgements can't be true"), reason)
			require.Contains(t, log.String(), reason)
		})
	}
}

func TestSilentServerOnAPipe(t *testing.T) {
	bubble(t, rtmptest.Script{}, Config{WindowAckSize: 20000}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		feed(t, c, 3)
		taken, by := c.Taken()
		require.Zero(t, taken)
		require.Equal(t, EvidenceAcknowledged, by, "less than two windows")
		feed(t, c, 2)
		taken, by = c.Taken()
		require.Zero(t, taken)
		require.Equal(t, EvidenceNone, by)
		c.SetWindowAckSize(1000000)
		synctest.Wait()
		_, by = c.Taken()
		require.Equal(t, EvidenceAcknowledged, by, "it was asked anew")
		s.Send(rtmptest.Acknowledgement(uint32(s.Received())))
		synctest.Wait()
		taken, by = c.Taken()
		require.EqualValues(t, s.Received(), taken)
		require.Equal(t, EvidenceAcknowledged, by)
		_, ok := c.NetworkStats()
		require.False(t, ok, "a pipe tells nothing")
	})
}

// TestSetWindowAckSize: the server hears of it once, and a bandwidth is answered
// with no more.
func TestSetWindowAckSize(t *testing.T) {
	bubble(t, rtmptest.Script{}, Config{WindowAckSize: 250000}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		c.SetWindowAckSize(8000)
		c.SetWindowAckSize(8000)
		synctest.Wait()
		s.Send(rtmptest.SetPeerBandwidth(5000000))
		synctest.Wait()
		c.SetWindowAckSize(0)
		synctest.Wait()
		var asked [][]byte
		for _, m := range s.Messages() {
			if m.Type == 5 {
				asked = append(asked, m.Body)
			}
		}
		require.Equal(t, [][]byte{rtmptest.WindowAckSize(250000).Body, rtmptest.WindowAckSize(8000).Body,
			rtmptest.WindowAckSize(8000).Body, rtmptest.WindowAckSize(250000).Body}, asked)
		require.NoError(t, c.Close(context.Background()))
	})
}

// TestTakenThroughATunnel: the replies to its requests tell.
func TestTakenThroughATunnel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := start(t, rtmptest.NewPipeTunnelServer(t, rtmptest.Script{}, rtmptest.Tunnel{}), Config{WindowAckSize: 20000})
		for range 30 {
			feed(t, c, 1)
			c.Taken()
			time.Sleep(100 * time.Millisecond)
			taken, _ := c.Taken()
			require.LessOrEqual(t, taken, uint64(s.Received()))
		}
		time.Sleep(2 * time.Second)
		taken, by := c.Taken()
		require.Equal(t, EvidenceSocket, by)
		require.Greater(t, taken, uint64(250000))
		_, ok := c.NetworkStats()
		require.False(t, ok)
	})
}

func TestLaggingCountsWhatIsOldEnough(t *testing.T) {
	var l lagging
	begun := time.Now()
	for i := range 1000 {
		now := begun.Add(time.Duration(i) * socketLook)
		require.True(t, l.due(now))
		l.look(now, uint64(i), true)
		require.False(t, l.due(now.Add(socketLook-1)))
		require.EqualValues(t, max(i-10, 0), l.settled)
	}
	l.settle(begun.Add(time.Hour))
	require.EqualValues(t, 999, l.settled)
	l.look(begun.Add(time.Hour), 5, true)
	l.settle(begun.Add(2 * time.Hour))
	require.EqualValues(t, 999, l.settled, "it does not fall")
}

// A server that has acknowledged, in this session or an earlier one, and does not now
// has not read: what its TCP has, or that of a balancer before it, counts for nothing.
func TestCeasedAcknowledgements(t *testing.T) {
	b := takenBooks{window: 1000}
	b.socket.known, b.socket.settled = true, 90000
	taken, by := b.judge(100000, 100000)
	require.EqualValues(t, 90000, taken, "it has never acknowledged")
	require.Equal(t, EvidenceSocket, by)
	require.Empty(t, b.hear(5000, 100000))
	taken, by = b.judge(100000, 100000)
	require.EqualValues(t, 5000, taken)
	require.Equal(t, EvidenceAcknowledged, by)

	b = takenBooks{window: 1000, known: true}
	b.socket.known, b.socket.settled = true, 90000
	taken, by = b.judge(100000, 100000)
	require.Zero(t, taken)
	require.Equal(t, EvidenceAcknowledged, by)
}

func TestEvidenceHasNames(t *testing.T) {
	for e, name := range map[Evidence]string{EvidenceNone: "none", EvidenceAcknowledged: "acknowledged", EvidenceSocket: "socket", 9: "evidence(9)"} {
		require.Equal(t, name, e.String())
	}
}
