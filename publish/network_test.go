package publish_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp"
	"rtmpwriter/rtmp/rtmptest"
)

func TestRefusedByTheServer(t *testing.T) {
	s := start(t, rtmptest.Script{On: map[string]rtmptest.Handler{
		"publish": rtmptest.Refuse("NetStream.Publish.BadName", "s3cret is already publishing"),
	}}, nil, videoInBand)
	err := <-s.ended
	var status *rtmp.StatusError
	require.ErrorAs(t, err, &status)
	require.Equal(t, "NetStream.Publish.BadName", status.Code)
	require.Contains(t, err.Error(), "already publishing")
	require.NotContains(t, err.Error(), "s3cret")
	require.True(t, publish.Retryable(err))
	require.Equal(t, publish.Disconnected, s.Status().State)
	require.ErrorIs(t, s.Status().Err, status)

	err = s.Write(t.Context(), media.Packet{Data: []byte{1}})
	require.Error(t, err)
	err = s.Write(t.Context(), media.Packet{Data: annexB(smallSPS, pps, idr(1))})
	require.ErrorIs(t, err, publish.ErrClosed)
	require.ErrorAs(t, err, &status, "the reason comes with it")
	require.NoError(t, s.Shutdown(t.Context()))
}

// The server's closing words reach the user, and blocked writers come free.
func TestServerEndsTheStream(t *testing.T) {
	s := start(t, rtmptest.Script{}, nil, videoInBand)
	s.write(0, 0, 0, annexB(smallSPS, pps, idr(1)))
	session := s.server.Session()
	session.Wait(func(m rtmptest.Message) bool { return m.Type == 9 })
	session.Send(rtmptest.OnStatus(1, "error", "NetStream.Publish.Denied", "your time is up"))
	session.Close()
	err := <-s.ended
	require.ErrorContains(t, err, "your time is up")
	for err = nil; err == nil; {
		err = s.Write(t.Context(), media.Packet{Data: annexB(inter(2))})
	}
	require.ErrorIs(t, err, publish.ErrClosed)
	require.ErrorContains(t, err, "your time is up")
}

func TestStatusIsToldOnceAndInOrder(t *testing.T) {
	s := start(t, rtmptest.Script{}, nil, videoInBand)
	var states []publish.State
	var seen sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	seen.Go(func() {
		for status := range s.Watch(ctx) {
			require.NotContains(t, status.URL, "s3cret")
			states = append(states, status.State)
			if len(states) > 1 && status.State == publish.Disconnected {
				cancel()
			}
		}
	})
	s.write(0, 0, 0, annexB(smallSPS, pps, idr(1)))
	s.finish()
	seen.Wait()
	if states[0] == publish.Connected { // the watcher came after the connection
		states = append([]publish.State{publish.Disconnected}, states...)
	}
	require.Equal(t, []publish.State{publish.Disconnected, publish.Connected, publish.Disconnected}, states)
}

// Against a server that does not read: memory is bounded, the writer blocks in
// file mode and is refused in live mode, and Shutdown keeps to its deadline.
func TestStalledServer(t *testing.T) {
	for _, live := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			stall := rtmptest.Script{PipeSize: 1000, On: map[string]rtmptest.Handler{
				"publish": rtmptest.Then(rtmptest.Default(), rtmptest.Stall()),
			}}
			s := start(t, stall, func(o *publish.Options) {
				o.LiveMode, o.OutputBufferSize, o.SendTimeout = live, 10000, time.Hour
			}, videoInBand)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			s.write(0, 0, 0, annexB(smallSPS, pps, idr(1)))
			var err error
			for n := byte(0); err == nil; n++ {
				err = s.Write(ctx, media.Packet{Data: annexB(append(inter(n), filler(900)...), []byte{9, 0xf0})})
				require.LessOrEqual(t, s.Stats().OutputBufferFillness, 10000)
			}
			if live {
				require.ErrorIs(t, err, publish.ErrBufferFull)
			} else {
				require.ErrorIs(t, err, context.DeadlineExceeded, "blocked until its context ended")
			}
			bound, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			began := time.Now()
			require.ErrorIs(t, s.Shutdown(bound), context.DeadlineExceeded)
			require.InDelta(t, 3.0, time.Since(began).Seconds(), 0.5)
			require.Error(t, <-s.ended)
			require.NotZero(t, s.Stats().FramesDropped)
			s.server.Close()
		})
	}
}

