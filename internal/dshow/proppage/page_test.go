package proppage

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
)

func TestPageShowsTheOptions(t *testing.T) {
	f := open(t, "url=rtmp://127.0.0.1/live+key", "live-mode=on", "auth=adobe", "first-timecode=00:00:10:00", "reconnect-attempts=3")
	w := f.window
	require.Equal(t, "RTMP Writer nRtmpRenderer.ax, version 1.2.3", w.text[idProduct])
	for option, text := range map[string]string{
		"url": "rtmp://127.0.0.1/live+key", "output-buffer-size": "262144", "output-packet-size": "1450", "socket-buffer-size": "131072",
		"first-timecode": "00:00:10:00", "username": "", "password": "", "reconnect-attempts": "3", "reconnect-interval": "5000",
	} {
		require.Equal(t, text, w.text[id(option)], option)
	}
	for option, on := range map[string]bool{
		"live-mode": true, "allow-b-frames": true, "auth": true,
		"write-timecode": false, "tcp-no-delay": false, "embed-system-time": false, "reconnect-unlimited": false,
	} {
		require.Equal(t, on, w.checked[id(option)], option)
	}
	require.Equal(t, "Not Connected", w.text[idStatus])
	require.Empty(t, w.text[IDError])
	require.False(t, f.page.Dirty(), "filling the fields is no edit")
	require.Empty(t, f.told)
	require.Contains(t, w.hints[id("output-packet-size")], "0 to 1048576 bytes\ndefault: 1450")
	require.Equal(t, "send small packets at once (TCP_NODELAY)\ndefault: off", w.hints[id("tcp-no-delay")])
}

func TestApplySetsWhatWasEntered(t *testing.T) {
	f := open(t)
	f.window.typed("output-packet-size", "1000")
	f.window.click(id("tcp-no-delay"))
	f.window.typed("url", "rtmp://127.0.0.1/a+k")
	require.True(t, f.page.Dirty())
	require.Equal(t, []bool{true, true, true}, f.told)
	require.Empty(t, f.writer.calls)
	require.NoError(t, f.page.Apply())
	require.Equal(t, []string{"url=rtmp://127.0.0.1/a+k", "output-packet-size=1000", "tcp-no-delay=on"}, f.writer.calls)
	require.False(t, f.page.Dirty())
	require.NoError(t, f.page.Apply(), "nothing to apply")
	require.Len(t, f.writer.calls, 3)
}

func TestOneWrongFieldAppliesNothing(t *testing.T) {
	for _, c := range []struct{ option, text, says string }{
		{"output-buffer-size", "-1", "Output buffer size: must be a number from 0 to 2147483647 bytes"},
		{"output-packet-size", "2000000", "Output packet size: must be a number from 0 to 1048576 bytes"},
		{"socket-buffer-size", "", "Socket buffer size: must be a number from 0 to 1073741824 bytes"},
		{"first-timecode", "noon", "First Timecode: "},
		{"reconnect-attempts", "many", "Attempts: must be a number from 0 to 2147483647 attempts"},
		{"reconnect-interval", "86400001", "Interval: must be a number from 0 to 86400000 ms"},
	} {
		t.Run(c.option, func(t *testing.T) {
			f := open(t)
			f.window.click(id("live-mode"))
			f.window.click(id("reconnect-unlimited"))
			f.window.typed(c.option, c.text)
			var bad *publish.OptionError
			require.ErrorAs(t, f.page.Apply(), &bad)
			require.Equal(t, c.option, bad.Name)
			require.Empty(t, f.writer.calls, "nothing is applied partly")
			require.True(t, f.page.Dirty())
			require.Contains(t, f.window.text[IDError], c.says)
			require.Equal(t, f.window.text[IDError], f.window.hints[IDError])
			require.Equal(t, id(c.option), f.window.focus)
			require.Contains(t, f.window.point, c.option+" "+c.says)

			f.window.typed("username", "me")
			require.NotEmpty(t, f.window.text[IDError], "it is not put right by another field")
			f.window.typed(c.option, "500")
			require.Empty(t, f.window.text[IDError]+f.window.point, "what is put right is not wrong any more")
			require.NoError(t, f.page.Apply())
			require.True(t, f.writer.options.LiveMode && f.writer.options.ReconnectUnlimited)
		})
	}
}

func TestWriterRefusesAfterTheCheck(t *testing.T) {
	f := open(t, "output-packet-size=1200")
	f.writer.refuse, f.writer.refused = "tcp-no-delay", &publish.OptionError{Name: "tcp-no-delay", Reason: "not today"}
	f.window.typed("output-packet-size", "900")
	f.window.click(id("tcp-no-delay"))
	require.ErrorIs(t, f.page.Apply(), f.writer.refused)
	require.Equal(t, []string{"output-packet-size=900", "tcp-no-delay=on", "output-packet-size=1200"}, f.writer.calls)
	require.Equal(t, "TCP No Delay: not today", f.window.text[IDError])
	require.True(t, f.page.Dirty())
}

func TestMessageGoesAwayByItself(t *testing.T) {
	f := open(t)
	f.window.typed("reconnect-attempts", "x")
	require.Error(t, f.page.Apply())
	for range pointFor - 1 {
		f.page.Tick()
		require.NotEmpty(t, f.window.point)
	}
	f.page.Tick()
	require.Empty(t, f.window.point)
	require.NotEmpty(t, f.window.text[IDError], "the line stays")
	require.Error(t, f.page.Apply())
	f.window.Focus(id("url"))
	require.Empty(t, f.window.point, "the user has gone elsewhere")
	require.Error(t, f.page.Apply())
	f.page.Close()
	require.Empty(t, f.window.point)
	f.page.Tick()
	f.page.Command(idConnect, Clicked)
	require.Empty(t, f.writer.calls, "without a window nothing can be clicked")
	require.Error(t, f.page.Apply(), "and still the edit is wrong")
}

