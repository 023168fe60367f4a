package publish_test

import (
	"context"
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

// A context that has ended already leaves no connection behind that Connect has
// made.
func TestRunWithAnEndedContextClosesTheConnection(t *testing.T) {
	for range 20 { // what is ready at the same time is chosen by chance
		synctest.Test(t, func(t *testing.T) {
			server := rtmptest.NewPipeServer(t, rtmptest.Script{})
			defer server.Close()
			o := publish.DefaultOptions()
			o.URL = "rtmp://127.0.0.1/live+x"
			p, err := publish.New(o, publish.WithDialer(to(server).dial))
			require.NoError(t, err)
			require.NoError(t, p.SetTracks(videoInBand))
			require.NoError(t, p.Connect(t.Context()))
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			require.ErrorIs(t, p.Run(ctx), context.Canceled)
			select {
			case <-server.Session().Ended():
			case <-time.After(time.Minute):
				require.Fail(t, "the connection lives on")
			}
			require.Equal(t, publish.Disconnected, p.Status().State)
		})
	}
}

// Each Connect has its own attempts.
func TestConnectAgainAfterItFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(func(int, string) (net.Conn, error) { return nil, syscall.ECONNREFUSED })
		o := publish.DefaultOptions()
		o.URL = "rtmp://127.0.0.1/live+x"
		o.ReconnectAttempts, o.ReconnectOnStart = 3, true
		p, err := publish.New(o, publish.WithDialer(n.dial))
		require.NoError(t, err)
		for round := range 3 {
			var gone *publish.ReconnectError
			require.ErrorAs(t, p.Connect(t.Context()), &gone)
			require.Equal(t, 3, gone.Attempts)
			require.Len(t, n.attempts(), 4*(round+1))
			p.Reconnect() // there is nothing to make again
		}
	})
}

// Shutdown has the last word, also against a Connect that succeeds at that
// moment.
func TestShutdownDuringConnect(t *testing.T) {
	for range 50 {
		synctest.Test(t, func(t *testing.T) {
			server := rtmptest.NewPipeServer(t, rtmptest.Script{})
			defer server.Close()
			o := publish.DefaultOptions()
			o.URL = "rtmp://127.0.0.1/live+x"
			p, err := publish.New(o, publish.WithDialer(to(server).dial))
			require.NoError(t, err)
			connected := make(chan error, 1)
			go func() { connected <- p.Connect(t.Context()) }()
			session := server.Session()
			session.WaitCommand("publish")
			require.NoError(t, p.Shutdown(t.Context()))
			require.Equal(t, publish.Disconnected, p.Status().State)
			<-connected // either way
			synctest.Wait()
			require.Equal(t, publish.Disconnected, p.Status().State)
			<-session.Ended()
		})
	}
}

// Connect makes a connection where the last one has ended since.
func TestConnectAfterTheServerLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{})
		defer server.Close()
		n := to(server)
		o := publish.DefaultOptions()
		o.URL = "rtmp://127.0.0.1/live+x"
		p, err := publish.New(o, publish.WithDialer(n.dial))
		require.NoError(t, err)
		require.NoError(t, p.SetTracks(videoInBand))
		require.NoError(t, p.Connect(t.Context()))
		pass(time.Minute)
		server.Session().Reset()
		synctest.Wait()
		require.NoError(t, p.Connect(t.Context()))
		require.Len(t, n.attempts(), 2)
		ended := make(chan error, 1)
		go func() { ended <- p.Run(t.Context()) }()
		require.NoError(t, p.Write(t.Context(), media.Packet{Data: annexB(smallSPS, pps, idr(1))}))
		require.NoError(t, p.Drain(t.Context()))
		require.NoError(t, p.Shutdown(t.Context()))
		require.NoError(t, <-ended)
	})
}

// Without a Run a Shutdown that gives up says so too.
func TestShutdownGivesUpWithoutARun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{})
		defer server.Close()
		o := publish.DefaultOptions()
		o.URL = "rtmp://127.0.0.1/live+x"
		p, err := publish.New(o, publish.WithDialer(to(server).dial))
		require.NoError(t, err)
		require.NoError(t, p.SetTracks(videoInBand))
		require.NoError(t, p.Connect(t.Context()))
		require.NoError(t, p.Write(t.Context(), media.Packet{Data: annexB(smallSPS, pps, idr(1))}))
		bound, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, p.Shutdown(bound), context.DeadlineExceeded)
		require.Equal(t, publish.Disconnected, p.Status().State)
		require.Equal(t, 1, p.Stats().FramesDropped)
		require.NoError(t, p.Shutdown(t.Context()))
		<-server.Session().Ended()
	})
}

// Nothing is queued, so nobody needs the connection that is being made.
func TestShutdownWhileRunDials(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := publish.DefaultOptions()
		o.URL = "rtmp://127.0.0.1/live+x"
		p, err := publish.New(o, publish.WithDialer(func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}))
		require.NoError(t, err)
		require.NoError(t, p.SetTracks(videoInBand))
		ended := make(chan error, 1)
		go func() { ended <- p.Run(t.Context()) }()
		synctest.Wait()
		began := time.Now()
		require.NoError(t, p.Shutdown(t.Context()))
		require.NoError(t, <-ended)
		require.Zero(t, time.Since(began))
		require.Equal(t, publish.Disconnected, p.Status().State)
		require.ErrorIs(t, p.Connect(t.Context()), publish.ErrClosed)
	})
}

// A description that is refused changes no track.
func TestSetTracksChangesAllOrNothing(t *testing.T) {
	s := start(t, rtmptest.Script{}, nil, videoInBand, rawAAC)
	s.write(0, 0, 0, annexB(smallSPS, pps, idr(1)))
	wrong := rawAAC
	wrong.Config = []byte{0xff}
	prefix := media.Track{Codec: media.CodecH264, Framing: media.FramingLengthPrefixed, NALLengthSize: 4}
	require.ErrorAs(t, s.SetTracks(prefix, wrong), new(*publish.TrackError))
	s.write(0, 40*ms, 40*ms, annexB(inter(1)))
	require.Len(t, s.finish(), 4)
}

// A backup that refuses for good does not end the hope for the first URL.
func TestOneURLIsEnoughToTryAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{On: map[string]rtmptest.Handler{
			"publish": rtmptest.Refuse("NetStream.Publish.Denied", "no"),
		}})
		defer server.Close()
		for away, again := range map[int]bool{0: true, 1: true, 2: false} {
			o := publish.DefaultOptions()
			o.URL, o.BackupURLs = "rtmp://192.0.2.1/live+x", []string{"rtmp://192.0.2.2/live+x"}
			p, err := publish.New(o, publish.WithDialer(newNetwork(func(n int, addr string) (net.Conn, error) {
				if n == away {
					return nil, syscall.ECONNREFUSED
				}
				return server.Dial(t.Context(), "tcp", addr)
			}).dial))
			require.NoError(t, err)
			err = p.Connect(t.Context())
			require.Error(t, err)
			require.Equal(t, again, publish.Retryable(err), "%v", err)
		}
	})
}