// A dead peer ends the stream by the send timeout.
func TestSendTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, rtmptest.Script{PipeSize: 1000, On: map[string]rtmptest.Handler{
			"publish": rtmptest.Then(rtmptest.Default(), rtmptest.Stall()),
		}}, nil, videoInBand)
		s.write(0, 0, 0, annexB(smallSPS, pps, append(idr(1), filler(5000)...), []byte{9, 0xf0}))
		began := time.Now()
		err := <-s.ended
		var failed *rtmp.OpError
		require.ErrorAs(t, err, &failed)
		require.True(t, publish.Retryable(err))
		require.InDelta(t, 2.0, time.Since(began).Seconds(), 0.6)
		s.server.Close()
	})
}

func TestContextEndsRunAtOnce(t *testing.T) {
	server := rtmptest.NewPipeServer(t, rtmptest.Script{})
	o := publish.DefaultOptions()
	o.URL = server.URL("live+x")
	p, err := publish.New(o, publish.WithDialer(server.Dial))
	require.NoError(t, err)
	require.NoError(t, p.SetTracks(videoInBand))
	why := errors.New("that is enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	server.Session().WaitCommand("publish")
	cancel(why)
	require.ErrorIs(t, <-ended, why)
	require.ErrorIs(t, p.Run(t.Context()), publish.ErrRunning)
}

// Shutdown right behind the last Write: the frame arrives even when Run had
// not begun.
func TestTheLastFrameArrives(t *testing.T) {
	for range 50 {
		synctest.Test(t, func(t *testing.T) {
			s := start(t, rtmptest.Script{}, nil, videoInBand)
			s.write(0, 0, 0, annexB(smallSPS, pps, idr(1)))
			s.write(0, 40*ms, 40*ms, annexB(inter(2)))
			require.Len(t, s.finish(), 4)
			s.server.Close()
		})
	}
}

func TestConnectBeforeTheFirstFrame(t *testing.T) {
	server := rtmptest.NewPipeServer(t, rtmptest.Script{})
	o := publish.DefaultOptions()
	o.URL = server.URL("live+x")
	p, err := publish.New(o, publish.WithDialer(server.Dial))
	require.NoError(t, err)
	require.NoError(t, p.Connect(t.Context()))
	require.NoError(t, p.Connect(t.Context()), "connected already")
	require.Equal(t, publish.Connected, p.Status().State)
	session := server.Session()
	require.NoError(t, p.Shutdown(t.Context()))
	<-session.Ended()
	require.Contains(t, session.Commands(), "deleteStream")
	require.Equal(t, publish.Disconnected, p.Status().State)
	require.ErrorIs(t, p.Connect(t.Context()), publish.ErrClosed)
}

func TestFlushDropsAndGoesOnAtAKeyframe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, rtmptest.Script{}, nil, videoInBand, rawAAC)
		s.write(0, 0, 0, annexB(smallSPS, pps, idr(1))) // waits for audio
		synctest.Wait()
		s.Flush(0)
		require.Equal(t, 1, s.Stats().FramesDropped)
		s.write(0, 40*ms, 40*ms, annexB(inter(2)))
		s.write(0, 0, 0, annexB(idr(3)))
		s.EndTrack(1)
		require.NoError(t, s.Drain(t.Context()))
		require.ErrorIs(t, s.Write(t.Context(), media.Packet{Track: 1, Data: []byte{1}}), publish.ErrTrackEnded)
		got := s.finish()
		require.Len(t, got, 3)
		require.Equal(t, prefixed(4, idr(3)), video(t, got[2]).Data)
		s.server.Close()
	})
}
