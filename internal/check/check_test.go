package check

import (
	"context"
	"encoding/json"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp"
	"rtmpwriter/rtmp/rtmptest"
)

// look checks a scripted server over real TCP.
func look(t *testing.T, script rtmptest.Script, o Options) (*Report, *rtmptest.Server) {
	t.Helper()
	server := rtmptest.NewServer(t, script)
	u, err := rtmp.ParseURL(strings.Replace(server.URL("live/"+key), "127.0.0.1", "localhost", 1), "")
	require.NoError(t, err)
	return Run(context.Background(), u, rtmp.Config{}, o), server
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
	<-server.Session().Ended()
}

// The throughput is what the server takes, not what the buffers on the way take
// at first.
func TestThroughput(t *testing.T) {
	for _, rate := range []int{50_000, 1_000_000} {
		synctest.Test(t, func(t *testing.T) {
			server := rtmptest.NewPipeServer(t, rtmptest.Script{Discard: true, ReadRate: rate, PipeSize: 20_000})
			defer server.Close()
			video := Video{Config: []byte{1, 2, 3}, Keyframe: []byte{0, 0, 0, 1, 0x65}}
			began := time.Now()
			r := Run(t.Context(), urlOf(t, server), rtmp.Config{Dial: server.Dial}, Options{Measure: 20 * time.Second, Video: video})
			require.NoError(t, r.Err)
			require.InEpsilon(t, rate*8, r.Throughput, 0.1)
			require.InDelta(t, 20, time.Since(began).Seconds(), 3, "it takes as long as it was told to")
			require.Equal(t, OK, find(t, r, stepThroughput).Result)
			session := server.Session()
			<-session.Ended()
			var last uint32
			for _, m := range session.Messages() {
				if m.Type == uint8(rtmp.TypeVideo) {
					require.GreaterOrEqual(t, m.Timestamp, last)
					last = m.Timestamp
				}
			}
			require.InDelta(t, 20_000, last, 1000, "for the server the stream lasts no longer")
		})
	}
}

// No more is sent than streams need, whatever the server takes.
func TestThroughputIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{Discard: true})
		defer server.Close()
		video := Video{Config: []byte{1, 2, 3}, Keyframe: []byte{0, 0, 0, 1, 0x65}}
		r := Run(t.Context(), urlOf(t, server), rtmp.Config{Dial: server.Dial}, Options{Measure: 2 * time.Second, Video: video})
		require.NoError(t, r.Err)
		require.InEpsilon(t, maxRate, r.Throughput, 0.02)
		require.Equal(t, "at least 200 Mbit/s (no more is sent)", find(t, r, stepThroughput).Detail)
		session := server.Session()
		<-session.Ended()
		var sent int
		for _, m := range session.Messages() {
			sent += m.Size
		}
		require.InEpsilon(t, 2*maxRate/8, sent, 0.05)
	})
	require.Equal(t, "189.9 Mbit/s", rateText(189_900_000), "slower is told as it is")
}

// Nothing but the start and the end of a live stream reaches the server,
// whatever the options say.
func TestLeavesNoTrace(t *testing.T) {
	server := rtmptest.NewServer(t, rtmptest.Script{})
	r := Run(t.Context(), urlOf(t, server), rtmp.Config{PublishMode: rtmp.PublishRecord}, Options{})
	require.NoError(t, r.Err)
	s := server.Session()
	<-s.Ended()
	require.Equal(t, []string{"connect", "releaseStream", "FCPublish", "createStream", "publish", "FCUnpublish", "deleteStream"}, s.Commands())
	require.Equal(t, "live", s.WaitCommand("publish").Command().Args[2])
	for _, m := range s.Messages() {
		require.NotContains(t, []uint8{8, 9, 18}, m.Type, "audio, video or data")
	}
}

// What the server says of itself is shown, cleaned, and its answers' time.
func TestWhatTheServerSays(t *testing.T) {
	server := rtmptest.NewServer(t, rtmptest.Script{On: map[string]rtmptest.Handler{"connect": func(s *rtmptest.Session, m rtmptest.Message) {
		s.Send(rtmptest.NewCommand(0, "_result", m.Command().Transaction,
			amf0.Object{{Name: "fmsVer", Value: "FMS/9\x1b[31m"}, {Name: "capabilities", Value: 255}},
			amf0.Object{{Name: "level", Value: "status"}, {Name: "code", Value: "NetConnection.Connect.Success"}, {Name: "description", Value: "Connected."}, {Name: "version", Value: "5"}}))
	}}})
	r := Run(t.Context(), urlOf(t, server), rtmp.Config{}, Options{})
	require.NoError(t, r.Err)
	require.Equal(t, "application live; the server says fmsVer FMS/9 [31m, capabilities 255, version 5", find(t, r, "connect").Detail, "of itself, not of its answer")
	require.Len(t, r.Server, 3)
	require.Equal(t, "FMS/9 [31m", r.Server["fmsVer"])
	require.InDelta(t, 255, r.Server["capabilities"], 0)
	require.Positive(t, r.RoundTrip)
	for _, step := range []string{stepTCP, "connect", "createStream"} {
		require.LessOrEqual(t, r.RoundTrip, find(t, r, step).Took, "the quickest answer")
	}
	require.Equal(t, r.RoundTrip, find(t, r, stepRoundTrip).Took)
}

// The report for machines has everything and no secret.
func TestReportForMachines(t *testing.T) {
	server := rtmptest.NewServer(t, rtmptest.Script{On: map[string]rtmptest.Handler{"publish": rtmptest.Refuse("NetStream.Publish.Denied", "no "+key)}})
	u := urlOf(t, server)
	text := shown(t, Run(t.Context(), u, rtmp.Config{}, Options{}))
	var got map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &got))
	require.Equal(t, false, got["ok"])
	require.Equal(t, "live", got["app"])
	require.Equal(t, "****", got["stream_key"])
	require.Equal(t, u.String(), got["url"])
	steps := got["steps"].([]any)
	last := steps[len(steps)-1].(map[string]any)
	require.Equal(t, "publish", last["step"])
	require.Equal(t, "failed", last["result"])
	require.Contains(t, last["error"], "NetStream.Publish.Denied")
	require.Contains(t, last["advice"], "stream key")
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
			var told []Finding
			r, _ := look(t, c.script, Options{Progress: func(f Finding) { told = append(told, f) }})
			require.Equal(t, r.Steps, told)
			require.NotContains(t, shown(t, r), `"step":"`+c.step+`","result":"ok"`, "a step that failed is not told as one that was well before")
			require.Zero(t, r.RoundTrip, "nothing was published")
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
