package publish_test

import (
	"context"
	"net"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp"
	"rtmpwriter/rtmp/rtmptest"
)

// farm has a server a host, each of which may be down.
type farm struct {
	*network
	mu      sync.Mutex // guards what follows
	servers map[string]*rtmptest.Server
	down    map[string]bool
}

// set changes the farm.
func (f *farm) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

const (
	hostA = "192.0.2.1"
	hostB = "192.0.2.2"
	hostC = "192.0.2.3"
)

func newFarm(t *testing.T) *farm {
	t.Helper()
	f := &farm{servers: map[string]*rtmptest.Server{}, down: map[string]bool{}}
	for _, host := range []string{hostA, hostB, hostC} {
		f.servers[host] = rtmptest.NewPipeServer(t, rtmptest.Script{})
		t.Cleanup(f.servers[host].Close)
	}
	f.network = newNetwork(func(_ int, addr string) (net.Conn, error) {
		host, _, _ := net.SplitHostPort(addr)
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.down[host] {
			return nil, syscall.ECONNREFUSED
		}
		return f.servers[host].Dial(context.Background(), "tcp", addr)
	})
	return f
}

// cut ends the oldest session of a host that was not looked at.
func (f *farm) cut(host string) { f.servers[host].Session().Reset() }

func three(o *publish.Options) {
	unlimited(o)
	o.LiveMode = true
	o.URL = "rtmp://" + hostA + "/live+s3cret"
	o.BackupURLs = []string{"rtmp://" + hostB + "/live/s3cret", "rtmp://" + hostC + "/other+s3cret"}
}

func TestOptionBackupURLs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFarm(t)
		s := startOn(t, f.network, three, videoInBand, rawAAC)
		c := &camera{s: s}
		require.NoError(t, c.run(7*time.Second))
		f.set(func() { f.down[hostA], f.down[hostB] = true, true })
		f.cut(hostA)
		require.NoError(t, c.run(10*time.Second))
		require.Equal(t, []string{hostA, hostA, hostB, hostC}, f.hosts(), "in their order")
		require.Contains(t, s.Status().URL, hostC, "the status tells which")
		require.NotContains(t, s.Status().URL, "s3cret")
		f.set(func() { f.down[hostB], f.down[hostC] = false, true })
		f.cut(hostC)
		require.NoError(t, c.run(10*time.Second))
		require.Equal(t, []string{hostC, hostA, hostB}, f.hosts()[4:], "the one that worked, then on, after the last the first")
		require.NoError(t, s.finishOn())
		session := f.servers[hostB].Session()
		<-session.Ended()
		wellBegun(t, mediaOf(session), true)
		require.Equal(t, "s3cret", session.WaitCommand("publish").Command().Args[1])
	})
}

// The start tries each once, without a wait.
func TestBackupURLsAtTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFarm(t)
		f.set(func() { f.down[hostA] = true })
		s := startOn(t, f.network, three, videoInBand, rawAAC)
		c := &camera{s: s}
		require.NoError(t, c.run(time.Second))
		require.Equal(t, []string{hostA, hostB}, f.hosts())
		require.Zero(t, f.waits()[0])
		require.NoError(t, s.finishOn())

		f.set(func() { f.down[hostB], f.down[hostC] = true, true })
		s = startOn(t, f.network, three, videoInBand)
		err := <-s.ended
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
		for _, host := range []string{hostA, hostB, hostC} {
			require.ErrorContains(t, err, host, "why each failed")
		}
	})
}

func TestOptionBackupReturn(t *testing.T) {
	for _, back := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			f := newFarm(t)
			f.set(func() { f.down[hostA] = true })
			s := startOn(t, f.network, func(o *publish.Options) { three(o); o.BackupReturn = back }, videoInBand, rawAAC)
			c := &camera{s: s}
			require.NoError(t, c.run(7*time.Second))
			f.set(func() { f.down[hostA] = false })
			f.cut(hostB)
			require.NoError(t, c.run(7*time.Second))
			want := hostB
			if back {
				want = hostA
			}
			require.Equal(t, []string{hostA, hostB, want}, f.hosts())
			require.NoError(t, s.finishOn())
		})
	}
}

