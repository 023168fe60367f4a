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

// unlimited reconnects after a second, always.
func unlimited(o *publish.Options) {
	o.ReconnectUnlimited, o.ReconnectInterval = true, time.Second
}

// A cut in the middle: the next session begins anew, time goes on, every frame
// is accounted for, and in live mode the input does not notice.
func TestReconnectGoesOn(t *testing.T) {
	for name, live := range map[string]bool{"live": true, "held back": false} {
		for size, buffer := range map[string]int{"buffer": 4000, "no buffer": 0} {
			t.Run(name+", "+size, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					server := rtmptest.NewPipeServer(t, rtmptest.Script{})
					defer server.Close()
					s := startOn(t, to(server), func(o *publish.Options) {
						unlimited(o)
						o.LiveMode, o.OutputBufferSize = live, buffer
					}, videoInBand, rawAAC)
					states := s.states()
					c := &camera{s: s}
					require.NoError(t, c.run(7*time.Second))
					first := server.Session()
					first.Reset()
					require.NoError(t, c.run(10*time.Second))
					if live {
						require.Zero(t, c.slow, "the input does not notice")
					} else {
						require.InDelta(t, 1.0, c.slow.Seconds(), 0.5, "the input is held back")
					}
					require.NoError(t, s.finishOn())
					second := server.Session()
					<-second.Ended()
					wellBegun(t, mediaOf(first), false)
					wellBegun(t, mediaOf(second), true)
					stats := s.Stats()
					require.Equal(t, c.wrote, total(stats))
					require.Equal(t, 1, stats.Reconnects)
					require.Zero(t, stats.Attempt)
					require.NotZero(t, stats.FramesLost)
					require.Zero(t, stats.FramesDropped)
					begun := mediaOf(second)[0].Timestamp
					require.Greater(t, begun, uint32(7000), "time goes on")
					require.Zero(t, begun%1000, "at a keyframe")
					list := states()
					require.Equal(t, []publish.State{publish.Connected, publish.Reconnecting, publish.Connected, publish.Disconnected}, kinds(list))
					require.ErrorContains(t, list[1].Err, "cut")
					require.Equal(t, 1, list[1].Attempt)
					require.Equal(t, time.Second, list[1].Wait)
					require.NoError(t, list[2].Err)
				})
			})
		}
	}
}

func kinds(list []publish.Status) (states []publish.State) {
	for _, s := range list {
		states = append(states, s.State)
	}
	return states
}

// A server that gives the go-ahead and closes at once has not accepted the
// stream: at the start it is an error at once, whatever the attempts.
func TestSilentRefusalAtTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{On: map[string]rtmptest.Handler{
			"publish": rtmptest.Then(rtmptest.Default(), rtmptest.Hangup()),
		}})
		defer server.Close()
		n := to(server)
		s := startOn(t, n, unlimited, videoInBand)
		err := <-s.ended
		require.True(t, rtmp.ClosedEarly(err))
		require.ErrorContains(t, err, "stream key")
		require.Len(t, n.attempts(), 1)
	})
}

// Later it is tried again, but the waits grow: never a tight loop.
func TestSilentRefusalLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refusing := rtmptest.NewPipeServer(t, rtmptest.Script{On: map[string]rtmptest.Handler{
			"publish": rtmptest.Then(rtmptest.Default(), rtmptest.Hangup()),
		}})
		defer refusing.Close()
		good := rtmptest.NewPipeServer(t, rtmptest.Script{})
		defer good.Close()
		n := newNetwork(func(n int, _ string) (net.Conn, error) {
			if n == 0 {
				return good.Dial(t.Context(), "tcp", "")
			}
			return refusing.Dial(t.Context(), "tcp", "")
		})
		s := startOn(t, n, func(o *publish.Options) {
			o.ReconnectUnlimited, o.ReconnectMaxInterval, o.LiveMode = true, time.Minute, true
		}, videoInBand, rawAAC)
		c := &camera{s: s}
		require.NoError(t, c.run(6*time.Second))
		good.Session().Close()
		require.NoError(t, c.run(time.Hour))
		waits := n.waits()
		require.InDelta(t, 65, len(waits), 12, "an hour of waits of a minute")
		for i := range 2 {
			require.Greater(t, waits[i+2], waits[i+1], "they grow")
		}
		require.Error(t, s.finishOn())
		require.Equal(t, c.wrote, total(s.Stats()))
	})
}

// Reconnect ends a wait, drops a session, and does nothing without a Run.
func TestReconnectNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{})
		defer server.Close()
		down := false
		n := newNetwork(func(_ int, addr string) (net.Conn, error) {
			if down {
				return nil, syscall.ECONNREFUSED
			}
			return server.Dial(t.Context(), "tcp", addr)
		})
		s := startOn(t, n, func(o *publish.Options) {
			o.ReconnectAttempts, o.ReconnectInterval, o.LiveMode = 3, time.Hour, true
		}, videoInBand, rawAAC)
		c := &camera{s: s}
		require.NoError(t, c.run(time.Second))
		began := time.Now()
		s.Reconnect() // a session that lives
		synctest.Wait()
		require.Len(t, n.attempts(), 2)
		require.Zero(t, time.Since(began))
		require.Equal(t, publish.Connected, s.Status().State)
		require.Equal(t, 1, s.Stats().Reconnects)

		down = true
		server.Session()
		server.Session().Close()
		synctest.Wait()
		require.Equal(t, publish.Reconnecting, s.Status().State)
		for i := range 10 { // more often than there are attempts
			s.Reconnect()
			synctest.Wait()
			require.Len(t, n.attempts(), 3+i)
		}
		down = false
		s.Reconnect()
		require.NoError(t, c.run(6*time.Second))
		require.Equal(t, publish.Connected, s.Status().State)
		require.NoError(t, s.finishOn())
		s.Reconnect()
		require.Equal(t, publish.Disconnected, s.Status().State)
		require.Equal(t, c.wrote, total(s.Stats()))
	})
}

func TestReconnectIsHarmlessWithoutRun(t *testing.T) {
	o := publish.DefaultOptions()
	o.URL = "rtmp://127.0.0.1/live+x"
	p, err := publish.New(o)
	require.NoError(t, err)
	p.Reconnect()
	require.Equal(t, publish.Disconnected, p.Status().State)
	require.NoError(t, p.Shutdown(t.Context()))
	p.Reconnect()
}

// Without attempts a reconnect that is asked for is made all the same, once.
func TestReconnectNowWithoutAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{})
		defer server.Close()
		n := newNetwork(func(n int, addr string) (net.Conn, error) {
			if n == 2 {
				return nil, syscall.ECONNREFUSED
			}
			return server.Dial(t.Context(), "tcp", addr)
		})
		s := startOn(t, n, func(o *publish.Options) { o.LiveMode = true }, videoInBand)
		server.Session().WaitCommand("publish")
		synctest.Wait()
		s.Reconnect()
		server.Session().WaitCommand("publish")
		synctest.Wait()
		s.Reconnect()
		err := <-s.ended
		var gone *publish.ReconnectError
		require.ErrorAs(t, err, &gone)
		require.Equal(t, 1, gone.Attempts)
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
	})
}
