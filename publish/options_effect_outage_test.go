package publish_test

import (
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

// away is a stream whose server goes away after three seconds, and stays away
// for a time, while a camera writes.
type away struct {
	*stream
	cam      *camera
	sessions []*rtmptest.Session
	back     time.Time
	server   *rtmptest.Server
}

func startAway(t *testing.T, script rtmptest.Script, change func(*publish.Options)) *away {
	t.Helper()
	a := newAway(t, script, change, videoInBand, rawAAC)
	require.NoError(t, a.cam.run(3*time.Second))
	return a
}

func newAway(t *testing.T, script rtmptest.Script, change func(*publish.Options), tracks ...media.Track) *away {
	t.Helper()
	a := &away{server: rtmptest.NewPipeServer(t, script)}
	n := newNetwork(func(_ int, addr string) (net.Conn, error) {
		if time.Now().Before(a.back) {
			return nil, syscall.ECONNREFUSED
		}
		conn, err := a.server.Dial(t.Context(), "tcp", addr)
		a.sessions = append(a.sessions, a.server.Session())
		return conn, err
	})
	a.stream = startOn(t, n, func(o *publish.Options) { resuming(o); change(o) }, tracks...)
	a.cam = &camera{s: a.stream}
	return a
}

// leave takes the server away for d, in which the camera goes on.
func (a *away) leave(t *testing.T, d time.Duration) {
	t.Helper()
	a.back = time.Now().Add(d)
	a.sessions[len(a.sessions)-1].Reset()
	require.NoError(t, a.cam.run(d))
}

// end ends the stream and returns the last session's messages.
func (a *away) end(t *testing.T) []rtmptest.Message {
	t.Helper()
	require.NoError(t, a.finishOn())
	a.server.Close()
	for _, s := range a.sessions {
		<-s.Ended()
	}
	require.Equal(t, a.cam.wrote, total(a.Stats()), "%+v", a.Stats())
	return mediaOf(a.sessions[len(a.sessions)-1])
}

// firstPicture is the timestamp of the first keyframe of a session.
func firstPicture(t *testing.T, list []rtmptest.Message) uint32 {
	t.Helper()
	for _, m := range list {
		if m.Type == 9 && m.Body[1] == 1 {
			require.EqualValues(t, 0x17, m.Body[0], "a keyframe")
			return m.Timestamp
		}
	}
	t.Fatal("no picture")
	return 0
}

// What fits the outage buffer is there again after an outage; what is older is
// lost, in whole groups of pictures; without a buffer all of it is.
func TestOptionOutageBuffer(t *testing.T) {
	for _, c := range []struct {
		buffer time.Duration
		first  uint32 // of the second session: the camera has a keyframe a second
		lost   bool
	}{
		{time.Minute, 0, false}, // the server acknowledges nothing: all is sent again
		{20 * time.Second, 0, false},
		{5 * time.Second, 8000, true}, // 13 s of stream: the last five
		{0, 13_000, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			a := startAway(t, rtmptest.Script{}, func(o *publish.Options) { o.OutageBuffer = c.buffer })
			a.leave(t, 10*time.Second)
			require.NoError(t, a.cam.run(20*time.Second))
			list := a.end(t)
			require.InDelta(t, c.first, firstPicture(t, list), 1000, "%v", c.buffer)
			stats := a.Stats()
			require.Equal(t, c.lost, stats.FramesLost > 0, "%+v", stats)
			require.Equal(t, 1, stats.Reconnects)
			wellBegun(t, list, false)
			require.LessOrEqual(t, a.cam.slow, 10*ms)
		})
	}
}

// Nothing is held back from a server that acknowledges but what it has not
// acknowledged, from the keyframe before.
func TestOutageBufferAfterAcknowledgements(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := startAway(t, rtmptest.Script{AckEvery: 500}, func(*publish.Options) {})
		require.NoError(t, a.cam.run(5*time.Second+500*ms))
		require.Less(t, a.Stats().OutageHeld, 120, "a group of pictures is 75 frames")
		a.leave(t, 2*time.Second)
		list := a.end(t)
		require.EqualValues(t, 8000, firstPicture(t, list), "the keyframe before the last acknowledgement")
		require.Less(t, a.Stats().FramesResent, 75)
		require.Zero(t, a.Stats().FramesLost)
	})
}