// A refusal for good leaves that URL out; when all refuse, it ends.
func TestPermanentRefusalsAndBackupURLs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFarm(t)
		s := startOn(t, f.network, three, videoInBand, rawAAC)
		c := &camera{s: s}
		require.NoError(t, c.run(7*time.Second))
		denied := map[string]*rtmptest.Server{}
		for _, host := range []string{hostA, hostB, hostC} {
			denied[host] = rtmptest.NewPipeServer(t, rtmptest.Script{On: map[string]rtmptest.Handler{
				"connect": rtmptest.Refuse("NetConnection.Connect.InvalidApp", "no such application"),
			}})
			t.Cleanup(denied[host].Close)
		}
		f.set(func() { f.servers[hostB], f.down[hostC] = denied[hostB], true })
		first := f.servers[hostA]
		f.set(func() { f.down[hostA] = true })
		first.Session().Reset()
		require.NoError(t, c.run(6500*ms))
		require.Equal(t, []string{hostA, hostA, hostB, hostC, hostA, hostC, hostA}, f.hosts(), "B is not asked again")
		f.set(func() {
			f.servers[hostA], f.servers[hostC] = denied[hostA], denied[hostC]
			clear(f.down)
		})
		var status *rtmp.StatusError
		require.ErrorAs(t, <-s.ended, &status)
		require.ErrorAs(t, s.Status().Err, &status)
	})
}

// Backups are checked like the URL, and follow the same rule of the key.
func TestBackupURLsAreChecked(t *testing.T) {
	o := publish.DefaultOptions()
	o.URL = "rtmp://127.0.0.1/live+s3cret"
	for _, bad := range []string{"http://example.com/live+s3cret", "rtmp://127.0.0.1:99999/live+s3cret", "rtmp://127.0.0.1/s3cret"} {
		o.BackupURLs = []string{"rtmp://127.0.0.1/b+s3cret", bad}
		_, err := publish.New(o)
		var wrong *publish.OptionError
		require.ErrorAs(t, err, &wrong, bad)
		require.Equal(t, "backup-urls", wrong.Name)
		require.ErrorContains(t, err, "backup url 2")
		require.NotContains(t, err.Error(), "s3cret")
	}
	o.URL, o.StreamKey, o.BackupURLs = "rtmp://127.0.0.1/live", "s3cret", []string{"rtmp://127.0.0.1/b/inst"}
	urls, err := o.ParseURLs()
	require.NoError(t, err)
	require.Equal(t, "s3cret", urls[1].StreamKey())
	require.Equal(t, "b/inst", urls[1].App)
	o.BackupURLs = []string{"rtmp://127.0.0.1/b+other"}
	_, err = o.ParseURLs()
	require.Error(t, err)
	require.NotContains(t, err.Error(), "other")
}

// "Already publishing" is our own old session until the server lets go of it;
// a bad key stays bad.
func TestWhatIsTriedAgain(t *testing.T) {
	for code, again := range map[string]bool{
		"NetStream.Publish.BadName": true, "NetStream.Publish.Denied": false, "NetStream.Publish.Unauthorized": false,
	} {
		synctest.Test(t, func(t *testing.T) {
			good := rtmptest.NewPipeServer(t, rtmptest.Script{})
			defer good.Close()
			refusing := rtmptest.NewPipeServer(t, rtmptest.Script{On: map[string]rtmptest.Handler{
				"publish": rtmptest.Refuse(code, "no"),
			}})
			defer refusing.Close()
			n := newNetwork(func(n int, addr string) (net.Conn, error) {
				if n == 0 || n > 7 {
					return good.Dial(t.Context(), "tcp", addr)
				}
				return refusing.Dial(t.Context(), "tcp", addr)
			})
			s := startOn(t, n, func(o *publish.Options) { unlimited(o); o.LiveMode = true }, videoInBand, rawAAC)
			c := &camera{s: s}
			require.NoError(t, c.run(7*time.Second))
			good.Session().Reset()
			err := c.run(10 * time.Second)
			if again {
				require.NoError(t, err)
				require.Len(t, n.attempts(), 9)
				require.NoError(t, s.finishOn())
				return
			}
			require.ErrorIs(t, err, publish.ErrClosed)
			require.Len(t, n.attempts(), 2)
			var status *rtmp.StatusError
			require.ErrorAs(t, <-s.ended, &status)
			require.Equal(t, code, status.Code)
		})
	}
}
