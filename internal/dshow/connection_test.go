package dshow

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/internal/com"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

func reconnects(o *publish.Options) { o.ReconnectAttempts, o.ReconnectInterval = 3, time.Second }

func TestNoServer(t *testing.T) {
	inTime(t, rtmptest.Script{}, nil, func(r *rig) {
		r.down.Store(true)
		require.NoError(t, r.Run())
		synctest.Wait()
		require.Equal(t, []string{disconnected, "event 3 0x80040a01"}, r.graph.events())
		require.ErrorContains(t, r.LastError(), "refused")
		require.Equal(t, com.RuntimeError, r.next(video, 1))
		require.False(t, r.Busy())
		r.EndOfStream(video)
		r.EndOfStream(audio)
		synctest.Wait()
		require.Equal(t, []string{disconnected, "event 3 0x80040a01", complete}, r.graph.events(), "a graph that waits goes on")
		r.Stop()
		r.down.Store(false)
		require.NoError(t, r.Run())
		r.play(time.Second)
		require.NoError(t, r.LastError())
	})
}

func TestGraphPlaysOnWhileReconnecting(t *testing.T) {
	inTime(t, rtmptest.Script{}, reconnects, func(r *rig) {
		require.NoError(t, r.Run())
		r.play(3 * time.Second)
		r.down.Store(true)
		r.server.Session().Reset()
		r.play(1500 * ms)
		require.Equal(t, []string{connected, reconnecting}, r.graph.events())
		require.Equal(t, Running, r.State())
		r.down.Store(false)
		r.play(4 * time.Second)
		require.Equal(t, []string{connected, reconnecting, connected}, r.graph.events())
		require.True(t, r.Reconnect())
		r.play(4 * time.Second)
		require.Equal(t, []string{connected, reconnecting, connected, reconnecting, connected}, r.graph.events())
		r.Stop()
	})
}

// With an outage buffer no sample is lost or held while the server is away.
func TestOutageBufferHoldsTheSamples(t *testing.T) {
	holds := func(o *publish.Options) { reconnects(o); o.ReconnectUnlimited, o.OutageBuffer = true, 30*time.Second }
	inTime(t, rtmptest.Script{}, holds, func(r *rig) {
		require.NoError(t, r.Run())
		r.play(3 * time.Second)
		r.down.Store(true)
		r.server.Session().Reset()
		began := time.Now()
		r.play(10 * time.Second)
		require.Equal(t, 10*time.Second, time.Since(began), "no Receive has waited")
		r.down.Store(false)
		r.play(20 * time.Second)
		stats := r.Stats()
		require.Zero(t, stats.FramesLost+stats.FramesDropped)
		require.NotZero(t, stats.FramesResent)
		require.Equal(t, 33*25, stats.VideoPacketsSent+stats.VideoPacketsBuffered)
		r.Stop()
	})
}

func TestAttemptsUsedUp(t *testing.T) {
	inTime(t, rtmptest.Script{}, reconnects, func(r *rig) {
		require.NoError(t, r.Run())
		r.play(3 * time.Second)
		r.down.Store(true)
		r.server.Session().Reset()
		time.Sleep(10 * time.Second)
		require.Equal(t, []string{connected, reconnecting, disconnected, "event 3 0x80040a04"}, r.graph.events())
		require.Equal(t, com.RuntimeError, r.next(video, 1))
		require.False(t, r.Reconnect())
	})
}

func TestDisconnectEndsTheStream(t *testing.T) {
	inTime(t, rtmptest.Script{}, reconnects, func(r *rig) {
		require.NoError(t, r.Run())
		r.play(time.Second)
		require.NoError(t, r.Disconnect())
		synctest.Wait()
		require.Equal(t, []string{connected, disconnected, userAbort}, r.graph.events())
		require.Equal(t, com.RuntimeError, r.next(video, 1))
		require.ErrorIs(t, r.BeginConnect(), ErrStreaming)
		r.Stop()
		session := r.server.Session()
		<-session.Ended()
		require.Contains(t, session.Commands(), "deleteStream")
		r.frames = [2]int{}
		require.NoError(t, r.Run())
		r.play(time.Second)
		r.Stop()
		require.Equal(t, []string{connected, disconnected, userAbort, connected, disconnected}, r.graph.events())
	})
}

// With the buffer off, and connected before the start, a frame is on the socket
// when Receive returns.
func TestConnectBeforeTheStart(t *testing.T) {
	inTime(t, rtmptest.Script{}, func(o *publish.Options) { o.OutputBufferSize = 0 }, func(r *rig) {
		require.NoError(t, r.ConnectServer(r.t.Context()))
		require.Equal(t, publish.Connected, r.Status().State)
		require.NoError(t, r.ConnectServer(r.t.Context()), "it is")
		require.True(t, r.Busy())
		r.Stop() // a graph does that before it starts
		require.Equal(t, publish.Connected, r.Status().State)
		require.NoError(t, r.Pause())
		require.NoError(t, r.Run())
		session := r.server.Session()
		for n := range 50 {
			require.Equal(t, com.OK, r.next(video, 100))
			synctest.Wait() // the server reads what is on the socket; no time passes
			_, v := received(session)
			require.Equal(t, n+2, v)
		}
		require.NoError(t, r.Disconnect())
		synctest.Wait()
		require.Equal(t, []string{connected, disconnected, userAbort}, r.graph.events())
	})
}

