package wine

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

func TestEndOfStream(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, m *Machine) {
		s, gone := newStage(t), newStage(t)
		out := checkAll(t, m, []string{s.base(), "vanish=" + gone.base() + "vanish+eos"},
			group{"eos", []int{76, 77, 78, 79, 80}}, group{"eos", []int{81, 82, 83, 84, 85}},
			group{"drained", []int{86}}, group{"drained", []int{135}})
		arrived(t, s, out)
	})
}

func TestSamples(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, m *Machine) {
		s := newStage(t)
		out := checkAll(t, m, []string{s.base()},
			group{"samples", []int{87, 89, 90, 91, 92, 94}}, group{"samples", []int{93}}, group{"oddsamples", []int{88}})
		arrived(t, s, out)
		changed := s.published("samples89")[0]
		require.Equal(t, 1, changed.headers(typeVideo), "the parameter sets are the same in all forms")
	})
}

func TestGraph(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, m *Machine) {
		s := newStage(t)
		checkTogether(t, m, "graph", [][]int{{95, 96, 97, 98, 99}, {100, 101}, {102, 103}}, s.base())
	})
}

func TestFileSink(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, m *Machine) {
		s := newStage(t)
		out := checkTogether(t, m, "filesink", [][]int{{104, 105, 106, 107, 109, 110}, {108}}, s.base())
		next := said(out, "next")[0][0] // what the run behind SetFileName published: the new name, or the old one again
		require.Len(t, s.published(next), map[string]int{"sink107next": 1, "sink107": 2}[next])

		split := s.published("sink110")
		require.Len(t, split, 1)
		require.Equal(t, "live", split[0].app)
		require.Equal(t, "live", split[0].mode)
		require.Equal(t, s.base()+"live", split[0].tcURL)

		// What was taken of unusual URLs must be what they say.
		want := map[string][2]string{
			"plus": {"live", "a+b"}, "long": {"live", strings.Repeat("x", 20000)}, "ascii": {"live", "straße€🎥"},
			"slashes": {"live/instance", "name"}, "short": {"live", "short"}, "query": {"live?token=a&b=c", "query"},
			"prefix": {"liverec", "mp4:sample.mp4"},
		}
		unusual := said(out, "unusual")
		require.Len(t, unusual, len(want))
		for _, line := range unusual {
			if line[1] != "connected" {
				continue
			}
			plays := s.published(want[line[0]][1])
			require.Len(t, plays, 1, line[0])
			require.Equal(t, want[line[0]][0], plays[0].app)
		}
	})
}

func TestNetwork(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, m *Machine) {
		s, other := newStage(t), newStage(t)
		out := checkAll(t, m, []string{s.base(), "other=" + other.base()},
			group{"network", []int{124, 126, 128}}, group{"network", []int{125}}, group{"network", []int{127, 134, 136}})
		arrived(t, s, out)
		require.Equal(t, []int{25, 50}, []int{other.published("net134b")[0].count(typeVideo), other.published("net134b")[0].count(typeAudio)})
		for _, line := range said(out, "published") {
			plays := s.published(line[0])
			require.Len(t, plays, 1)
			wellFormed(t, plays[0], strings.HasSuffix(line[0], "-2"), strings.HasSuffix(line[0], "-1"))
		}
	})
}

// TestStopCloses looks how connections end, and that each run has its own.
func TestStopCloses(t *testing.T) {
	const bound = 3 * time.Second
	onEachAtOnce(t, func(t *testing.T, m *Machine) {
		s := newStage(t)
		line := command(t, m, "network", s.base(), "129")
		ctx := bounded(t)
		p, err := m.Start(ctx, line...)
		require.NoError(t, err)
		defer p.Kill()
		for round := range 2 {
			_, err = p.WaitLine(ctx, "stopped net129")
			require.NoError(t, err)
			closed := s.published("net129")[round]
			select {
			case <-closed.Ended():
			case <-time.After(bound):
				require.Fail(t, "the connection is still open", p.Output())
			}
			wellFormed(t, s.published("net129")[round], false, false)
			require.Equal(t, []string{"connect", "releaseStream", "FCPublish", "createStream", "publish", "FCUnpublish", "deleteStream"}, closed.Commands())
		}
		out, code, err := p.Wait()
		require.NoError(t, err)
		judge(t, out, code, 129)
	})
}

func TestOutages(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, m *Machine) {
		s := newStage(t)
		out := checkTogether(t, m, "outage", [][]int{{132}, {133}}, s.base())
		for _, line := range said(out, "dropped") {
			goesOnAtKeyframe(t, s.published(line[0])[0])
		}
		require.NotEmpty(t, said(out, "dropped"))
		cut := s.published("net132cut")
		for _, p := range cut[:len(cut)-1] { // the last one has just begun
			require.Equal(t, 1, p.headers(typeVideo), "each connection has its headers")
		}
	})
}

// wellFormed demands of a stream that metadata and sequence headers come first,
// that video begins with a key frame, and that times begin near 0 and never go
// back.
func wellFormed(t *testing.T, p play, soundAlone, videoAlone bool) {
	t.Helper()
	first := slices.IndexFunc(p.Messages(), func(m rtmptest.Message) bool { return m.Type == typeVideo || m.Type == typeAudio })
	require.Positive(t, first)
	require.True(t, slices.ContainsFunc(p.Messages()[:first], func(m rtmptest.Message) bool {
		c := m.Command()
		return c.Name == "@setDataFrame" && len(c.Args) > 1 && c.Args[0] == "onMetaData"
	}), "onMetaData goes before all media")
	seen := map[uint8]bool{}
	last := uint32(0)
	for i, f := range p.frames {
		if f.header {
			require.False(t, seen[f.kind], "one sequence header of a kind")
			seen[f.kind] = true
			continue
		}
		require.True(t, seen[f.kind], "message %d comes before the sequence header of its kind", i)
		require.GreaterOrEqual(t, f.at, last, "message %d", i)
		last = f.at
	}
	require.Equal(t, !videoAlone, p.count(typeAudio) > 0)
	require.Equal(t, !soundAlone, p.count(typeVideo) > 0)
	if i := slices.IndexFunc(p.frames, func(f frame) bool { return f.kind == typeVideo && !f.header }); i >= 0 {
		require.True(t, p.frames[i].key, "video begins with a key frame")
	}
	begins := slices.IndexFunc(p.frames, func(f frame) bool { return !f.header })
	require.Less(t, p.frames[begins].at, uint32(50), "it begins near 0")
}

// goesOnAtKeyframe demands that behind each gap of video comes a key frame.
func goesOnAtKeyframe(t *testing.T, p play) {
	t.Helper()
	gaps, last := 0, uint32(0)
	for _, f := range p.frames {
		if f.kind != typeVideo || f.header {
			continue
		}
		if f.at > last+41 {
			gaps++
			require.True(t, f.key, "a gap from %d to %d ms ends with another frame than a key frame", last, f.at)
		}
		last = f.at
	}
	require.Positive(t, gaps)
}

func TestAbsentServers(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, m *Machine) {
		s := newStage(t)
		args := []string{s.base(), "dead=rtmp://" + dead(t) + "/live+s3cret"}
		for name, serve := range rawPlays {
			args = append(args, name+"="+newRaw(t, serve).url("s3cret"))
		}
		out := checkTogether(t, m, "absent", [][]int{{130}, {131}}, args...)
		require.NotContains(t, strings.Join(verdictLine.FindAllString(out, -1), "\n"), "s3cret")
	})
}