// Data messages that were on their way come again beside their frames.
func TestDataIsHeldOverAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := startAway(t, rtmptest.Script{}, func(*publish.Options) {})
		send := func(name string) {
			require.NoError(t, a.SendData(t.Context(), publish.Data{Handler: name}))
			synctest.Wait()
		}
		send("onRest") // while nothing waits
		require.NoError(t, a.cam.run(40*ms))
		a.leave(t, 2*time.Second)
		send("onAway")
		require.NoError(t, a.cam.run(5*time.Second))
		names := map[string]int{}
		for _, m := range a.end(t) {
			if m.Type == 18 {
				names[m.Command().Name]++
			}
		}
		require.Equal(t, 1, names["onRest"])
		require.Equal(t, 1, names["onAway"])
	})
}

// After an outage the stream goes on where the server was, or with the newest
// keyframe.
func TestOptionOutageMode(t *testing.T) {
	for mode, first := range map[publish.OutageMode]uint32{publish.OutageResume: 0, publish.OutageLive: 12_000} {
		synctest.Test(t, func(t *testing.T) {
			a := startAway(t, rtmptest.Script{}, func(o *publish.Options) { o.OutageMode = mode })
			states := a.states()
			a.leave(t, 9400*ms)
			require.NoError(t, a.cam.run(15*time.Second))
			list := a.end(t)
			require.Equal(t, first, firstPicture(t, list))
			wellBegun(t, list, false)
			var skipped time.Duration
			for _, s := range states() {
				skipped = max(skipped, s.Skipped)
			}
			if mode == publish.OutageLive {
				require.InDelta(t, 9.0, skipped.Seconds(), 0.1, "how much was left out is told")
				require.InDelta(t, 9*75, a.Stats().FramesLost, 5)
				return
			}
			require.Zero(t, skipped)
			require.Zero(t, a.Stats().FramesLost)
		})
	}
}

// Sound alone goes on with what comes.
func TestOptionOutageModeOfSoundAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{})
		defer server.Close()
		s := startOn(t, to(server), func(o *publish.Options) { resuming(o); o.OutageMode = publish.OutageLive }, rawAAC)
		first := server.Session()
		for i := range 100 {
			s.write(0, time.Duration(i)*20*ms, time.Duration(i)*20*ms, []byte{0x21, byte(i)})
			pass(20 * ms)
			if i == 50 {
				first.Reset()
			}
		}
		second := server.Session()
		require.NoError(t, s.finishOn())
		<-second.Ended()
		list := mediaOf(second)
		require.InDelta(t, 1500, list[len(list)-1].Timestamp-list[2].Timestamp+1000, 1000)
		require.Less(t, s.Stats().FramesLost, 30)
	})
}

// A backlog is sent at the set rate of real time, until it is caught up with.
func TestOptionCatchUpRate(t *testing.T) {
	for rate, least := range map[int]time.Duration{0: 0, 150: 18 * time.Second, 400: 2500 * ms} {
		synctest.Test(t, func(t *testing.T) {
			a := startAway(t, rtmptest.Script{AckEvery: 100}, func(o *publish.Options) { o.CatchUpRate = rate })
			a.leave(t, 10*time.Second)
			took := time.Duration(-1)
			for began := time.Now(); time.Since(began) < 40*time.Second; {
				require.NoError(t, a.cam.run(200*ms))
				if s := a.Stats(); took < 0 && s.Reconnects == 1 && s.Backlog < 400*ms {
					took = time.Since(began)
				}
			}
			a.end(t)
			// Ten seconds of backlog shrink by rate-100 percent of the time.
			require.InDelta(t, least.Seconds(), took.Seconds(), 0.15*least.Seconds()+1.2, "rate %d", rate)
			require.Zero(t, a.Stats().FramesLost)
		})
	}
}
