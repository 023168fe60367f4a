package interop

import (
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/interop/elementary"
	"rtmpwriter/interop/server"
	"rtmpwriter/interop/wire"
)

// TestPublishMode publishes twice under one name to an application of nginx
// that appends, and looks at what nginx was told and has recorded.
func TestPublishMode(t *testing.T) {
	p, ok := ours(t)
	if !ok || !has(t, server.HasNginx()) {
		return
	}
	nginx := launched(t, kinds(t, "nginx")[0])
	told := nginx.(interface{ Published(key string) url.Values })
	sent, err := elementary.Read(t.Context(), clips(t)["tiny"])
	require.NoError(t, err)
	for _, c := range []struct {
		mode   string
		copies int // in the recording
	}{{"record", 1}, {"append", 2}, {"live", 3}} {
		ctx := bounded(t)
		reception, err := nginx.Expect(ctx, "mode")
		require.NoError(t, err)
		url := strings.Replace(reception.URL, "/live/", "/append/", 1)
		require.NoError(t, p.With("--publish-mode", c.mode).Publish(ctx, clips(t)["tiny"], url))
		path, err := reception.Wait(ctx)
		require.NoError(t, err)
		require.Equal(t, c.mode, told.Published("mode").Get("type"))
		got, err := elementary.Read(ctx, path)
		require.NoError(t, err)
		require.Len(t, got.Streams[elementary.Video].Frames, c.copies*len(sent.Streams[elementary.Video].Frames), c.mode)
	}
}

// TestConnectAsTsharkDecodesIt has tshark read the connect and publish commands.
func TestConnectAsTsharkDecodesIt(t *testing.T) {
	p, ok := ours(t)
	if !ok || !has(t, server.Installed("tshark", "dumpcap")()) || !has(t, server.HasNginx()) {
		return
	}
	nginx := launched(t, kinds(t, "nginx")[0])
	port := nginx.(interface{ Port() int }).Port()
	ctx, file := bounded(t), filepath.Join(t.TempDir(), "wire.pcapng")
	capture, err := wire.Start(ctx, port)
	require.NoError(t, err, "capturing on the loopback device must be allowed")
	const agent = "Agent/1.0 (exact; x)"
	_, _ = deliver(t, nginx, p.With("--publish-mode", "append", "--client-agent", agent,
		"--connect-info", `{"zeta":"some text","number":-1500.25,"yes":true,"nothing":null,"alpha":"last"}`), "decoded", clips(t)["tiny"])
	require.NoError(t, capture.Stop(ctx, file))
	faults, err := wire.Faults(ctx, file, port)
	require.NoError(t, err)
	require.Empty(t, faults)
	turns, err := wire.Dissect(ctx, file, port)
	require.NoError(t, err)

	connect := turnThatSays(t, turns, "connect('live')")
	at := slices.Index(connect.Strings, "flashVer")
	require.GreaterOrEqual(t, at, 0, connect.Strings)
	require.Equal(t, agent, connect.Strings[at+1])
	require.Equal(t, []string{"zeta", "some text", "number", "yes", "nothing", "alpha", "last"}, connect.Strings[len(connect.Strings)-7:], "in its order")
	require.Contains(t, connect.Numbers, "-1500.25")
	require.Len(t, connect.Booleans, 1)
	require.Contains(t, []string{"1", "True"}, connect.Booleans[0])
	publish := turnThatSays(t, turns, "publish('decoded')")
	require.Equal(t, []string{"publish", "decoded", "append"}, publish.Strings)
}

func turnThatSays(t *testing.T, turns []wire.Turn, word string) wire.Turn {
	t.Helper()
	i := slices.IndexFunc(turns, func(turn wire.Turn) bool { return turn.Client && slices.ContainsFunc(turn.Says, starts(word)) })
	require.GreaterOrEqual(t, i, 0, "%s was not said: %v", word, turns)
	return turns[i]
}
