package publish_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
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

// weather is a network and a server that do harm at random.
type weather struct {
	*network
	server *rtmptest.Server

	mu       sync.Mutex
	mode     int // what happens to new connections
	sessions []*rtmptest.Session
}

// What happens to a new connection.
const (
	fine = iota
	unreachable
	alreadyPublishing // the server refuses
	goAheadAndClose
	silent // no answer to connect
	deaf   // reads nothing after its go-ahead
	modes
)

func (w *weather) set(mode int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mode = mode
}

func (w *weather) is(mode int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.mode == mode
}

func (w *weather) all() []*rtmptest.Session {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]*rtmptest.Session(nil), w.sessions...)
}

func newWeather(t *testing.T) *weather {
	t.Helper()
	w := &weather{}
	answer := rtmptest.Default()
	w.server = rtmptest.NewPipeServer(t, rtmptest.Script{PipeSize: 3000, On: map[string]rtmptest.Handler{
		"accept": func(s *rtmptest.Session, _ rtmptest.Message) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.sessions = append(w.sessions, s)
		},
		"connect": func(s *rtmptest.Session, m rtmptest.Message) {
			if !w.is(silent) {
				answer(s, m)
			}
		},
		"publish": func(s *rtmptest.Session, m rtmptest.Message) {
			if w.is(alreadyPublishing) {
				rtmptest.Refuse("NetStream.Publish.BadName", "in use")(s, m)
				return
			}
			answer(s, m)
			switch {
			case w.is(goAheadAndClose):
				s.Close()
			case w.is(deaf):
				s.Stall()
			}
		},
	}})
	w.network = newNetwork(func(_ int, addr string) (net.Conn, error) {
		if w.is(unreachable) {
			return nil, syscall.ECONNREFUSED
		}
		defer w.server.Session() // known from "accept"; taken so that there is room
		return w.server.Dial(context.Background(), "tcp", addr)
	})
	return w
}

// harm does something bad now and then until ctx ends.
func (w *weather) harm(ctx context.Context, random *rand.Rand, s *stream) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Duration(random.IntN(40_000)) * ms):
		}
		all := w.all()
		switch random.IntN(14) {
		case 0, 1:
			w.set(random.IntN(modes))
		case 2, 3:
			w.set(fine)
		case 4:
			if len(all) > 0 {
				all[len(all)-1].Reset()
			}
		case 5:
			if len(all) > 0 {
				all[len(all)-1].Close()
			}
		case 6:
			s.Reconnect()
		case 7:
			s.Flush(random.IntN(2))
		case 8:
			bound, cancel := context.WithTimeout(ctx, time.Second)
			_ = s.Drain(bound)
			cancel()
		case 9:
			for range random.IntN(4) {
				_ = s.SendData(ctx, publish.Data{Handler: fmt.Sprint("on", random.IntN(5)), Stored: random.IntN(2) == 0})
			}
		case 10:
			video, audio := videoInBand, rawAAC
			video.FrameRate, audio.Config = float64(random.IntN(60)), [][]byte{asc, {0x12, 0x10}}[random.IntN(2)]
			video.PresentationOnly, audio.PresentationOnly = random.IntN(2) == 0, random.IntN(2) == 0
			_ = s.SetTracks(video, audio)
		case 11:
			bound, cancel := context.WithTimeout(ctx, time.Second)
			_ = s.Connect(bound)
			cancel()
		case 12:
			_, _ = s.Call(ctx, "startRecording", nil)
		case 13:
			if len(all) > 0 {
				all[len(all)-1].Send(rtmptest.ReconnectRequest("", "maintenance"))
			}
		}
	}
}

// owner wants its packet back exactly once.
type owner struct{ released atomic.Int32 }

func (o *owner) Release() { o.released.Add(1) }

// feed writes a track until ctx ends or the stream does: a frame every 200 ms,
// of video a keyframe every second. It returns the owners of what it wrote.
func feed(ctx context.Context, s *stream, track int, random *rand.Rand) (owners []*owner) {
	began := time.Now()
	for n := 0; ctx.Err() == nil; n++ {
		data := []byte{0x21, byte(n)}
		if track == 0 {
			tail := append(filler(random.IntN(300)), byte(n), 0x80)
			data = annexB(append([]byte{0x41, 0x9a}, tail...))
			if n%5 == 0 {
				data = annexB(smallSPS, pps, append([]byte{0x65, 0x88}, tail...))
			}
		}
		at := time.Duration(n) * 200 * ms
		o := &owner{}
		owners = append(owners, o)
		_ = s.Write(ctx, media.Packet{Track: track, DTS: at, PTS: at, Data: data, Owner: o})
		pass(time.Until(began.Add(at)))
	}
	return owners
}