// TestEditsOutliveTheWindow: a frame may close the window of a page that is
// behind another, and apply afterwards.
func TestEditsOutliveTheWindow(t *testing.T) {
	f := open(t)
	f.window.typed("username", "me")
	f.window.typed("password", "sesame")
	f.window.click(id("allow-b-frames"))
	f.reopen()
	require.Equal(t, []string{"me", "sesame"}, []string{f.window.text[id("username")], f.window.text[id("password")]})
	require.False(t, f.window.checked[id("allow-b-frames")])
	require.True(t, f.page.Dirty())
	f.page.Close()
	require.NoError(t, f.page.Apply())
	require.Equal(t, []string{"allow-b-frames=off", "username=me", "password=sesame"}, f.writer.calls)
}

func TestPageWithoutWriter(t *testing.T) {
	f := open(t)
	f.window.typed("username", "me")
	f.page.SetWriter(nil)
	require.False(t, f.page.Dirty(), "what was entered was for that filter")
	require.ErrorIs(t, f.page.Apply(), ErrNoWriter)
	for _, c := range controls() {
		if c.option != "" || c.class == button {
			require.True(t, f.window.disabled[c.id])
		}
	}
	f.page.Command(idConnect, Clicked)
	f.page.Command(idDisconnect, Clicked)
	f.page.Command(id("live-mode"), Clicked)
	f.page.Tick()
	require.False(t, f.page.Dirty())
	require.Empty(t, f.writer.calls)

	other := newWriter()
	other.options.Username = "you"
	f.page.SetWriter(other)
	require.Equal(t, "you", f.window.text[id("username")])
	require.False(t, f.window.disabled[idConnect])
}

// TestOptionsSetElsewhereAreShown keeps what the user is at.
func TestOptionsSetElsewhereAreShown(t *testing.T) {
	f := open(t)
	f.window.typed("username", "me")
	f.writer.options.Username, f.writer.options.TCPNoDelay, f.writer.options.OutputPacketSize = "you", true, 700
	f.page.Tick()
	require.Equal(t, "me", f.window.text[id("username")])
	require.Equal(t, "700", f.window.text[id("output-packet-size")])
	require.True(t, f.window.checked[id("tcp-no-delay")])
	require.NoError(t, f.page.Apply())
	require.Equal(t, []string{"username=me"}, f.writer.calls)
}

// TestCheckboxLeavesTheKindOfAuthentication that was chosen elsewhere.
func TestCheckboxLeavesTheKindOfAuthentication(t *testing.T) {
	f := open(t, "auth=limelight")
	f.window.click(id("auth"))
	f.window.click(id("auth"))
	require.NoError(t, f.page.Apply())
	require.Equal(t, []string{"auth=limelight"}, f.writer.calls)
	f.window.click(id("auth"))
	require.NoError(t, f.page.Apply())
	f.window.click(id("auth"))
	require.NoError(t, f.page.Apply())
	require.Equal(t, []string{"auth=limelight", "auth=off", "auth=on"}, f.writer.calls)
}

func TestPasswordIsNeverInAControl(t *testing.T) {
	f := open(t, "password=sesame", "stream-key=hidden", "url=rtmp://127.0.0.1/app", "connect-info={\"a\":\"opens\"}")
	field := id("password")
	require.Equal(t, bullets, f.window.text[field])
	f.window.Focus(field)
	require.Empty(t, f.window.text[field], "nobody can add to bullets")
	f.page.Tick()
	require.Empty(t, f.window.text[field])
	f.window.Focus(id("url"))
	require.Equal(t, bullets, f.window.text[field])
	require.False(t, f.page.Dirty())
	f.window.typed("username", "me")
	require.NoError(t, f.page.Apply())
	require.Equal(t, "sesame", f.writer.options.Password)
	require.Equal(t, []string{"username=me"}, f.writer.calls)

	f.window.typed("password", "simsim")
	f.window.Focus(field) // typed already: entering it leaves it
	require.Equal(t, "simsim", f.window.text[field])
	require.NoError(t, f.page.Apply())
	require.Equal(t, "simsim", f.writer.options.Password)
	require.Empty(t, f.window.text[field], "it is gone, and the user may be about to type another")
	f.window.Focus(id("url"))
	require.Equal(t, bullets, f.window.text[field])
	first := f.window
	f.reopen()
	f.page.Tick()
	for _, text := range slices.Concat(first.shown, f.window.shown) {
		for _, secret := range []string{"sesame", "simsim", "hidden", "opens"} {
			require.NotContains(t, text, secret)
		}
	}

	f.window.typed("password", "x")
	f.window.typed("password", "")
	require.NoError(t, f.page.Apply())
	require.Empty(t, f.writer.options.Password, "typed and taken back: none")
	f.window.Focus(field)
	f.window.Focus(id("url"))
	require.Empty(t, f.window.text[field])
}

func TestErrorsHoldNoSecret(t *testing.T) {
	f := open(t)
	f.window.typed("url", "rtmp://user:sesame@127.0.0.1:99999/app/sesame")
	f.window.typed("password", strings.Repeat("sesame", 20000))
	f.window.click(idConnect)
	require.Contains(t, f.window.text[IDError], `RTMP url: port "99999" must be`)
	f.window.typed("url", "rtmp://127.0.0.1/app/sesame")
	f.window.click(idConnect)
	require.Contains(t, f.window.text[IDError], "Password: has 120000 bytes")
	require.NotContains(t, f.window.text[IDError]+f.window.point+f.window.hints[IDError], "sesame")
	require.Empty(t, f.writer.calls)
}

var errDown = errors.New("connect to 127.0.0.1:1935: connection refused")
