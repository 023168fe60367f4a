package publish_test

import (
	"context"
	"errors"
	"net"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// outage is a stream whose server is dead, with the buffer full and a writer of
// each track blocked.
func outage(t *testing.T, buffer int) (s *stream, blocked chan error) {
	t.Helper()
	server := rtmptest.NewPipeServer(t, rtmptest.Script{})
	t.Cleanup(server.Close)
	n := newNetwork(func(n int, addr string) (net.Conn, error) {
		if n > 0 {
			return nil, syscall.ECONNREFUSED
		}
		return server.Dial(t.Context(), "tcp", addr)
	})
	s = startOn(t, n, func(o *publish.Options) { unlimited(o); o.OutputBufferSize = buffer }, videoInBand, rawAAC)
	c := &camera{s: s}
	require.NoError(t, c.run(6*time.Second))
	server.Session().Reset()
	synctest.Wait()
	blocked = make(chan error, 2)
	for track, data := range [][]byte{annexB(smallSPS, pps, idr(1)), {0x21, 1}} {
		go func() {
			for at := 10 * time.Second; ; at += 40 * ms {
				if err := s.Write(context.Background(), media.Packet{Track: track, DTS: at, PTS: at, Data: data}); err != nil {
					blocked <- err
					return
				}
			}
		}()
	}
	pass(30 * time.Second)
	require.Empty(t, blocked, "held back, not failed")
	require.Equal(t, publish.Reconnecting, s.Status().State)
	return s, blocked
}

// A DirectShow graph that stops while the server is dead: flushes and ends of
// tracks free both writers at once, and Shutdown keeps its bound.
func TestStopDuringAnOutage(t *testing.T) {
	for _, buffer := range []int{0, 2000} {
		for name, free := range map[string]func(*stream, int){
			"flush": func(s *stream, track int) { s.Flush(track) },
			"end":   func(s *stream, track int) { s.EndTrack(track) },
		} {
			synctest.Test(t, func(t *testing.T) {
				s, blocked := outage(t, buffer)
				began := time.Now()
				free(s, 0)
				free(s, 1)
				require.Error(t, <-blocked, name)
				require.Error(t, <-blocked, name)
				require.Zero(t, time.Since(began))
				bound, cancel := context.WithTimeout(t.Context(), 400*ms)
				defer cancel()
				_ = s.Shutdown(bound)
				require.ErrorContains(t, <-s.ended, "reconnecting")
				require.LessOrEqual(t, time.Since(began), 400*ms)
				require.Equal(t, publish.Disconnected, s.Status().State)
			})
		}
	}
}

// The same while nobody has noticed yet that the server is dead: a write is
// under way and the buffer full behind it.
func TestStopWhileTheServerIsStalled(t *testing.T) {
	for _, buffer := range []int{0, 2000} {
		synctest.Test(t, func(t *testing.T) {
			s := start(t, deafScript, func(o *publish.Options) { patient(o); unlimited(o); o.OutputBufferSize = buffer }, videoOutOfBand(t), rawAAC)
			s.server.Session().WaitCommand("publish")
			blocked := make(chan error, 2)
			for track, data := range [][]byte{sized(5000, true), filler(5000)} {
				go func() {
					for at := time.Duration(0); ; at += 40 * ms {
						if err := s.Write(context.Background(), media.Packet{Track: track, DTS: at, PTS: at, Data: data}); err != nil {
							blocked <- err
							return
						}
					}
				}()
			}
			pass(time.Minute)
			require.Empty(t, blocked)
			began := time.Now()
			s.Flush(0)
			s.Flush(1)
			require.ErrorIs(t, <-blocked, publish.ErrFlushed)
			require.ErrorIs(t, <-blocked, publish.ErrFlushed)
			require.Zero(t, time.Since(began))
			bound, cancel := context.WithTimeout(t.Context(), 400*ms)
			defer cancel()
			require.ErrorIs(t, s.Shutdown(bound), context.DeadlineExceeded)
			require.Error(t, <-s.ended)
			require.LessOrEqual(t, time.Since(began), 500*ms)
			s.server.Close()
		})
	}
}

// The context of Run, Shutdown's and Drain's end what waits in an outage.
func TestContextsDuringAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, blocked := outage(t, 2000)
		bound, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		began := time.Now()
		require.ErrorIs(t, s.Drain(bound), context.DeadlineExceeded)
		bound, cancel = context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		require.ErrorIs(t, s.Shutdown(bound), context.DeadlineExceeded, "what is queued is waited for")
		require.ErrorIs(t, <-blocked, publish.ErrClosed)
		require.ErrorIs(t, <-blocked, publish.ErrClosed)
		require.Error(t, <-s.ended)
		require.Equal(t, 6*time.Second, time.Since(began))
		require.NotZero(t, s.Stats().FramesDropped, "unsent at the end")
	})
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{})
		defer server.Close()
		n := newNetwork(func(n int, addr string) (net.Conn, error) {
			if n > 0 {
				return nil, syscall.ECONNREFUSED
			}
			return server.Dial(t.Context(), "tcp", addr)
		})
		o := publish.DefaultOptions()
		o.URL = "rtmp://127.0.0.1/live+x"
		unlimited(&o)
		p, err := publish.New(o, publish.WithDialer(n.dial))
		require.NoError(t, err)
		require.NoError(t, p.SetTracks(videoInBand))
		why := errors.New("that is enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- p.Run(ctx) }()
		server.Session().WaitCommand("publish")
		synctest.Wait()
		p.Reconnect()
		time.Sleep(5500 * ms) // virtual: in the middle of a wait
		began := time.Now()
		cancel(why)
		require.ErrorIs(t, <-ended, why)
		require.Zero(t, time.Since(began))
	})
}
