package publish_test

import (
	"cmp"
	"net"
	"os"
	"path/filepath"
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

// heavyOutage runs an outage of ten seconds at 2.5 MB a second and returns the
// most that was held in memory and on disk.
func heavyOutage(t *testing.T, change func(*publish.Options)) (a *away, memory int, disk int64, trouble string) {
	t.Helper()
	a = newAway(t, rtmptest.Script{AckEvery: 10_000, PipeSize: 1 << 20}, change, videoInBand)
	a.cam.bytes, a.cam.mute = 100_000, true
	require.NoError(t, a.cam.run(3*time.Second))
	a.back = time.Now().Add(10 * time.Second)
	a.sessions[0].Reset()
	for range 20 {
		require.NoError(t, a.cam.run(500*ms))
		synctest.Wait()
		stats := a.Stats()
		memory, disk, trouble = max(memory, stats.OutputBufferFillness), max(disk, stats.OutageSpooled), cmp.Or(stats.SpoolError, trouble)
	}
	require.NoError(t, a.cam.run(20*time.Second))
	require.LessOrEqual(t, a.cam.slow, 10*ms)
	return a, memory, disk, trouble
}

func TestOptionOutageMemory(t *testing.T) {
	for _, limit := range []int{2 << 20, 64 << 20} {
		synctest.Test(t, func(t *testing.T) {
			a, memory, _, _ := heavyOutage(t, func(o *publish.Options) { o.OutageMemory = limit; o.CatchUpRate = 0 })
			list := a.end(t)
			wellBegun(t, list, false)
			require.LessOrEqual(t, memory, limit)
			require.Equal(t, limit < 25<<20, a.Stats().FramesLost > 0, "25 MB came in the outage")
		})
	}
}

// What memory does not hold goes to disk and comes back, and no file stays.
func TestOptionOutageSpool(t *testing.T) {
	folder := t.TempDir()
	for _, spool := range []string{"", folder} {
		synctest.Test(t, func(t *testing.T) {
			a, memory, disk, trouble := heavyOutage(t, func(o *publish.Options) { o.OutageMemory, o.OutageSpool, o.CatchUpRate = 8<<20, spool, 0 })
			list := a.end(t)
			wellBegun(t, list, false)
			require.LessOrEqual(t, memory, 8<<20)
			require.Equal(t, spool != "", disk > 10<<20)
			require.Equal(t, spool == "", a.Stats().FramesLost > 0)
			require.Empty(t, trouble)
			require.Zero(t, a.Stats().OutageSpooled)
		})
	}
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, left)
	_, err = publish.New(func() publish.Options {
		o := publish.DefaultOptions()
		o.URL, o.OutageSpool = "rtmp://127.0.0.1/live+x", filepath.Join(folder, "none")
		return o
	}())
	var wrong *publish.OptionError
	require.ErrorAs(t, err, &wrong)
	require.Equal(t, "outage-spool", wrong.Name)
}

// A full spool is told, and costs nothing that is held already.
func TestOptionOutageSpoolSize(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _, disk, trouble := heavyOutage(t, func(o *publish.Options) {
			o.OutageMemory, o.OutageSpool, o.OutageSpoolSize, o.CatchUpRate = 4<<20, t.TempDir(), 16, 0
		})
		list := a.end(t)
		wellBegun(t, list, false)
		require.LessOrEqual(t, disk, int64(16<<20))
		require.Greater(t, disk, int64(15<<20))
		require.Contains(t, trouble, "size limit")
		stats := a.Stats()
		require.NotZero(t, stats.FramesLost)
		require.Greater(t, stats.VideoPacketsSent, 700, "16 MB and the half of memory came through: %+v", stats)
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

// Frames that wait longer than the cap are left out, pictures that nothing
// depends on first, and never sound.
func TestOptionLatencyCap(t *testing.T) {
	for _, latency := range []time.Duration{0, 500 * ms, 2 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			server := rtmptest.NewPipeServer(t, rtmptest.Script{PipeSize: 4000, ReadRate: 60_000})
			defer server.Close()
			s := startOn(t, to(server), func(o *publish.Options) { o.LiveMode, o.OutputBufferSize, o.LatencyCap = true, 10<<20, latency }, videoInBand, rawAAC)
			worst := time.Duration(0)
			for i := range 500 { // 100 kB a second on a link that takes 60
				at := time.Duration(i) * 40 * ms
				nal := append([]byte{0x41, 0x9a}, append(filler(4000), byte(i), 0x80)...)
				switch {
				case i%50 == 0:
					nal[0] = 0x65
				case i%2 == 1:
					nal[0] = 0x01 // nothing refers to it
				}
				s.write(0, at, at, annexB(smallSPS, pps, nal))
				s.write(1, at, at, []byte{0x21, 1})
				s.write(1, at+20*ms, at+20*ms, []byte{0x21, 2})
				worst = max(worst, s.Stats().Backlog)
				pass(40 * ms)
			}
			stats := s.Stats()
			if latency == 0 {
				require.Greater(t, worst, 5*time.Second)
				require.Zero(t, stats.FramesDropped)
				_ = s.finishOn() // it takes too long
				return
			}
			require.LessOrEqual(t, worst, latency+100*ms)
			require.NotZero(t, stats.FramesDropped)
			session := server.Session()
			require.NoError(t, s.finishOn())
			require.Equal(t, 1000, s.Stats().AudioPacketsSent, "no sound is missing")
			<-session.Ended()
			references(t, mediaOf(session))
		})
	}
}

// references requires that each picture's reference came: the one before it that
// others refer to. Numbers are modulo 256; of two neighbours one is disposable.
func references(t *testing.T, list []rtmptest.Message) {
	t.Helper()
	last := -1
	for _, m := range list {
		if m.Type != 9 || m.Body[1] == 0 {
			continue
		}
		number := int(m.Body[len(m.Body)-2])
		key, disposable := m.Body[0]>>4 == 1, number%2 == 1
		if !key {
			require.Equal(t, last, (number-1-(number+1)%2+256)%256, "the reference of %d", number)
		}
		if !disposable {
			last = number
		}
	}
	require.NotEqual(t, -1, last)
}
