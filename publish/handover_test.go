package publish_test

import (
	"context"
	"net"
	"slices"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// fleet is a number of servers in memory, by the host of their address.
type fleet struct {
	*network
	mu       sync.Mutex
	sessions []*rtmptest.Session
	hosts    []string
	servers  map[string]*rtmptest.Server
	down     map[string]bool
}

func newFleet(t *testing.T, scripts map[string]rtmptest.Script) *fleet {
	t.Helper()
	f := &fleet{servers: map[string]*rtmptest.Server{}, down: map[string]bool{}}
	for host, script := range scripts {
		f.servers[host] = rtmptest.NewPipeServer(t, script)
	}
	f.network = newNetwork(func(_ int, addr string) (net.Conn, error) {
		host, _, _ := net.SplitHostPort(addr)
		f.mu.Lock()
		defer f.mu.Unlock()
		server := f.servers[host]
		if server == nil || f.down[host] {
			return nil, syscall.ECONNREFUSED
		}
		conn, err := server.Dial(context.Background(), "tcp", addr)
		f.sessions, f.hosts = append(f.sessions, server.Session()), append(f.hosts, host)
		return conn, err
	})
	return f
}

func (f *fleet) last() *rtmptest.Session {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.sessions[len(f.sessions)-1]
}

func (f *fleet) close() {
	for _, s := range f.servers {
		s.Close()
	}
	for _, s := range f.sessions {
		<-s.Ended()
	}
}

// served is the host of each session.
func (f *fleet) served() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.hosts)
}

func startFleet(t *testing.T, scripts map[string]rtmptest.Script, change func(*publish.Options)) (*fleet, *stream, *camera) {
	t.Helper()
	f := newFleet(t, scripts)
	s := startOn(t, f.network, func(o *publish.Options) {
		o.LiveMode = true
		if change != nil {
			change(o)
		}
	}, videoInBand, rawAAC)
	c := &camera{s: s}
	require.NoError(t, c.run(2500*ms))
	return f, s, c
}

// ask has the server of the present session ask for another one.
func (f *fleet) ask(tcURL string) { f.last().Send(rtmptest.ReconnectRequest(tcURL, "maintenance")) }

// A server that asks for it is left at a keyframe, when the new session is up
// already; nothing is lost and nothing comes twice.
func TestOptionHandover(t *testing.T) {
	for _, on := range []bool{true, false} {
		for _, buffer := range []time.Duration{0, 30 * time.Second} {
			synctest.Test(t, func(t *testing.T) {
				f, s, c := startFleet(t, map[string]rtmptest.Script{"127.0.0.1": {AckEvery: 500}, "127.0.0.2": {}}, func(o *publish.Options) { o.Handover, o.OutageBuffer = on, buffer })
				states := s.states()
				first := f.last()
				_, told := rtmptest.Property(first.WaitCommand("connect"), "capsEx")
				require.Equal(t, on, told)
				f.ask("rtmp://127.0.0.2/live")
				require.NoError(t, c.run(4*time.Second))
				require.NoError(t, s.finishOn())
				f.close()
				stats := s.Stats()
				if !on {
					require.Equal(t, []string{"127.0.0.1"}, f.served())
					return
				}
				require.Equal(t, []string{"127.0.0.1", "127.0.0.2"}, f.served())
				require.Equal(t, 1, stats.Handovers)
				require.Zero(t, stats.FramesLost+stats.FramesDropped+stats.FramesResent+stats.Reconnects, "%+v", stats)
				require.Equal(t, c.wrote, total(stats))
				require.Contains(t, first.Commands(), "deleteStream", "the old one ends politely")
				list := mediaOf(f.sessions[1])
				require.EqualValues(t, 3000, firstPicture(t, list), "the keyframe after the request")
				wellBegun(t, list, true)
				union(t, f.sessions, c.length())
				for _, status := range states()[1:] {
					require.Equal(t, publish.Disconnected, status.State, "no outage")
				}
				require.LessOrEqual(t, c.slow, 10*ms)
			})
		}
	}
}

