package interop

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/interop/elementary"
	"rtmpwriter/interop/publisher"
	"rtmpwriter/interop/server"
)

// ours returns the program under test, and whether it is rtmpwriter: the tests
// that give it flags have nothing to say of another.
func ours(t *testing.T) (*publisher.Publisher, bool) {
	t.Helper()
	p := program(t)
	return p, p.Name == "rtmpwriter"
}

// TestOptions publishes large frames with options that change what goes over
// the wire; what arrives may not change.
func TestOptions(t *testing.T) {
	p, ok := ours(t)
	if !ok || !has(t, server.HasNginx()) {
		return
	}
	for _, c := range []struct{ clip, flags string }{
		{"frames-large", "--chunk-size 128"},
		{"frames-large", "--chunk-size 4096"},
		{"frames-large", "--chunk-size 1048576"},
		{"frames-large", "--output-buffer-size 0"},
		{"frames-large", "--socket-buffer-size 4096"},
		{"high-b3", "--output-packet-size 0"},
		{"high-b3", "--output-packet-size 65536 --tcp-no-delay=off"},
		{"high-b3", "--output-buffer-size 0 --output-packet-size 0 --live-mode"},
		{"high-b3", "--publish-mode append --client-agent agent/1"},
		{"high-b3", "--handshake digest"},
		{"high-b3", "--pace realtime"},
		{"high-b3", "--pace realtime --live-mode"},
	} {
		for _, kind := range kinds(t, "nginx", "ffmpeg", "lal") {
			t.Run(kind.Name+" "+c.clip+" "+c.flags, func(t *testing.T) {
				t.Parallel()
				if !has(t, kind.Missing()) {
					return
				}
				s := launched(t, kind)
				sent, err := elementary.Read(t.Context(), clips(t)[c.clip])
				require.NoError(t, err)
				got, _ := deliver(t, s, p.With(strings.Fields(c.flags)...), "options", clips(t)[c.clip])
				require.Empty(t, elementary.Compare(sent, sent, got))
			})
		}
	}
}

// TestURLForms publishes to one nginx by every way to write its URL.
func TestURLForms(t *testing.T) {
	p, ok := ours(t)
	if !ok || !has(t, server.HasNginx()) {
		return
	}
	nginx := launched(t, kinds(t, "nginx")[0])
	for i, c := range []struct{ form, flags string }{
		{"rtmp://%s/live/%s", ""},
		{"rtmp://%s/live+%s", ""},
		{"rtmp:%s/live+%s", ""},
		{"rtmp://%s/live/%s?token=a+b", "--url-delimiter="},
		{"rtmp://%s/live", "--stream-key %s"},
	} {
		t.Run(c.form+" "+c.flags, func(t *testing.T) {
			ctx, key := bounded(t), fmt.Sprintf("form%d", i)
			reception, err := nginx.Expect(ctx, key)
			require.NoError(t, err)
			host := strings.Split(reception.URL, "/")[2]
			url := strings.Replace(strings.Replace(c.form, "%s", host, 1), "%s", key, 1)
			flags := strings.Fields(strings.Replace(c.flags, "%s", key, 1))
			require.NoError(t, p.With(flags...).Publish(ctx, clips(t)["tiny"], url))
			_, err = reception.Wait(ctx)
			require.NoError(t, err)
		})
	}
}
