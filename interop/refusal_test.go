package interop

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/interop/elementary"
	"rtmpwriter/interop/server"
)

// The exit codes of rtmpwriter that are looked at here.
const (
	exitConnection = 4
	exitRefused    = 5
)

// TestSecondPublisherIsRefused publishes a name that is taken. The second
// publisher says so, without the key, and the first one loses nothing.
func TestSecondPublisherIsRefused(t *testing.T) {
	for _, c := range []struct {
		kind server.Kind
		code int
		says string
		// keeps tells that the recording of the first survives; nginx empties
		// the file when the second one asks.
		keeps bool
	}{
		{kinds(t, "nginx")[0], exitRefused, "NetStream.Publish.BadName", false},
		{kinds(t, "lal")[0], exitConnection, "may not accept the stream key", true},
	} {
		t.Run(c.kind.Name, func(t *testing.T) {
			p, ok := ours(t)
			if !ok || !has(t, c.kind.Missing()) {
				return
			}
			s := launched(t, c.kind)
			ctx, clip := bounded(t), clips(t)["high-b3"]
			reception, err := s.Expect(ctx, "secretkey")
			require.NoError(t, err)

			first := make(chan error, 1)
			go func() { first <- p.With("--pace", "realtime").Publish(ctx, clip, reception.URL) }()
			_, err = reception.Started(ctx)
			require.NoError(t, err)
			code, said, err := p.With("--pace", "realtime").Run(ctx, clip, reception.URL)
			require.NoError(t, err)
			require.Equal(t, c.code, code, said)
			require.Contains(t, said, c.says)
			require.NotContains(t, said, "secretkey")

			require.NoError(t, <-first)
			path, err := reception.Wait(ctx)
			require.NoError(t, err)
			if c.keeps {
				require.Empty(t, compared(t, clip, path))
			}
		})
	}
}

// compared reads a clip and its recording and returns their differences.
func compared(t *testing.T, clip, recording string) []string {
	t.Helper()
	sent, err := elementary.Read(bounded(t), clip)
	require.NoError(t, err)
	got, err := elementary.Read(bounded(t), recording)
	require.NoError(t, err)
	return elementary.Compare(sent, sent, got)
}

// TestServersThatSayNo looks at how refusals without a word end the program.
// nginx even says that publishing has begun before it closes the connection.
func TestServersThatSayNo(t *testing.T) {
	p, ok := ours(t)
	if !ok || !has(t, server.HasNginx()) {
		return
	}
	nginx, err := server.Nginx(t.Context(), t.TempDir())
	require.NoError(t, err)
	ctx := bounded(t)
	reception, err := nginx.Expect(ctx, "secretkey")
	require.NoError(t, err)
	no := func(url string) {
		t.Helper()
		code, said, err := p.With("--pace", "realtime").Run(ctx, clips(t)["high-b3"], url)
		require.NoError(t, err)
		require.Equal(t, exitConnection, code, said)
		require.NotContains(t, said, "secretkey")
		require.NotEmpty(t, strings.TrimSpace(said))
	}
	no(strings.Replace(reception.URL, "/live/", "/closed/", 1))
	no(strings.Replace(reception.URL, "/live/", "/nowhere/", 1))
	require.NoError(t, nginx.Close())
	no(reception.URL)
}

// TestNothingIsSaidToBeSentThatWasRefused publishes a clip that is shorter than
// the time in which the refusal arrives. Even then it has not been sent.
func TestNothingIsSaidToBeSentThatWasRefused(t *testing.T) {
	p, ok := ours(t)
	if !ok || !has(t, server.HasNginx()) {
		return
	}
	nginx := launched(t, kinds(t, "nginx")[0])
	reception, err := nginx.Expect(t.Context(), "key")
	require.NoError(t, err)
	for i := range publishes {
		code, said, err := p.Run(bounded(t), clips(t)["tiny"], strings.Replace(reception.URL, "/live/", "/closed/", 1))
		require.NoError(t, err)
		require.Equal(t, exitConnection, code, "publish %d: %s", i, said)
	}
}
