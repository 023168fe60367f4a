package check

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rtmpwriter/rtmp"
	"rtmpwriter/rtmp/rtmptest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const key = "opensesame"

// look checks a scripted server over real TCP.
func look(t *testing.T, script rtmptest.Script, o Options) (*Report, *rtmptest.Server) {
	t.Helper()
	server := rtmptest.NewServer(t, script)
	u, err := rtmp.ParseURL(strings.Replace(server.URL("live/"+key), "127.0.0.1", "localhost", 1), "")
	require.NoError(t, err)
	return Run(context.Background(), u, rtmp.Config{}, o), server
}

func find(t *testing.T, r *Report, step string) Finding {
	t.Helper()
	for _, f := range r.Steps {
		if f.Step == step && (f.Result != Warning || step != stepTCP) {
			return f
		}
	}
	t.Fatalf("no step %s in %+v", step, r.Steps)
	return Finding{}
}

func TestGoodServer(t *testing.T) {
	var shown []string
	r, server := look(t, rtmptest.Script{}, Options{Progress: func(f Finding) { shown = append(shown, f.Step) }})
	require.NoError(t, r.Err)
	require.True(t, r.OK)
	require.Equal(t, OK, find(t, r, stepResolve).Result)
	require.Contains(t, find(t, r, stepResolve).Detail, "IPv4 127.0.0.1")
	require.Equal(t, OK, find(t, r, stepClose).Result)
	require.Equal(t, Skipped, find(t, r, stepThroughput).Result)
	require.Positive(t, r.RoundTrip)
	require.Len(t, shown, len(r.Steps))
	require.NotContains(t, r.URL, key)
	s := server.Session()
	<-s.Ended()
	for _, m := range s.Messages() {
		require.NotContains(t, []uint8{8, 9, 18}, m.Type, "nothing is sent beyond the publish")
	}
}

func TestThroughput(t *testing.T) {
	var bytes int
	video := Video{Config: []byte{1, 2, 3}, Keyframe: []byte{0, 0, 0, 1, 0x65}}
	r, server := look(t, rtmptest.Script{Discard: true, Message: func(_ *rtmptest.Session, m rtmptest.Message) {
		if m.Type == uint8(rtmp.TypeVideo) {
			bytes += len(m.Body)
		}
	}}, Options{Measure: 200 * time.Millisecond, Video: video})
	require.NoError(t, r.Err)
	<-server.Session().Ended()
	require.Positive(t, r.Throughput)
	require.Greater(t, bytes, fillerSize)
	require.LessOrEqual(t, r.Throughput/8/5, int64(bytes)*2, "not more than arrived, in 0.16 s")
}

// Every way a server says no ends at the right step, with advice and without
// the stream key.
func TestFailures(t *testing.T) {
	on := func(name string, h rtmptest.Handler) rtmptest.Script {
		return rtmptest.Script{On: map[string]rtmptest.Handler{name: h}}
	}
	for name, c := range map[string]struct {
		script       rtmptest.Script
		step, advice string
	}{
		"in use":       {on("publish", rtmptest.Refuse("NetStream.Publish.BadName", "Already publishing "+key)), "publish", "published already"},
		"denied":       {on("publish", rtmptest.Refuse("NetStream.Publish.Denied", "no")), "publish", "stream key"},
		"no app":       {on("connect", rtmptest.Refuse("NetConnection.Connect.InvalidApp", "no")), "connect", "application's name"},
		"wants auth":   {on("connect", rtmptest.Refuse("NetConnection.Connect.Rejected", "code=403 need auth; authmod=adobe")), "authentication", "user name and password"},
		"silent close": {on("connect", rtmptest.Hangup()), "connect", "application's name"},
		"not RTMP":     {on("accept", rtmptest.Hangup()), "handshake", "rtmps://"},
		"late close":   {on("publish", rtmptest.Then(rtmptest.Default(), rtmptest.Hangup())), "publish", "stream key"},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := look(t, c.script, Options{})
			require.Error(t, r.Err)
			require.False(t, r.OK)
			f := r.Steps[len(r.Steps)-1]
			require.Equal(t, Failed, f.Result)
			require.Equal(t, c.step, f.Step)
			require.Contains(t, f.Advice, c.advice)
			require.NotContains(t, f.Error, key)
		})
	}
}

func TestNothingListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := l.Addr().String()
	require.NoError(t, l.Close())
	u, err := rtmp.ParseURL("rtmp://"+addr+"/live/"+key, "")
	require.NoError(t, err)
	r := Run(context.Background(), u, rtmp.Config{}, Options{})
	require.Error(t, r.Err)
	require.Equal(t, Skipped, find(t, r, stepResolve).Result, "an address needs no name")
	require.Equal(t, Failed, find(t, r, stepTCP).Result)
	require.Contains(t, find(t, r, stepTCP).Error, "refused")
}

func TestForeignWordsAreCleaned(t *testing.T) {
	require.Equal(t, "a?b?", clean("a\x1bb\xff"))
	require.Len(t, []rune(clean(strings.Repeat("x", 500))), maxWord+1)
}
