package publish_test

import (
	"context"
	"net"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// What an attempt of the switch's network meets.
const (
	up int32 = iota
	down
	hanging
)

// lost runs a stream for six seconds and takes its server away: what new
// attempts meet is the switch's.
func lost(t *testing.T, change func(*publish.Options), tracks ...media.Track) (*stream, *camera, *rtmptest.Server, *atomic.Int32) {
	t.Helper()
	server := rtmptest.NewPipeServer(t, rtmptest.Script{})
	t.Cleanup(server.Close)
	state := &atomic.Int32{}
	o := publish.DefaultOptions()
	o.URL = "rtmp://127.0.0.1/live+s3cret"
	unlimited(&o)
	if change != nil {
		change(&o)
	}
	p, err := publish.New(o, publish.WithDialer(func(ctx context.Context, network, addr string) (net.Conn, error) {
		switch state.Load() {
		case down:
			return nil, syscall.ECONNREFUSED
		case hanging:
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return server.Dial(ctx, network, addr)
	}))
	require.NoError(t, err)
	require.NoError(t, p.SetTracks(tracks...))
	s := &stream{Publisher: p, t: t, server: server, ended: make(chan error, 1)}
	go func() { s.ended <- p.Run(t.Context()) }()
	c := &camera{s: s}
	require.NoError(t, c.run(6*time.Second+200*ms))
	state.Store(down)
	server.Session().Reset()
	synctest.Wait()
	require.Equal(t, publish.Reconnecting, s.Status().State)
	return s, c, server, state
}

// Shutdown in an outage waits for the connection while frames are queued, and
// they arrive.
func TestShutdownDeliversAfterAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c, server, state := lost(t, nil, videoInBand, rawAAC)
		require.NoError(t, c.run(2*time.Second)) // fits into the buffer
		time.AfterFunc(5*time.Second, func() { state.Store(up) })
		require.NoError(t, s.Shutdown(t.Context()))
		require.NoError(t, <-s.ended)
		session := server.Session()
		<-session.Ended()
		require.Contains(t, session.Commands(), "deleteStream")
		wellBegun(t, mediaOf(session), true)
		stats := s.Stats()
		require.Equal(t, c.wrote, total(stats))
		require.Zero(t, stats.FramesDropped)
		require.Positive(t, stats.VideoPacketsSent-155, "the keyframe and what follows")
	})
}

// In live mode nothing is queued, so that nothing is waited for.
func TestShutdownInALiveOutageEndsAtOnce(t *testing.T) {
	for _, what := range []int32{down, hanging} {
		synctest.Test(t, func(t *testing.T) {
			s, c, _, state := lost(t, func(o *publish.Options) { o.LiveMode = true }, videoInBand, rawAAC)
			state.Store(what)
			require.NoError(t, c.run(5*time.Second))
			began := time.Now()
			require.NoError(t, s.Drain(t.Context()), "nothing is queued")
			require.NoError(t, s.Shutdown(t.Context()))
			require.ErrorContains(t, <-s.ended, "while reconnecting")
			require.Zero(t, time.Since(began))
			require.Equal(t, c.wrote, total(s.Stats()))
		})
	}
}

// Reconnect also ends an attempt that hangs.
func TestReconnectNowEndsAHangingAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, server, state := lost(t, nil, videoInBand, rawAAC)
		state.Store(hanging)
		pass(2 * time.Second)
		state.Store(up)
		began := time.Now()
		s.Reconnect()
		synctest.Wait()
		require.Zero(t, time.Since(began))
		require.Equal(t, publish.Connected, s.Status().State)
		require.NoError(t, s.finishOn())
		<-server.Session().Ended()
	})
}

// Audio goes on without a keyframe where no video comes: without a track of it,
// and where the track is silent.
func TestReconnectWithoutVideo(t *testing.T) {
	for name, tracks := range map[string][]media.Track{"no track": {rawAAC}, "silent track": {rawAAC, videoInBand}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := rtmptest.NewPipeServer(t, rtmptest.Script{})
				defer server.Close()
				s := startOn(t, to(server), unlimited, tracks...)
				write := func(from, to int) {
					for i := from; i < to; i++ {
						at := time.Duration(i) * 20 * ms
						s.write(0, at, at, []byte{0x21, byte(i)})
						pass(20 * ms)
					}
				}
				write(0, 300)
				server.Session().Reset()
				write(300, 600)
				require.NoError(t, s.finishOn())
				session := server.Session()
				<-session.Ended()
				list := mediaOf(session)
				require.Equal(t, []uint8{18, 8, 8}, []uint8{list[0].Type, list[1].Type, list[2].Type})
				require.LessOrEqual(t, s.Stats().FramesLost, 1, "none but what was under way")
				require.InDelta(t, 6000, list[2].Timestamp, 60)
			})
		})
	}
}
