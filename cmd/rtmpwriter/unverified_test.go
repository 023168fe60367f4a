package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
)

func TestUnverified(t *testing.T) {
	for _, c := range []struct {
		url, backup string
		verify      bool
		want        string
	}{
		{"rtmps://127.0.0.1/live+k", "", false, "127.0.0.1:443"},
		{"rtmpts://127.0.0.1/live+k", "", false, "127.0.0.1:443"},
		{"rtmp://127.0.0.1/live+k", "rtmps://example.com/live+k", false, "example.com:443"},
		{"rtmp://127.0.0.1/live+k", "", false, ""},
		{"rtmps://127.0.0.1/live+k", "", true, ""},
	} {
		o := publish.DefaultOptions()
		o.URL, o.BackupURLs, o.TLSVerify = c.url, strings.Fields(c.backup), c.verify
		require.Equal(t, c.want, unverified(o), c.url)
	}
}

// Who turns the verification off is told once what that means.
func TestPublishWarnsOfTLSWithoutVerification(t *testing.T) {
	folder, _, _, _ := atHome(t)
	const warning = "warning: tls-verify is off: nothing proves that 127.0.0.1:1 is who it says"
	out, code := run(t, folder, nil, "publish", "--tls-verify=off", "clip.mp4", "rtmps://127.0.0.1:1/live+"+hidden)
	require.Equal(t, exitConnection, code, "%s", out)
	require.Equal(t, 1, strings.Count(out, warning), out)
	requireHidden(t, "the output", out)
	out, _ = run(t, folder, nil, "publish", "clip.mp4", "rtmps://127.0.0.1:1/live+"+hidden)
	require.NotContains(t, out, "tls-verify")
}
