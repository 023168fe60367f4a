package publish_test

import (
	"net"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp"
	"rtmpwriter/rtmp/rtmptest"
)

// lostOnce runs a stream that works for seven seconds, loses its server for
// good, and is watched until it ends or for a virtual hour.
func lostOnce(t *testing.T, change func(*publish.Options)) (s *stream, n *network, ended error) {
	t.Helper()
	server := rtmptest.NewPipeServer(t, rtmptest.Script{})
	t.Cleanup(server.Close)
	n = newNetwork(func(n int, addr string) (net.Conn, error) {
		if n > 0 {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
		}
		return server.Dial(t.Context(), "tcp", addr)
	})
	s = startOn(t, n, func(o *publish.Options) { o.LiveMode = true; change(o) }, videoInBand, rawAAC)
	c := &camera{s: s}
	require.NoError(t, c.run(7*time.Second))
	n.mu.Lock()
	n.dials[0].at = 7 * time.Second // the first wait counts from the loss
	n.mu.Unlock()
	server.Session().Reset()
	select {
	case ended = <-s.ended:
	case <-time.After(time.Hour):
		require.ErrorIs(t, s.Status().Err, syscall.ECONNREFUSED)
		require.Equal(t, publish.Reconnecting, s.Status().State)
		_ = s.finishOn()
	}
	return s, n, ended
}

func TestOptionReconnectAttempts(t *testing.T) {
	for attempts := range 4 {
		synctest.Test(t, func(t *testing.T) {
			s, n, err := lostOnce(t, func(o *publish.Options) { o.ReconnectAttempts = attempts })
			require.Len(t, n.attempts(), 1+attempts)
			require.Equal(t, publish.Disconnected, s.Status().State)
			require.Equal(t, err, s.Status().Err, "with the reason")
			var gone *publish.ReconnectError
			if attempts == 0 {
				require.NotErrorAs(t, err, &gone)
				require.ErrorContains(t, err, "cut")
				return
			}
			require.ErrorAs(t, err, &gone)
			require.Equal(t, attempts, gone.Attempts)
			require.ErrorIs(t, err, syscall.ECONNREFUSED, "the last cause")
			require.ErrorAs(t, err, new(*rtmp.OpError))
			require.Zero(t, s.Stats().Attempt)
		})
	}
}

// A success lets the attempts start again: two are enough for any number of
// cuts. Sessions without one do not.
func TestReconnectAttemptsStartAgainAfterASuccess(t *testing.T) {
	for lived, cuts := range map[time.Duration]int{3 * time.Second: 20, 1500 * ms: 3} {
		synctest.Test(t, func(t *testing.T) {
			server := rtmptest.NewPipeServer(t, rtmptest.Script{})
			defer server.Close()
			n := to(server)
			s := startOn(t, n, func(o *publish.Options) { o.ReconnectAttempts, o.LiveMode = 2, true }, videoInBand, rawAAC)
			c := &camera{s: s}
			var err error
			for range 20 {
				if err = c.run(lived); err != nil {
					break
				}
				server.Session().Reset()
				if err = c.run(5*time.Second + 40*ms); err != nil {
					break
				}
			}
			if cuts == 20 {
				require.NoError(t, err)
				require.NoError(t, s.finishOn())
			} else {
				require.ErrorIs(t, err, publish.ErrClosed)
				require.ErrorAs(t, <-s.ended, new(*publish.ReconnectError))
			}
			require.Len(t, n.attempts(), min(cuts, 20)+cuts/20)
		})
	}
}

// The server's acknowledgement of media is a success at once.
func TestAcknowledgedMediaIsASuccess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{AckEvery: 1})
		defer server.Close()
		s := startOn(t, to(server), func(o *publish.Options) { o.ReconnectAttempts, o.LiveMode = 1, true }, videoInBand, rawAAC)
		c := &camera{s: s}
		for range 10 {
			require.NoError(t, c.run(2*time.Second))
			server.Session().Reset()
			require.NoError(t, c.run(5*time.Second+40*ms))
		}
		require.NoError(t, s.finishOn())
		require.Equal(t, 10, s.Stats().Reconnects)
	})
}

func TestOptionReconnectInterval(t *testing.T) {
	for interval, attempts := range map[time.Duration]int{99 * ms: 1, 100 * ms: 4, 3 * time.Second: 4, 10 * time.Minute: 4} {
		synctest.Test(t, func(t *testing.T) {
			_, n, err := lostOnce(t, func(o *publish.Options) { o.ReconnectAttempts, o.ReconnectInterval = 3, interval })
			require.Error(t, err)
			require.Len(t, n.attempts(), attempts, "below 100 ms is never")
			for _, wait := range n.waits() {
				require.Equal(t, interval, wait, "constant")
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		_, n, _ := lostOnce(t, func(o *publish.Options) { o.ReconnectUnlimited, o.ReconnectInterval = true, 99*ms })
		require.Len(t, n.attempts(), 1, "also without limit")
	})
}

func TestOptionReconnectMaxInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		differ := false
		for range 5 {
			_, n, _ := lostOnce(t, func(o *publish.Options) {
				o.ReconnectAttempts, o.ReconnectInterval, o.ReconnectMaxInterval = 12, 2*time.Second, 30*time.Second
			})
			waits := n.waits()
			require.Len(t, waits, 12)
			for i, wait := range waits {
				middle := min(2*time.Second<<i, 30*time.Second)
				require.GreaterOrEqual(t, wait, max(2*time.Second, middle*3/4))
				require.LessOrEqual(t, wait, min(30*time.Second, middle*5/4), "never above the maximum")
				differ = differ || wait != waits[len(waits)-1]
			}
		}
		require.True(t, differ, "jitter")
	})
}

func TestOptionReconnectUnlimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, n, err := lostOnce(t, func(o *publish.Options) { o.ReconnectUnlimited, o.ReconnectInterval = true, 10*time.Second })
		require.NoError(t, err, "it still tries")
		require.InDelta(t, 361, len(n.attempts()), 1, "for an hour")
	})
}

func TestOptionReconnectOnStart(t *testing.T) {
	for _, on := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			server := rtmptest.NewPipeServer(t, rtmptest.Script{})
			defer server.Close()
			n := newNetwork(func(n int, addr string) (net.Conn, error) {
				if n < 5 {
					return nil, syscall.ECONNREFUSED
				}
				return server.Dial(t.Context(), "tcp", addr)
			})
			s := startOn(t, n, func(o *publish.Options) { unlimited(o); o.ReconnectOnStart = on }, videoInBand, rawAAC)
			states := s.states()
			c := &camera{s: s}
			err := c.run(20 * time.Second)
			if !on {
				require.ErrorIs(t, err, publish.ErrClosed)
				require.ErrorIs(t, <-s.ended, syscall.ECONNREFUSED, "an error at once")
				require.Len(t, n.attempts(), 1)
				return
			}
			require.NoError(t, err)
			require.NoError(t, s.finishOn())
			require.Len(t, n.attempts(), 6)
			session := server.Session()
			<-session.Ended()
			list := mediaOf(session)
			require.Zero(t, list[0].Timestamp)
			wellBegun(t, list, false)
			stats := s.Stats()
			require.Zero(t, stats.Reconnects, "nothing was lost")
			require.Equal(t, c.wrote, stats.VideoPacketsSent+stats.AudioPacketsSent, "the input was held back")
			require.Equal(t, []publish.State{publish.Reconnecting, publish.Connected, publish.Disconnected}, kinds(states()))
		})
	}
}

// Connect tries by the same rules; its context ends it.
func TestConnectWithReconnectOnStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(func(int, string) (net.Conn, error) { return nil, syscall.ECONNREFUSED })
		o := publish.DefaultOptions()
		o.URL, o.ReconnectOnStart, o.ReconnectAttempts = "rtmp://127.0.0.1/live+x", true, 3
		p, err := publish.New(o, publish.WithDialer(n.dial))
		require.NoError(t, err)
		var gone *publish.ReconnectError
		require.ErrorAs(t, p.Connect(t.Context()), &gone)
		require.Equal(t, 3, gone.Attempts)
		require.Len(t, n.attempts(), 4)
		require.Equal(t, publish.Disconnected, p.Status().State)

		o.ReconnectUnlimited = true
		p, err = publish.New(o, publish.WithDialer(n.dial))
		require.NoError(t, err)
		connected := make(chan error, 1)
		go func() { connected <- p.Connect(t.Context()) }()
		time.Sleep(time.Minute) // virtual
		require.Equal(t, publish.Reconnecting, p.Status().State)
		require.NoError(t, p.Shutdown(t.Context()))
		require.Error(t, <-connected, "Shutdown ends it")
		require.Equal(t, publish.Disconnected, p.Status().State)
	})
}

func TestOptionReconnectRestartTime(t *testing.T) {
	for _, restart := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			server := rtmptest.NewPipeServer(t, rtmptest.Script{})
			defer server.Close()
			s := startOn(t, to(server), func(o *publish.Options) {
				unlimited(o)
				o.ReconnectRestartTime, o.LiveMode = restart, true
			}, videoInBand, rawAAC)
			c := &camera{s: s}
			require.NoError(t, c.run(7*time.Second))
			// Beyond the 24 bits of a short chunk header's timestamp.
			c.offset = 5 * time.Hour
			require.NoError(t, c.run(time.Second))
			server.Session().Reset()
			require.NoError(t, c.run(7*time.Second))
			require.NoError(t, s.finishOn())
			session := server.Session()
			<-session.Ended()
			list := mediaOf(session)
			wellBegun(t, list, true)
			want := uint32(5*3600_000 + 9000)
			if restart {
				want = 0
			}
			for _, m := range list[:3] {
				require.InDelta(t, want, m.Timestamp, 1100, "%v", m)
			}
			require.Equal(t, restart, list[0].Timestamp == 0)
			require.InDelta(t, 6000, list[len(list)-1].Timestamp-list[0].Timestamp, 1100)
		})
	}
}