// The old server goes before the keyframe comes: the new session is there.
func TestHandoverFromAServerThatGoesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, s, c := startFleet(t, map[string]rtmptest.Script{"127.0.0.1": {AckEvery: 500}, "127.0.0.2": {}}, func(o *publish.Options) { resuming(o) })
		f.ask("rtmp://127.0.0.2/live")
		require.NoError(t, c.run(200*ms))
		f.sessions[0].Reset()
		require.NoError(t, c.run(4300*ms))
		require.NoError(t, s.finishOn())
		f.close()
		require.Equal(t, 1, s.Stats().Handovers)
		require.Zero(t, s.Stats().FramesLost)
		union(t, f.sessions, c.length())
	})
}

// A server that is being restarted is not there for a while, and one that takes
// no second publisher of a name is left first.
func TestHandoverToTheSameServer(t *testing.T) {
	busy := 0
	for name, script := range map[string]rtmptest.Script{
		"not there": {AckEvery: 500},
		"in use": {AckEvery: 500, On: map[string]rtmptest.Handler{"publish": func(s *rtmptest.Session, m rtmptest.Message) {
			if busy++; busy == 2 {
				rtmptest.Refuse("NetStream.Publish.BadName", "in use")(s, m)
				return
			}
			rtmptest.Default()(s, m)
		}}},
	} {
		synctest.Test(t, func(t *testing.T) {
			busy = 0
			f, s, c := startFleet(t, map[string]rtmptest.Script{"127.0.0.1": script}, func(o *publish.Options) { resuming(o) })
			f.mu.Lock()
			f.down["127.0.0.1"] = name == "not there"
			f.mu.Unlock()
			f.ask("")
			require.NoError(t, c.run(1500*ms))
			f.mu.Lock()
			f.down["127.0.0.1"] = false
			f.mu.Unlock()
			require.NoError(t, c.run(6*time.Second))
			require.NoError(t, s.finishOn())
			f.close()
			require.Equal(t, 1, s.Stats().Handovers, name)
			require.Zero(t, s.Stats().FramesLost+s.Stats().FramesDropped)
			union(t, f.sessions, c.length())
		})
	}
}

// Two servers that send the publisher to each other do not keep it busy.
func TestHandoverLoopEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to := func(host string) rtmptest.Script {
			return rtmptest.Script{On: map[string]rtmptest.Handler{"publish": rtmptest.Then(rtmptest.Default(), rtmptest.Say(rtmptest.ReconnectRequest("rtmp://"+host+"/live", "")))}}
		}
		f, s, c := startFleet(t, map[string]rtmptest.Script{"127.0.0.1": to("127.0.0.2"), "127.0.0.2": to("127.0.0.1")}, nil)
		require.NoError(t, c.run(2*time.Minute))
		require.NoError(t, s.finishOn())
		f.close()
		require.LessOrEqual(t, len(f.served()), 6)
		require.Zero(t, s.Stats().FramesLost+s.Stats().FramesDropped)
		union(t, f.sessions, c.length())
	})
}

// What is under way when the stream ends is ended with it.
func TestEndDuringAHandover(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, s, _ := startFleet(t, map[string]rtmptest.Script{
			"127.0.0.1": {},
			"127.0.0.2": {On: map[string]rtmptest.Handler{"connect": rtmptest.Silent()}},
			"127.0.0.3": {},
		}, nil)
		f.ask("rtmp://127.0.0.2/live")
		pass(100 * ms)
		began := time.Now()
		require.NoError(t, s.finishOn())
		require.Less(t, time.Since(began), time.Second)
		f.close()
	})
	synctest.Test(t, func(t *testing.T) {
		f, s, _ := startFleet(t, map[string]rtmptest.Script{"127.0.0.1": {}, "127.0.0.3": {}}, nil)
		f.ask("rtmp://127.0.0.3/live")
		pass(100 * ms) // the new session is up, and no keyframe comes
		require.NoError(t, s.finishOn())
		f.close()
		require.Zero(t, s.Stats().Handovers)
	})
}
