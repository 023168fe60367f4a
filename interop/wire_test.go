package interop

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/interop/elementary"
	"rtmpwriter/interop/server"
	"rtmpwriter/interop/wire"
)

// order is what tshark must read in the client's part of a publish, each the
// beginning of a message's summary, in this order; other messages may stand
// between them.
var order = []string{
	"Handshake C0+C1", "Handshake C2", "connect('live')", "releaseStream(", "FCPublish(", "createStream(",
	"publish(", "@setDataFrame(", "Video Data", "FCUnpublish(", "deleteStream(",
}

// known are the message types that a publisher sends.
var known = []string{"0x01", "0x03", "0x04", "0x05", "0x08", "0x09", "0x12", "0x14"}

// TestWire has tshark read a publish on its way to nginx. Its right to capture
// is no tool: where that is missing, the test fails.
func TestWire(t *testing.T) {
	if !has(t, server.Installed("tshark", "dumpcap")()) || !has(t, server.HasNginx()) {
		return
	}
	p := program(t)
	nginx := launched(t, kinds(t, "nginx")[0])
	port := nginx.(interface{ Port() int }).Port()
	for _, clip := range []string{"high-b3", "frames-large"} {
		t.Run(clip, func(t *testing.T) {
			ctx, file := bounded(t), filepath.Join(t.TempDir(), "wire.pcapng")
			capture, err := wire.Start(ctx, port)
			require.NoError(t, err, "capturing on the loopback device must be allowed")
			_, _ = deliver(t, nginx, p, "wire-"+clip, clips(t)[clip])
			require.NoError(t, capture.Stop(ctx, file))

			faults, err := wire.Faults(ctx, file, port)
			require.NoError(t, err)
			require.Empty(t, faults)
			turns, err := wire.Dissect(ctx, file, port)
			require.NoError(t, err)
			sent, err := elementary.Read(ctx, clips(t)[clip])
			require.NoError(t, err)
			checkTurns(t, turns, sent)
		})
	}
}

func checkTurns(t *testing.T, turns []wire.Turn, sent *elementary.File) {
	var says, types, strs []string
	started, asked := -1, -1
	for i, turn := range turns {
		if !turn.Client {
			if slices.ContainsFunc(turn.Says, starts("onStatus('NetStream.Publish.Start')")) {
				started = i
			}
			continue
		}
		if asked < 0 && slices.ContainsFunc(turn.Says, starts("@setDataFrame(")) {
			asked = i
		}
		says, types, strs = append(says, turn.Says...), append(types, turn.Types...), append(strs, turn.Strings...)
	}
	rest := says
	for _, word := range order {
		at := slices.IndexFunc(rest, starts(word))
		require.GreaterOrEqual(t, at, 0, "%s is not where it belongs in %v", word, summary(says))
		rest = rest[at+1:]
	}
	require.Less(t, started, asked, "media must wait for the server's start")
	require.GreaterOrEqual(t, started, 0)
	require.Subset(t, strs, []string{"app", "live", "tcUrl", "flashVer", "onMetaData"}, "AMF that tshark understands")
	require.Subset(t, known, types, "message types")
	video := len(sent.Streams[elementary.Video].Frames) + 1
	require.Contains(t, []int{video, video + 1}, count(types, "0x09"), "video messages: frames, sequence header, end of sequence")
	require.Equal(t, len(sent.Streams[elementary.Audio].Frames)+1, count(types, "0x08"), "audio messages: frames and sequence header")
}

func starts(with string) func(string) bool {
	return func(s string) bool { return strings.HasPrefix(s, with) }
}

func count(list []string, of string) int {
	return len(slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s != of }))
}

// summary leaves the media out.
func summary(says []string) []string {
	return slices.DeleteFunc(slices.Clone(says), func(s string) bool { return s == "Video Data" || s == "Audio Data" })
}
