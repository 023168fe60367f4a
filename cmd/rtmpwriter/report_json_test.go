package main

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// jsonLines publishes the clip with a JSON report and returns its lines.
func jsonLines(t *testing.T, script rtmptest.Script, change func(*publish.Options), during func(*publishClip)) (list []map[string]any) {
	t.Helper()
	c := &publishClip{server: rtmptest.NewPipeServer(t, script)}
	defer c.server.Close()
	o := publish.DefaultOptions()
	o.URL = "rtmp://127.0.0.1/live+SECRET"
	change(&o)
	p, err := publish.New(o, publish.WithDialer(c.dial))
	require.NoError(t, err)
	source, err := openClip()
	require.NoError(t, err)
	defer source.Close()
	j := &job{name: "clip", source: source, publisher: p, report: newJSONReport(p, &c.report), holds: o.OutageBuffer > 0}
	go during(c)
	j.report.finish(j.run(t.Context(), true))
	for line := range strings.Lines(c.report.String()) {
		var v map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &v))
		list = append(list, v)
	}
	require.NotContains(t, c.report.String(), "SECRET")
	return list
}

// An outside encoder reads what bit rate to take from the lines.
func TestJSONAdvice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		list := jsonLines(t, rtmptest.Script{PipeSize: 2000, ReadRate: 30_000, Discard: true}, func(o *publish.Options) { // the clip has 55 kB a second
			o.BitrateAdvice, o.LiveMode, o.LatencyCap, o.OutputBufferSize = true, true, time.Second, 10<<20
		}, func(*publishClip) {})
		seen := 0
		for _, line := range list {
			if line["event"] == "advice" {
				seen++
				require.Contains(t, []string{"congestion", "outage", "recovery", "probe", "catch-up"}, line["reason"])
				require.Greater(t, line["target_bitrate"], 50_000.0)
				require.Less(t, line["target_bitrate"], 400_000.0)
			}
		}
		require.NotZero(t, seen)
	})
}

// What a session after an outage leaves out is in its line.
func TestJSONSkipped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		list := jsonLines(t, rtmptest.Script{}, func(o *publish.Options) {
			o.LiveMode, o.OutageBuffer, o.OutageMode, o.ReconnectUnlimited, o.ReconnectInterval = true, time.Minute, publish.OutageLive, true, 3*time.Second
		}, func(c *publishClip) {
			<-time.After(4500 * time.Millisecond)
			c.server.Session().Reset()
		})
		skipped := 0.0
		for _, line := range list {
			if ms, ok := line["skipped_ms"].(float64); ok {
				skipped += ms
			}
		}
		require.InDelta(t, 2000, skipped, 1000, "three seconds away, back to the newest keyframe")
	})
}
