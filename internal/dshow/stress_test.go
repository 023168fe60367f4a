package dshow

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/internal/com"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// hands are what an application and its graph do with a filter, in any order and
// from several threads.
func (r *rig) hands(rnd *rand.Rand) (name string, do func(), bound time.Duration) {
	pin := rnd.IntN(2)
	switch rnd.IntN(12) {
	case 0:
		return "stop", r.Stop, 500 * ms
	case 1:
		return "pause", func() { _ = r.Pause() }, 0
	case 2, 3, 4:
		return "run", func() { _ = r.Run() }, 0
	case 5:
		return "flush", func() { r.BeginFlush(pin); r.EndFlush(pin) }, 0
	case 6:
		return "end", func() { r.EndOfStream(pin) }, 0
	case 7:
		return "disconnect", func() { _ = r.Disconnect() }, 500 * ms
	case 8:
		return "connect", func() { _ = r.BeginConnect() }, 0
	case 9:
		return "reconnect", func() { r.Reconnect() }, 0
	case 10:
		return "network", func() { r.down.Store(rnd.IntN(3) == 0) }, 0
	default:
		return "look", func() { _, _, _ = r.Status(), r.Stats(), r.Busy() }, 0
	}
}

// TestAnyOrder drives filters at random for an hour of virtual time each, with
// samples on both pins, two threads of control and servers that come and go. No
// call takes longer than it may, and the filter works afterwards.
func TestAnyOrder(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			change := func(o *publish.Options) {
				o.OutputBufferSize = []int{0, 3000, 100_000}[seed%3]
				o.LiveMode = seed%2 == 0
				reconnects(o)
			}
			inTime(t, rtmptest.Script{Discard: true}, change, func(r *rig) { r.anyOrder(seed) })
		})
	}
}

func (r *rig) anyOrder(seed uint64) {
	over := make(chan struct{})
	var all sync.WaitGroup
	for pin := range 2 {
		all.Go(func() {
			for {
				select {
				case <-over:
					return
				case <-time.After(20 * ms):
					r.next(pin, 200)
				}
			}
		})
	}
	for thread := range uint64(2) {
		rnd := rand.New(rand.NewPCG(seed, thread))
		all.Go(func() {
			for range 700 {
				<-time.After(time.Duration(1+rnd.IntN(2000)) * ms)
				name, do, bound := r.hands(rnd)
				began := time.Now()
				do()
				if took := time.Since(began); took > bound {
					r.t.Errorf("%s took %v", name, took)
				}
			}
		})
	}
	all.Go(func() { <-time.After(700 * time.Second); close(over) })
	all.Wait()
	r.worksAfterwards()
}

func (r *rig) worksAfterwards() {
	r.t.Helper()
	r.Stop()
	require.NoError(r.t, r.Disconnect())
	<-time.After(2 * leavesWithin)
	r.down.Store(false)
	r.frames = [2]int{}
	before := len(r.graph.events())
	require.NoError(r.t, r.Run())
	synctest.Wait()
	r.play(2 * time.Second)
	require.Equal(r.t, com.OK, r.EndOfStream(video))
	require.Equal(r.t, com.OK, r.EndOfStream(audio))
	<-time.After(time.Second)
	require.Equal(r.t, []string{connected, complete}, r.graph.events()[before:])
}
