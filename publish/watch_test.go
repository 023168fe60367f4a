package publish_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// A watcher that looks at nothing until all is over sees every change that came
// since it began, once and in order: the same as one that looked at each as it
// came. One that begins late begins with what is.
func TestSlowWatchersSeeEveryChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const cuts = 20
		server := rtmptest.NewPipeServer(t, rtmptest.Script{})
		defer server.Close()
		s := startOn(t, to(server), func(o *publish.Options) { unlimited(o); o.LiveMode = true }, videoInBand, rawAAC)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		slow, quick := s.Watch(ctx), s.states()
		c := &camera{s: s}
		for range cuts {
			require.NoError(t, c.run(6*time.Second))
			server.Session().Reset()
			require.NoError(t, c.run(2*time.Second))
		}
		require.NoError(t, s.finishOn())

		want := []publish.State{publish.Connected}
		for range cuts {
			want = append(want, publish.Reconnecting, publish.Connected)
		}
		want = append(want, publish.Disconnected)
		cancel()
		seen := slices.Collect(slow)
		if seen[0].State == publish.Disconnected { // the watcher came before the connection
			seen = seen[1:]
		}
		require.Equal(t, want, kinds(seen))
		require.Equal(t, seen, quick())
		require.True(t, slices.IsSortedFunc(seen, func(a, b publish.Status) int { return a.Time.Compare(b.Time) }))
		require.Equal(t, []publish.Status{s.Status()}, slices.Collect(s.Watch(ctx)), "and no other change")
	})
}
