package proppage

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
)

func TestConnectAppliesFirst(t *testing.T) {
	f := open(t)
	f.window.typed("url", "rtmp://127.0.0.1/a+k")
	f.told = nil
	f.window.click(idConnect)
	require.Equal(t, []string{"url=rtmp://127.0.0.1/a+k", "connect"}, f.writer.calls)
	require.Equal(t, []bool{false}, f.told, "the frame hears that nothing is left to apply")
	require.Equal(t, "Connecting\u2026", f.window.text[idStatus])
	f.window.click(idDisconnect)
	require.Equal(t, "disconnect", f.writer.calls[2])
	require.Equal(t, "Not Connected", f.window.text[idStatus])
	require.Equal(t, idConnect, f.window.focus)
}

func TestConnectNeedsAWholeURL(t *testing.T) {
	for url, says := range map[string]string{
		"": "RTMP url: ", "rtmp://127.0.0.1/app": "stream key", "http://127.0.0.1/a/k": `scheme "http" must be`,
	} {
		f := open(t)
		if url != "" {
			f.window.typed("url", url)
		}
		f.window.click(idConnect)
		require.Empty(t, f.writer.calls)
		require.Contains(t, f.window.text[IDError], says)
		require.Equal(t, id("url"), f.window.focus)
	}
}

func TestConnectIsRefused(t *testing.T) {
	f := open(t, "url=rtmp://127.0.0.1/a+k")
	f.writer.connect = errors.New("the stream has begun already")
	f.window.click(idConnect)
	require.Equal(t, "the stream has begun already", f.window.text[IDError])
	f.window.click(id("live-mode"))
	require.Empty(t, f.window.text[IDError])
}

func TestFieldsAreGreyWhileBusy(t *testing.T) {
	f := open(t, "url=rtmp://127.0.0.1/a+k")
	require.Equal(t, map[bool]int{false: 17, true: 1}, greys(f.window))
	require.True(t, f.window.disabled[idDisconnect])
	f.window.click(idConnect)
	require.Equal(t, idDisconnect, f.window.focus, "keys do not work in a button that is grey")
	require.False(t, f.window.disabled[idDisconnect])
	for _, field := range f.writer.Fields() {
		if c, ok := optionControl(field.Name); ok {
			require.Equal(t, !field.WhileStreaming, f.window.disabled[c.id], field.Name)
		}
	}
	require.True(t, f.window.disabled[idConnect])

	f.writer.busy, f.writer.connecting = false, false // it ended elsewhere
	f.page.Tick()
	require.Equal(t, map[bool]int{false: 17, true: 1}, greys(f.window))
	require.Equal(t, idConnect, f.window.focus)

	f.window.Focus(id("username"))
	f.writer.busy = true
	f.page.Tick()
	require.Equal(t, idDisconnect, f.window.focus)
}

// greys counts the controls that are grey and those that are not.
func greys(w *fakeWindow) map[bool]int {
	n := map[bool]int{}
	for _, grey := range w.disabled {
		n[grey]++
	}
	return n
}

func TestStatusFollowsTheWriter(t *testing.T) {
	f := open(t)
	w := f.window
	for _, c := range []struct {
		connecting bool
		status     publish.Status
		last       error
		text, says string
	}{
		{true, publish.Status{State: publish.Disconnected}, errDown, "Connecting\u2026", ""},
		{false, publish.Status{State: publish.Disconnected}, errDown, "Not Connected", errDown.Error()},
		{false, publish.Status{State: publish.Connected}, errDown, "Connected", ""},
		{false, publish.Status{State: publish.Reconnecting, Attempt: 4}, errDown, "Reconnecting (attempt 4)", errDown.Error()},
		{false, publish.Status{State: publish.Disconnected}, nil, "Not Connected", ""},
	} {
		f.writer.connecting, f.writer.status, f.writer.last = c.connecting, c.status, c.last
		f.page.Tick()
		require.Equal(t, c.text, w.text[idStatus])
		require.Equal(t, c.says, w.text[IDError])
		require.Equal(t, c.says, w.hints[IDError])
	}
}

func TestStatisticsAreLive(t *testing.T) {
	f := open(t)
	require.Equal(t, "0 bytes", f.window.text[idFillness])
	f.writer.stats = publish.Stats{
		OutputBufferSize: 262144, OutputBufferFillness: 1234, OutputBitrate: 2_512_499,
		AudioPacketsBuffered: 3, VideoPacketsBuffered: 7, AudioBitrate: 128_000, VideoBitrate: 2_400_500,
	}
	f.page.Tick()
	for id, text := range map[int]string{
		idBufferSize: "262144 bytes", idFillness: "1234 bytes", idBitrate: "2512 kbit/s",
		idAudioBuffered: "3", idVideoBuffered: "7", idAudioBitrate: "128 kbit/s", idVideoBitrate: "2401 kbit/s",
	} {
		require.Equal(t, text, f.window.text[id])
	}
	n := len(f.window.shown)
	f.page.Tick()
	require.Len(t, f.window.shown, n, "what has not changed is not written again: it would flicker")
}

// TestGreyFitsTheStatus also when the connection comes while the page looks.
func TestGreyFitsTheStatus(t *testing.T) {
	f := open(t)
	f.writer.meanwhile = func() { f.writer.busy, f.writer.status.State = true, publish.Connected }
	f.page.Tick()
	require.Equal(t, "Connected", f.window.text[idStatus])
	require.True(t, f.window.disabled[idConnect])
	require.False(t, f.window.disabled[idDisconnect])
}
