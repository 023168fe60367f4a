package dshow

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/internal/com"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

const (
	connected    = "status 0"
	disconnected = "status 1"
	reconnecting = "status 2"
	complete     = "event 1 0x0"
	userAbort    = "event 2 0x0"
)

func TestStreamFromRunToComplete(t *testing.T) {
	inTime(t, rtmptest.Script{}, nil, func(r *rig) {
		require.Equal(t, Stopped, r.State())
		require.NoError(t, r.Run())
		require.Equal(t, Running, r.State())
		r.play(2 * time.Second)
		require.Equal(t, com.OK, r.EndOfStream(audio))
		synctest.Wait()
		require.Equal(t, []string{connected}, r.graph.events(), "one pin has not ended")
		require.Equal(t, com.OK, r.EndOfStream(video))
		require.Equal(t, com.OK, r.EndOfStream(video))
		synctest.Wait()
		require.Equal(t, []string{connected, complete}, r.graph.events())
		require.Equal(t, com.RejectedEOS, r.next(video, 1))
		r.Stop()
		require.Equal(t, []string{connected, complete, disconnected}, r.graph.events(), "before Stop returns")
		session := r.server.Session()
		<-session.Ended()
		require.Contains(t, session.Commands(), "deleteStream")
		a, v := received(session)
		require.Equal(t, 101, a, "100 frames and the sequence header")
		require.Equal(t, 51, v)
		require.Equal(t, com.WrongState, r.next(video, 1))
	})
}

func TestRunAgain(t *testing.T) {
	inTime(t, rtmptest.Script{}, nil, func(r *rig) {
		for range 3 {
			require.NoError(t, r.Pause())
			require.NoError(t, r.Run())
			r.frames = [2]int{}
			r.play(time.Second)
			require.NoError(t, r.Pause())
			r.play(time.Second)
			require.NoError(t, r.Run())
			r.EndOfStream(video)
			r.EndOfStream(audio)
			synctest.Wait()
			r.Stop()
			r.Stop()
			session := r.server.Session()
			<-session.Ended()
			a, v := received(session)
			require.Equal(t, []int{101, 51}, []int{a, v})
		}
		require.Equal(t, []string{
			connected, complete, disconnected, connected, complete, disconnected, connected, complete, disconnected,
		}, r.graph.events())
	})
}

func TestNothingIsConnectedWithoutPins(t *testing.T) {
	inTime(t, rtmptest.Script{}, nil, func(r *rig) {
		require.Equal(t, com.OK, r.Disconnected(video))
		require.Equal(t, com.OK, r.Disconnected(audio))
		require.NoError(t, r.Run())
		require.NoError(t, r.Pause())
		r.Stop()
		synctest.Wait()
		require.Empty(t, r.graph.events())
		require.Equal(t, com.NotConnected, r.next(video, 1))
	})
}

func TestOnePinIsEnough(t *testing.T) {
	for pin := range 2 {
		inTime(t, rtmptest.Script{}, nil, func(r *rig) {
			require.Equal(t, com.OK, r.Disconnected(1-pin))
			require.NoError(t, r.Run())
			for range 100 {
				require.Equal(t, com.OK, r.next(pin, 10))
			}
			require.Equal(t, com.False, r.EndOfStream(1-pin))
			require.Equal(t, com.OK, r.EndOfStream(pin))
			synctest.Wait()
			require.Equal(t, []string{connected, complete}, r.graph.events())
		})
	}
}

func TestEndWhilePaused(t *testing.T) {
	inTime(t, rtmptest.Script{}, nil, func(r *rig) {
		require.Equal(t, com.False, r.EndOfStream(video), "stopped")
		require.NoError(t, r.Pause())
		require.Equal(t, com.OK, r.EndOfStream(video))
		require.Equal(t, com.OK, r.EndOfStream(audio))
		synctest.Wait()
		require.Empty(t, r.graph.events())
		require.NoError(t, r.Run())
		synctest.Wait()
		require.Contains(t, r.graph.events(), complete, "also without any sample")
	})
}

func TestFlushTakesBackAnEnd(t *testing.T) {
	inTime(t, rtmptest.Script{}, nil, func(r *rig) {
		require.NoError(t, r.Run())
		r.play(time.Second)
		r.EndOfStream(video)
		r.BeginFlush(video)
		require.Equal(t, com.False, r.next(video, 1))
		require.Equal(t, com.False, r.EndOfStream(video))
		require.Equal(t, com.OK, r.next(audio, 1), "the other pin goes on")
		r.EndFlush(video)
		r.EndOfStream(audio)
		synctest.Wait()
		require.Equal(t, []string{connected}, r.graph.events())
		require.Equal(t, com.OK, r.next(video, 1))
		r.EndOfStream(video)
		synctest.Wait()
		require.Equal(t, []string{connected, complete}, r.graph.events())
	})
}

// A flush that has ended before the waiting Receive could look must free it too.
func TestFlushFreesAWaitingReceive(t *testing.T) {
	inTime(t, rtmptest.Script{}, func(o *publish.Options) { o.OutputBufferSize = 4000 }, func(r *rig) {
		require.NoError(t, r.Pause())
		answers := r.blocked(1000)
		require.Empty(t, answers)
		for pin := range 2 {
			synctest.Wait() // what the first left has made room for the second, which fills it
			r.BeginFlush(pin)
			r.EndFlush(pin)
			require.Equal(t, com.False, <-answers)
		}
		r.frames = [2]int{}
		require.NoError(t, r.Run())
		r.play(time.Second)
	})
}

func TestStopWithADeadServerAndBothPinsBlocked(t *testing.T) {
	for name, change := range map[string]func(*publish.Options){
		"buffer":    func(o *publish.Options) { o.OutputBufferSize, o.SendTimeout = 20000, time.Hour },
		"no buffer": func(o *publish.Options) { o.OutputBufferSize, o.SendTimeout = 0, time.Hour },
	} {
		t.Run(name, func(t *testing.T) {
			deaf := rtmptest.Script{On: map[string]rtmptest.Handler{"publish": rtmptest.Then(rtmptest.Default(), rtmptest.Stall())}, PipeSize: 1000}
			inTime(t, deaf, change, func(r *rig) {
				require.NoError(t, r.Run())
				answers := r.blocked(5000)
				time.Sleep(time.Minute)
				require.Empty(t, answers)
				began := time.Now()
				r.Stop()
				require.LessOrEqual(t, time.Since(began), 500*ms)
				require.Equal(t, com.WrongState, <-answers)
				require.Equal(t, com.WrongState, <-answers)
				require.Equal(t, []string{connected, disconnected}, r.graph.events())
			})
		})
	}
}

func TestRefusedFormat(t *testing.T) {
	inTime(t, rtmptest.Script{}, nil, func(r *rig) {
		require.NoError(t, r.Run())
		r.play(time.Second)
		require.Equal(t, com.OK, r.ChangeFormat(video, annexB), "the same")
		require.Equal(t, com.InvalidMediaType, r.ChangeFormat(video, rawAAC))
		require.Equal(t, com.RuntimeError, r.next(video, 1))
		require.Equal(t, com.OK, r.next(audio, 1))
		require.Equal(t, com.OK, r.EndOfStream(audio))
		synctest.Wait()
		require.Equal(t, []string{connected, "event 3 0x8004022a", complete}, r.graph.events())
		r.Stop()
		require.NoError(t, r.Run())
		r.frames = [2]int{}
		r.play(time.Second)
	})
}
