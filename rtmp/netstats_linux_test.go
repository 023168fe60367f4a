package rtmp

import (
	"crypto/tls"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

func TestNetworkStatsOfLinux(t *testing.T) {
	c, s := start(t, rtmptest.NewServer(t, rtmptest.Script{Discard: true}), Config{})
	for i := range uint32(100) {
		require.NoError(t, c.Append(video(i, 25000)))
		require.NoError(t, c.Flush())
	}
	s.Wait(func(m rtmptest.Message) bool { return isMedia(m) && m.Timestamp == 99 })
	require.Eventually(t, func() bool {
		n, ok := c.NetworkStats()
		return ok && n.Outstanding == 0
	}, 20*time.Second, time.Millisecond)
	n, ok := c.NetworkStats()
	require.True(t, ok)
	for _, d := range []time.Duration{n.RTT, n.RTTVar, n.MinRTT} {
		require.Positive(t, d)
		require.Less(t, d, 10*time.Second)
	}
	require.LessOrEqual(t, n.MinRTT, n.RTT+4*n.RTTVar)
	require.Greater(t, n.DeliveryRate, uint64(100000), "bits a second over loopback")
	require.Greater(t, n.CongestionWindow, uint64(10000))
	require.Zero(t, n.Unsent)
	require.Zero(t, testing.AllocsPerRun(100, func() { c.NetworkStats() }))
	require.Zero(t, testing.AllocsPerRun(100, func() { c.Taken() }))
	c.Abort()
	_, ok = c.NetworkStats()
	require.False(t, ok)
}

// TestSocketIsEvidence has servers that never acknowledge. One reads, and soon
// has all that was sent; also within TLS, where bytes on the wire are not those
// of RTMP.
func TestSocketIsEvidence(t *testing.T) {
	for _, secure := range []bool{false, true} {
		script, cfg := rtmptest.Script{Discard: true}, Config{WindowAckSize: 20000}
		if secure {
			cert, pool := certificate(t)
			script.TLS, cfg.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}, &tls.Config{RootCAs: pool}
		}
		c, s := start(t, rtmptest.NewServer(t, script), cfg)
		begun := time.Now()
		for i := range uint32(20) {
			require.NoError(t, c.Append(video(i, 10000)))
			require.NoError(t, c.Flush())
			s.Wait(func(m rtmptest.Message) bool { return m.Timestamp == i && isMedia(m) })
			taken, by := c.Taken()
			if time.Since(begun) < socketLag {
				require.Zero(t, taken, "it might be lost with a reset")
			}
			require.True(t, i < 6 || by == EvidenceSocket, by)
		}
		require.Eventually(t, func() bool {
			taken, by := c.Taken()
			require.LessOrEqual(t, taken, uint64(s.Received()))
			return by == EvidenceSocket && taken == c.Stats().BytesSent
		}, 20*time.Second, 20*time.Millisecond)
		require.GreaterOrEqual(t, time.Since(begun), socketLag)
		require.Equal(t, EvidenceSocket, c.Stats().Evidence)
		sent := c.Stats().BytesSent
		s.Reset()
		<-c.Done()
		taken, _ := c.Taken()
		require.Equal(t, sent, taken, "it stays after the end")
	}
}

// TestUnreadIsNotTaken has a server that reads nothing at all: what lies in our
// socket is not at the server. The low-water mark keeps even that with us.
func TestUnreadIsNotTaken(t *testing.T) {
	for _, mark := range []int{0, 32768} {
		script := rtmptest.Script{Message: func(s *rtmptest.Session, m rtmptest.Message) {
			if isMedia(m) {
				s.Stall()
			}
		}}
		c, s := start(t, rtmptest.NewServer(t, script), Config{WindowAckSize: 20000, NotSentLowWater: mark, SendTimeout: 1500 * time.Millisecond})
		flushed := make(chan error)
		go func() { // ends with the session, joined below
			defer close(flushed)
			for i := uint32(0); ; i++ {
				if err := c.Append(video(i, 4000)); err != nil {
					return
				}
				if err := c.Flush(); err != nil {
					return
				}
			}
		}()
		var most, last NetworkStats
		for open := true; open; {
			if n, ok := c.NetworkStats(); ok {
				last = n
				if n.Unsent > most.Unsent {
					most = n
				}
			}
			taken, _ := c.Taken()
			require.LessOrEqual(t, taken, c.Stats().BytesSent)
			select {
			case _, open = <-flushed:
			case <-time.After(20 * time.Millisecond):
			}
		}
		taken, by := c.Taken()
		stats := c.Stats()
		t.Logf("low-water mark %d: %d bytes sent, %d read, %d taken, at most %d outstanding, of these %d not sent",
			mark, stats.BytesSent, s.Received(), taken, most.Outstanding, most.Unsent)
		require.Equal(t, EvidenceSocket, by)
		require.ErrorContains(t, c.Err(), "send timeout")
		require.LessOrEqual(t, taken, stats.BytesSent-last.Outstanding, "what is outstanding is not taken")
		require.Positive(t, most.Unsent)
		if mark == 0 {
			require.Less(t, taken, stats.BytesSent/2, "most lies in our socket")
		} else {
			require.Equal(t, mark, option(t, c.NetConn(), syscall.IPPROTO_TCP, tcpNotSentLowWater))
			require.Less(t, most.Unsent, uint64(mark+65536))
		}
	}
}

// BenchmarkLowWater is what the mark costs over loopback.
func BenchmarkLowWater(b *testing.B) {
	for name, mark := range map[string]int{"none": 0, "128KiB": 131072} {
		b.Run(name, func(b *testing.B) {
			conn, _ := start(b, rtmptest.NewServer(b, discarding()), Config{NotSentLowWater: mark})
			m := video(0, 25000)
			b.SetBytes(int64(m.Size()))
			for b.Loop() {
				m.Timestamp += 33
				if err := conn.Append(m); err != nil {
					b.Fatal(err)
				}
				if err := conn.Flush(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkNetworkStats is the cost of a look.
func BenchmarkNetworkStats(b *testing.B) {
	conn, _ := start(b, rtmptest.NewServer(b, discarding()), Config{})
	b.ReportAllocs()
	for b.Loop() {
		conn.NetworkStats()
	}
}
