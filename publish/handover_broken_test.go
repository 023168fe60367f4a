package publish_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// A server that takes no second publisher is left first; where it is not there then,
// that is an outage like any other, and no live Write waits for its end.
func TestHandoverToNobodyIsAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		busy := 0
		f, s, c := startFleet(t, map[string]rtmptest.Script{"127.0.0.1": {On: map[string]rtmptest.Handler{"publish": func(s *rtmptest.Session, m rtmptest.Message) {
			if busy++; busy == 2 {
				rtmptest.Refuse("NetStream.Publish.BadName", "in use")(s, m)
				return
			}
			rtmptest.Default()(s, m)
		}}}}, func(o *publish.Options) {
			o.OutputBufferSize, o.ReconnectUnlimited, o.ReconnectInterval = 0, true, 500*ms
		})
		f.ask("")
		require.NoError(t, c.run(100*ms))
		down := func(is bool) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.down["127.0.0.1"] = is
		}
		down(true)
		time.AfterFunc(10*time.Second, func() { down(false) })
		require.NoError(t, c.run(15*time.Second))
		require.LessOrEqual(t, c.slow, 10*ms)
		require.NoError(t, s.finishOn())
		f.close()
		require.Equal(t, 1, s.Stats().Reconnects)
		for _, session := range f.sessions {
			wellBegun(t, mediaOf(session), true)
		}
	})
}

// A session that ends while it waits for its keyframe is not turned to.
func TestHandoverToAServerThatIsGoneAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, s, c := startFleet(t, map[string]rtmptest.Script{"127.0.0.1": {}, "127.0.0.2": {}}, func(o *publish.Options) {
			o.ReconnectUnlimited, o.ReconnectInterval = true, 500*ms
		})
		f.ask("rtmp://127.0.0.2/live")
		require.NoError(t, c.run(200*ms))
		require.Len(t, f.served(), 2)
		f.last().Reset()
		require.NoError(t, c.run(3*time.Second))
		require.NoError(t, s.finishOn())
		f.close()
		require.Zero(t, s.Stats().FramesLost+s.Stats().Reconnects, "%+v", s.Stats())
		union(t, f.sessions[:1], c.length())
	})
}

// One that ends as soon as it has been turned to is an outage, and no start that
// failed.
func TestHandoverToAServerThatGoesIsAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, s, c := startFleet(t, map[string]rtmptest.Script{"127.0.0.1": {}, "127.0.0.2": {Message: func(s *rtmptest.Session, m rtmptest.Message) {
			if m.Type == 9 {
				s.Reset()
			}
		}}}, func(o *publish.Options) { o.ReconnectUnlimited, o.ReconnectInterval = true, 500*ms })
		f.ask("rtmp://127.0.0.2/live")
		require.NoError(t, c.run(5*time.Second))
		require.NoError(t, s.finishOn())
		f.close()
		require.Equal(t, []string{"127.0.0.1", "127.0.0.2", "127.0.0.1"}, f.served())
	})
}

// closesLate is a server that closes a second and a half after its publisher.
var closesLate = rtmptest.Script{On: map[string]rtmptest.Handler{"end": func(*rtmptest.Session, rtmptest.Message) { pass(1500 * ms) }}}

// With outage-mode live nothing is left out at a handover either.
func TestHandoverInOutageModeLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, s, c := startFleet(t, map[string]rtmptest.Script{"127.0.0.1": closesLate, "127.0.0.2": {}},
			func(o *publish.Options) { resuming(o); o.OutageMode = publish.OutageLive })
		f.ask("rtmp://127.0.0.2/live")
		require.NoError(t, c.run(5*time.Second))
		require.NoError(t, s.finishOn())
		f.close()
		require.Zero(t, s.Stats().FramesLost, "%+v", s.Stats())
		union(t, f.sessions, c.length())
	})
}

// Shutdown is over when its context is, also while an old session parts.
func TestShutdownWhileAnOldSessionParts(t *testing.T) {
	for _, buffer := range []time.Duration{0, 30 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			f, s, c := startFleet(t, map[string]rtmptest.Script{"127.0.0.1": closesLate, "127.0.0.2": {}},
				func(o *publish.Options) { o.OutageBuffer = buffer })
			f.ask("rtmp://127.0.0.2/live")
			require.NoError(t, c.run(600*ms)) // the keyframe is at 3 s
			began := time.Now()
			ctx, cancel := context.WithTimeout(context.Background(), 100*ms)
			defer cancel()
			_ = s.Shutdown(ctx)
			require.Less(t, time.Since(began), 300*ms, "%v", buffer)
			<-s.ended
			f.close()
		})
	}
}