func randomOptions(random *rand.Rand, folder string) func(*publish.Options) {
	return func(o *publish.Options) {
		o.OutageBuffer = []time.Duration{0, 5 * time.Second, 20 * time.Minute}[random.IntN(3)]
		o.OutageMode, o.OutageMemory = publish.OutageMode(random.IntN(2)), 1<<20
		o.OutageSpool, o.OutageSpoolSize = []string{"", folder}[random.IntN(2)], 16
		o.CatchUpRate = []int{0, 110, 400}[random.IntN(3)]
		o.LatencyCap = []time.Duration{0, time.Second}[random.IntN(2)]
		o.Handover = random.IntN(2) == 0
		o.BitrateAdvice = random.IntN(2) == 0
		o.LiveMode = random.IntN(2) == 0
		o.OutputBufferSize = []int{0, 1500, 20_000}[random.IntN(3)]
		o.OutputPacketSize = []int{0, 1450}[random.IntN(2)]
		o.BufferOverflow = publish.OverflowMode(random.IntN(2))
		o.ReconnectInterval = []time.Duration{100 * ms, time.Second, 5 * time.Second}[random.IntN(3)]
		o.ReconnectMaxInterval = []time.Duration{0, 20 * time.Second}[random.IntN(2)]
		o.ReconnectUnlimited = random.IntN(4) > 0
		o.ReconnectAttempts = 8
		o.ReconnectOnStart = random.IntN(2) == 0
		o.ReconnectRestartTime = random.IntN(2) == 0
		o.WriteTimecode, o.EmbedSystemTime = random.IntN(2) == 0, random.IntN(2) == 0
		o.BackupReturn = random.IntN(2) == 0
		if random.IntN(2) == 0 {
			o.BackupURLs = []string{"rtmp://192.0.2.2/live+s3cret", "rtmp://192.0.2.3/live+s3cret"}
		}
	}
}

// Hours of cuts, refusals, silence and flushes with options at random: every
// packet is given back once, counts add up, every session begins as it must,
// and the states make sense.
func TestHoursOfHarm(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { oneHourOfHarm(t, seed) })
		})
	}
}

func oneHourOfHarm(t *testing.T, seed uint64) {
	random := func(n uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, n)) }
	w := newWeather(t)
	defer w.server.Close()
	var o publish.Options
	s := startOn(t, w.network, func(chosen *publish.Options) { randomOptions(random(0), t.TempDir())(chosen); o = *chosen }, videoInBand, rawAAC)
	// Where nothing is to be lost, sound that comes late stands before the keyframe.
	whole := o.Handover || o.OutageBuffer > 0 && o.OutageMode == publish.OutageResume
	states := s.states()
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	var done sync.WaitGroup
	var owners [2][]*owner
	for track := range owners {
		done.Go(func() { owners[track] = feed(ctx, s, track, random(uint64(track)+1)) })
	}
	done.Go(func() { w.harm(ctx, random(3), s) })
	done.Wait()
	s.EndTrack(0)
	s.EndTrack(1)
	_ = s.finishOn()
	w.server.Close() // its deaf sessions would never end

	for _, list := range owners {
		for i, o := range list {
			require.EqualValues(t, 1, o.released.Load(), "packet %d of %d", i, len(list))
		}
	}
	stats := s.Stats()
	require.Equal(t, len(owners[0])+len(owners[1]), total(stats), "%+v", stats)
	require.Zero(t, stats.VideoPacketsBuffered+stats.AudioPacketsBuffered+stats.OutputBufferFillness)
	again := false
	for _, session := range w.all() {
		<-session.Ended()
		list := mediaOf(session)
		wellBegun(t, list, again && !whole)
		again = again || len(list) > 0
	}
	sensible(t, states(), stats.Reconnects)
	require.Less(t, len(w.attempts()), 36_200, "no tight loop")
}

// sensible requires that every change of state is one, from one that leads to it.
func sensible(t *testing.T, list []publish.Status, reconnects int) {
	t.Helper()
	regained, connected := 0, list[0].State == publish.Connected
	for i, status := range list[1:] {
		before := list[i]
		switch status.State {
		case publish.Connected:
			require.NotEqual(t, publish.Connected, before.State)
			require.NoError(t, status.Err)
			if connected {
				require.Equal(t, publish.Reconnecting, before.State)
				regained++
			}
			connected = true
		case publish.Reconnecting:
			require.NotEqual(t, publish.Reconnecting, before.State)
			require.Error(t, status.Err, "it tells why")
			require.Equal(t, connected, before.State == publish.Connected)
		case publish.Disconnected:
			require.Len(t, list, i+2, "the last word")
		}
		require.False(t, status.Time.Before(before.Time))
	}
	require.Equal(t, publish.Disconnected, list[len(list)-1].State)
	require.Equal(t, reconnects, regained)
}
