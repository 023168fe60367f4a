package publish_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// One goroutine writes both tracks, and the next frame does not fit: nobody is
// left to bring what the sender would wait for. It must not wait at all.
func TestABlockedWriterIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, rtmptest.Script{PipeSize: 1 << 22}, nil, videoInBand, rawAAC)
		began := time.Now()
		for at := time.Duration(0); at < 10*time.Second; at += 40 * ms {
			s.write(0, at, at, annexB(smallSPS, pps, append(idr(1), filler(40000)...)))
			if at%(520*ms) == 0 {
				s.write(1, at, at, filler(300))
			}
		}
		s.finish()
		require.Less(t, time.Since(began), 2*time.Second)
		s.server.Close()
	})
}

// Packets that RTMP cannot carry are refused; the stream goes on.
func TestImpossiblePackets(t *testing.T) {
	s := start(t, rtmptest.Script{PipeSize: 1 << 22}, nil, videoInBand)
	s.write(0, 0, 0, annexB(smallSPS, pps, idr(1)))
	for name, p := range map[string]media.Packet{
		"larger than a message": {DTS: 40 * ms, PTS: 40 * ms, Data: annexB(append(idr(2), filler(1<<24)...))},
		"no decode time":        {DTS: math.MinInt64, PTS: 40 * ms, Data: annexB(inter(2))},
		"no presentation time":  {DTS: 40 * ms, PTS: math.MaxInt64, Data: annexB(inter(2))},
	} {
		var refused *publish.PacketError
		require.ErrorAs(t, s.Write(t.Context(), p), &refused, name)
	}
	s.write(0, 80*ms, 80*ms, annexB(inter(3)))
	got := s.finish()
	require.Len(t, got, 4)
	require.EqualValues(t, 80, got[3].Timestamp)
}

// Without a buffer nil means that the frame is on the socket.
func TestNoBufferTellsOfLostFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, rtmptest.Script{PipeSize: 1000, On: map[string]rtmptest.Handler{
			"publish": rtmptest.Then(rtmptest.Default(), rtmptest.Stall()),
		}}, func(o *publish.Options) { o.OutputBufferSize = 0 }, videoInBand)
		big := annexB(smallSPS, pps, append(idr(1), filler(5000)...))
		err := s.Write(t.Context(), media.Packet{Data: big})
		require.ErrorIs(t, err, publish.ErrClosed)
		require.ErrorContains(t, err, "took no data")
		require.Error(t, <-s.ended)
		require.Error(t, s.Drain(t.Context()))
		require.Equal(t, 1, s.Stats().FramesDropped)
		s.server.Close()
	})
}

// callback is an owner that calls the publisher when it gets its packet back.
type callback func()

func (c callback) Release() { c() }

func TestOwnersMayCallBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, rtmptest.Script{}, nil, videoInBand, rawAAC)
		released := 0
		owner := callback(func() { s.Stats(); released++ })
		require.NoError(t, s.Write(t.Context(), media.Packet{Data: annexB(smallSPS, pps, idr(1)), Owner: owner}))
		s.Flush(0)
		require.Equal(t, 1, released)
		require.NoError(t, s.Write(t.Context(), media.Packet{Data: annexB(idr(1)), Owner: owner}))
		s.finish()
		require.Equal(t, 2, released)
		s.server.Close()
	})
}

// A Connect that is under way when Shutdown comes leaves no session behind, and
// the lock of one Connect does not outlast the context of another.
func TestConnectAgainstShutdown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hold := make(chan struct{})
		server := rtmptest.NewPipeServer(t, rtmptest.Script{On: map[string]rtmptest.Handler{
			"connect": func(s *rtmptest.Session, m rtmptest.Message) { <-hold; rtmptest.Default()(s, m) },
		}})
		o := publish.DefaultOptions()
		o.URL, o.ReceiveTimeout = server.URL("live+x"), 5*time.Second
		p, err := publish.New(o, publish.WithDialer(server.Dial))
		require.NoError(t, err)
		connected := make(chan error, 1)
		go func() { connected <- p.Connect(t.Context()) }()
		synctest.Wait()
		why := errors.New("tired of waiting")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, why)
		defer cancel()
		require.ErrorIs(t, p.Connect(ctx), why)
		require.NoError(t, p.Shutdown(t.Context()))
		close(hold)
		require.Error(t, <-connected)
		<-server.Session().Ended()
		server.Close()
	})
}