func TestConnectWithoutAStart(t *testing.T) {
	inTime(t, rtmptest.Script{}, nil, func(r *rig) {
		r.down.Store(true)
		require.Error(t, r.ConnectServer(r.t.Context()))
		synctest.Wait()
		require.Equal(t, []string{disconnected}, r.graph.events())
		require.False(t, r.Busy())
		r.down.Store(false)
		require.NoError(t, r.BeginConnect())
		require.True(t, r.Busy())
		synctest.Wait()
		require.Equal(t, []string{disconnected, connected}, r.graph.events())
		require.NoError(t, r.Disconnect())
		synctest.Wait()
		require.Equal(t, []string{disconnected, connected, disconnected}, r.graph.events())
		require.False(t, r.Busy())
	})
}

// In an outage inputs that may block do so for a moment. Then samples pass at
// their own pace and are lost, and video goes on at a keyframe.
func TestOutageHoldsNobodyForLong(t *testing.T) {
	unlimited := func(o *publish.Options) {
		o.ReconnectUnlimited, o.ReconnectInterval, o.OutputBufferSize = true, 2*time.Second, 10000
	}
	inTime(t, rtmptest.Script{}, unlimited, func(r *rig) {
		require.NoError(t, r.Run())
		r.play(3 * time.Second)
		r.down.Store(true)
		r.server.Session().Reset()
		synctest.Wait()
		began, before := time.Now(), r.frames[video]
		for time.Since(began) < 20*time.Second {
			call := time.Now()
			require.Equal(t, com.OK, r.next(video, 1000))
			require.LessOrEqual(t, time.Since(call), patience)
			require.Equal(t, com.OK, r.next(audio, 20))
			require.Equal(t, com.OK, r.next(audio, 20))
		}
		passed := time.Duration(r.frames[video]-before) * 40 * ms
		require.InDelta(t, 20, passed.Seconds(), 3.5, "a file passes at its pace")
		r.down.Store(false)
		r.play(5 * time.Second)
		session := r.server.Session()
		var first rtmptest.Message
		for _, m := range session.Messages() {
			if m.Type == 9 && m.Body[1] == 1 {
				first = m
				break
			}
		}
		require.EqualValues(t, 0x17, first.Body[0], "a keyframe")
		r.Stop()
	})
}

// An application that stops the filter within an event gets no deadlock.
func TestStopWithinAnEvent(t *testing.T) {
	inTime(t, rtmptest.Script{}, nil, func(r *rig) {
		var first sync.Once
		during(r, func(event string) {
			switch event {
			case connected:
				first.Do(r.Stop)
			case complete:
				r.Stop()
			}
		})
		require.NoError(t, r.Run())
		time.Sleep(time.Second)
		require.Equal(t, Stopped, r.State())
		require.NoError(t, r.Run())
		require.Equal(t, com.OK, r.next(video, 1))
		r.EndOfStream(video)
		r.EndOfStream(audio)
		time.Sleep(time.Second)
		require.Equal(t, Stopped, r.State())
	})
}

// Who waits for a connection that is being made waits for that one.
func TestConnectWaitsForTheAttemptUnderWay(t *testing.T) {
	hang := rtmptest.Script{On: map[string]rtmptest.Handler{"connect": rtmptest.Silent()}}
	inTime(t, hang, nil, func(r *rig) {
		require.NoError(t, r.BeginConnect())
		results := make(chan error, 2)
		for range 2 {
			go func() { results <- r.ConnectServer(r.t.Context()) }()
		}
		synctest.Wait()
		require.Empty(t, results)
		require.Error(t, <-results)
		require.Error(t, <-results)
		synctest.Wait()
		require.Equal(t, []string{disconnected}, r.graph.events(), "one attempt")
		require.False(t, r.Busy())
	})
}

// An application that connects again when it hears of the end, on the thread that
// tells it.
func TestConnectWithinAnEvent(t *testing.T) {
	inTime(t, rtmptest.Script{}, nil, func(r *rig) {
		require.NoError(t, r.ConnectServer(r.t.Context()))
		again := make(chan error, 1)
		var once sync.Once
		during(r, func(event string) {
			if event == disconnected {
				once.Do(func() { again <- r.ConnectServer(r.t.Context()) })
			}
		})
		began := time.Now()
		require.NoError(t, r.Disconnect())
		require.NoError(t, <-again)
		require.LessOrEqual(t, time.Since(began), 500*ms)
		synctest.Wait()
		require.Equal(t, []string{connected, disconnected, connected}, r.graph.events())
	})
}

// during has something done within every event from now on.
func during(r *rig, do func(event string)) {
	r.graph.mu.Lock()
	defer r.graph.mu.Unlock()
	r.graph.during = do
}

func TestConnectWhileItRuns(t *testing.T) {
	inTime(t, rtmptest.Script{}, reconnects, func(r *rig) {
		require.NoError(t, r.Run())
		r.play(time.Second)
		require.NoError(t, r.ConnectServer(r.t.Context()), "it is")
		r.down.Store(true)
		r.server.Session().Reset()
		synctest.Wait()
		require.ErrorIs(t, r.ConnectServer(r.t.Context()), ErrStreaming)
	})
}
