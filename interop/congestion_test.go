package interop

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"rtmpwriter/internal/receiver"
	"rtmpwriter/interop/server"
	"rtmpwriter/publish"
)

const (
	// congestedAfter is when the link becomes too narrow, congestedFor how long it
	// is, and congestionFilm, in seconds, what is published in all.
	congestedAfter, congestedFor, congestionFilm = 3 * time.Second, 20 * time.Second, 29
	// congestedTo is what the link takes of the stream's bit rate, in percent.
	congestedTo = 60
	// congestionCap is the latency cap; recoveryBound how long after the link is
	// wide again the latency may be above it.
	congestionCap, recoveryBound = time.Second, 2 * time.Second
	// wideLink is the link's bit rate without congestion. Its queue is that of a
	// router at home.
	wideLink, routerQueue = "20mbit", "64kb"
)

// TestCongestion publishes live through a link that takes 60 % of the stream for
// 20 s: no sound is missing, all that arrives can be decoded, and the latency is
// back below the cap soon after.
func TestCongestion(t *testing.T) {
	if !has(t, server.Installed("ip", "nsenter", "tc", "ffmpeg")()) {
		return
	}
	film := develop(t, film(t, congestionFilm, "keyint=50:scenecut=0:bframes=2:b-adapt=0:b-pyramid=none:bitrate=3000:vbv-maxrate=3000:vbv-bufsize=1500"))
	here, there, err := cable(t)
	if err == nil {
		err = here.shape("add", "tbf", "rate", wideLink, "burst", "16kb", "limit", routerQueue)
	}
	if err != nil { // a right that is missing, or a kernel without it, can't be installed
		lack(t, err)
		return
	}
	log := &arrivals{film: film, written: make([]time.Time, len(film.pieces)), at: map[[32]byte]time.Time{}}
	var taker *receiver.Receiver
	require.NoError(t, there.inside(func() (err error) {
		taker, err = receiver.Start(t.Context(), receiver.Config{Addr: peerThere + ":0", OnMessage: log.take})
		return err
	}))
	defer taker.Close()
	o := publish.DefaultOptions()
	o.URL = taker.URL("live", "congested")
	o.LiveMode, o.BufferOverflow, o.LatencyCap = true, publish.OverflowDrop, congestionCap
	o.ReceiveTimeout = 10 * time.Second
	p, err := publish.New(o, publish.WithDialer(func(ctx context.Context, network, addr string) (conn net.Conn, err error) {
		err = here.inside(func() (err error) {
			conn, err = (&net.Dialer{Control: cubic}).DialContext(ctx, network, addr)
			return err
		})
		return conn, err
	}))
	require.NoError(t, err)
	require.NoError(t, p.SetTracks(film.tracks...))
	ended := make(chan error, 1)
	go func() { ended <- p.Run(t.Context()) }()
	require.NoError(t, p.Connect(t.Context()))

	narrow := fmt.Sprintf("%dbit", film.bitRate()*congestedTo/100)
	var shaped sync.WaitGroup
	var recovered time.Time
	began := time.Now()
	shaped.Go(func() {
		<-time.After(congestedAfter)
		err = here.shape("change", "tbf", "rate", narrow, "burst", "16kb", "limit", routerQueue)
		<-time.After(congestedFor)
		err = errors.Join(err, here.shape("change", "tbf", "rate", wideLink, "burst", "16kb", "limit", routerQueue))
		recovered = time.Now()
	})
	for i, packet := range film.packets {
		<-time.After(time.Until(began.Add(packet.DTS-film.packets[0].DTS)) + time.Microsecond)
		log.write(i)
		require.NoError(t, p.Write(t.Context(), packet))
	}
	shaped.Wait()
	require.NoError(t, err)
	require.NoError(t, p.Shutdown(bounded(t)))
	require.NoError(t, <-ended)
	result, err := taker.Wait(bounded(t))
	require.NoError(t, err)

	t.Logf("link %s; %s; %+v", narrow, log.report(began, recovered), p.Stats())
	require.Equal(t, film.counts[audioTag], result.Audio.Frames, "no sound is missing")
	require.NotEqual(t, film.counts[videoTag], result.Video.Frames, "there was congestion")
	require.LessOrEqual(t, log.above(congestionCap).Sub(recovered), recoveryBound)
	(&recording{name: "congestion", pieces: film.pieces, flv: log.file.Bytes()}).decodes(t)
}

// cubic makes a connection use what most systems do. BBR, where that is the system's
// own, now and then takes a narrow link for somebody who polices the rate, and keeps
// to that rate for seconds after the link is wide again.
func cubic(_, _ string, conn syscall.RawConn) (err error) {
	if failed := conn.Control(func(fd uintptr) {
		err = unix.SetsockoptString(int(fd), unix.IPPROTO_TCP, unix.TCP_CONGESTION, "cubic")
	}); failed != nil {
		return failed
	}
	return os.NewSyscallError("setsockopt TCP_CONGESTION cubic", err)
}

// bitRate is the film's, in bits a second.
func (f *footage) bitRate() (bits int) {
	for _, p := range f.packets {
		bits += 8 * len(p.Data)
	}
	return bits / congestionFilm
}

// arrivals is when frames were written, and when they arrived.
type arrivals struct {
	film    *footage
	mu      sync.Mutex
	written []time.Time
	at      map[[32]byte]time.Time
	file    server.FLV
}

func (a *arrivals) write(i int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.written[i] = time.Now()
}

func (a *arrivals) take(m receiver.Message) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.at[m.Sum] = time.Now()
	a.file.AddMessage(m)
}

// above is when a frame came last that was later than the cap.
func (a *arrivals) above(latency time.Duration) (last time.Time) {
	for i, p := range a.film.pieces {
		if at, ok := a.at[p.sum]; ok && at.Sub(a.written[i]) > latency && at.After(last) {
			last = at
		}
	}
	return last
}

// report tells the worst latency before, in and after the congestion, by kind.
func (a *arrivals) report(began, recovered time.Time) string {
	var worst [3]map[byte]time.Duration
	var arrived [3]int
	for i := range worst {
		worst[i] = map[byte]time.Duration{}
	}
	for i, p := range a.film.pieces {
		at, ok := a.at[p.sum]
		if !ok {
			continue
		}
		phase := 1
		switch {
		case at.Before(began.Add(congestedAfter)):
			phase = 0
		case at.After(recovered):
			phase = 2
		}
		arrived[phase]++
		worst[phase][p.kind] = max(worst[phase][p.kind], at.Sub(a.written[i]))
	}
	text := ""
	for i, when := range []string{"before", "congested", "after"} {
		text += fmt.Sprintf("%s: video %v audio %v; ", when, worst[i][videoTag].Round(time.Millisecond), worst[i][audioTag].Round(time.Millisecond))
	}
	return text + fmt.Sprintf("last above the cap %v after the recovery; arrived %v", a.above(congestionCap).Sub(recovered).Round(time.Millisecond), arrived)
}
