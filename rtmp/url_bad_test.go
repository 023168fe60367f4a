package rtmp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// badURLs has what is given and the part that the error must name. Every key
// and password in it is "sesame".
var badURLs = []struct{ in, part string }{
	{"", "URL"},
	{"rtmp://h/app/" + strings.Repeat("sesame", 20000/6), "URL"},
	{"sesame", "scheme"},
	{"h/app/sesame", "scheme"},
	{"//h/app/sesame", "scheme"},
	{"://h/app/sesame", "scheme"},
	{"http://h/app/sesame", "scheme"},
	{"rtsp://h/app/sesame", "scheme"},
	{"rtmpe://h/app/sesame", "scheme"},
	{"C:\\sesame", "scheme"},
	{" rtmp://h/app/sesame", "scheme"},
	{"user:sesame@h/app/k", "scheme"},
	{"rtmp:", "host"},
	{"rtmp://", "host"},
	{"rtmp:///app/sesame", "host"},
	{"rtmp:/app/sesame", "host"},
	{"rtmp://:1935/app/sesame", "host"},
	{"rtmp://u:sesame@/app/k", "host"},
	{"rtmp://ho st/app/sesame", "host"},
	{"rtmp://h\t/app/sesame", "host"},
	{"rtmp://h?x/app/sesame", "host"},
	{"rtmp://höst/app/sesame", "host"},
	{"rtmp://../app/sesame", "host"},
	{"rtmp://::1/app/sesame", "host"},
	{"rtmp://[::1/app/sesame", "host"},
	{"rtmp://[]/app/sesame", "host"},
	{"rtmp://[127.0.0.1]/app/sesame", "host"},
	{"rtmp://[sesame]/app/k", "host"},
	{"rtmp://[::1]sesame/app/k", "host"},
	{"rtmp://[::1%]/app/sesame", "host"},
	{"rtmp://[::1%25]/app/sesame", "host"},
	{"rtmp://[::1%25eth0%25]/app/sesame", "host"},
	{"rtmp://[::1%:1%25]:1935/app/sesame", "host"}, // the % of a zone was written as it was, and read as an escape
	{"rtmp://[::1%25eth0:sesame]/app/k", "host"},
	{"rtmp://[::1%25ethö]/app/sesame", "host"},
	{"rtmp://[127.0.0.1%25eth0]/app/sesame", "host"},
	{"rtmp://" + strings.Repeat("h", 254) + "/app/sesame", "host"},
	{"rtmp://h:/app/sesame", "port"},
	{"rtmp://h:0/app/sesame", "port"},
	{"rtmp://h:99999/app/sesame", "port"},
	{"rtmp://h:65536/app/sesame", "port"},
	{"rtmp://h:-1/app/sesame", "port"},
	{"rtmp://h:+1/app/sesame", "port"},
	{"rtmp://h:abc/app/sesame", "port"},
	{"rtmp://h:sesame", "port"},
	{"rtmp://u:sesame/x@h/app/k", "port"},
	{"rtmp://u:%zzsesame@h/app/k", "password"},
	{"rtmp://u:sesame%0a@h/app/k", "password"},
	{"rtmp://%zz:sesame@h/app/k", "user name"},
	{"rtmp://:sesame@h/app/k", "user name"},
	{"rtmp://@h/app/sesame", "user name"},
	{"rtmp://h", "application"},
	{"rtmp://h/", "application"},
	{"rtmp://h/+sesame", "application"},
	{"rtmp://h//app/sesame", "application"},
	{"rtmp://h//sesame", "application"},
	{"rtmp://h/ap p/sesame", "application"},
	{"rtmp://h/ap\x00p+sesame", "application"},
	{"rtmp://h/app", "stream key"},
	{"rtmp://h/app/", "stream key"},
	{"rtmp://h/app+", "stream key"},
	{"rtmp://h/app?token=sesame", "stream key"},
	{"rtmp://h/app/sesame x", "stream key"},
	{"rtmp://h/app/sesame\r\n", "stream key"},
	{"rtmp://h/app/\ufeffsesame", "stream key"},
	{"rtmp://h/app/sesame\xff", "stream key"},
	{"rtmp://h/app/sesame\u00a0", "stream key"},
}

func TestParseURLRefuses(t *testing.T) {
	for _, c := range badURLs {
		t.Run(c.part+" "+c.in[:min(len(c.in), 40)], func(t *testing.T) {
			_, err := ParseURL(c.in, "+")
			var bad *URLError
			require.ErrorAs(t, err, &bad)
			require.Equal(t, c.part, bad.Part, err.Error())
			require.NotContains(t, fmt.Sprintf("%v %+v %#v", err, bad, *bad), "sesame")
			require.Contains(t, err.Error(), c.part)
			require.False(t, Retryable(err))
		})
	}
}

func TestParseURLRefusesDelimiter(t *testing.T) {
	for _, d := range []string{" ", "\n", "sesame that is no delimiter"} {
		_, err := ParseURL("rtmp://h/a+k", d)
		var bad *URLError
		require.ErrorAs(t, err, &bad)
		require.Equal(t, "delimiter", bad.Part)
		require.NotContains(t, err.Error(), "sesame")
	}
}

func TestURLErrorShowsPlainValues(t *testing.T) {
	_, err := ParseURL("rtmp://h:99999/app/k", "+")
	require.EqualError(t, err, `bad RTMP URL: port "99999" must be a number from 1 to 65535`)
	_, err = ParseURL("http://h/app/k", "+")
	require.EqualError(t, err, `bad RTMP URL: scheme "http" must be rtmp, rtmps, rtmpt or rtmpts`)
}

// FuzzParseURL checks that no input panics, that errors never hold the key and
// that what was accepted can be written into tcUrl and read again, all but the
// zone of an IPv6 address, which stays here.
func FuzzParseURL(f *testing.F) {
	for _, c := range goodURLs {
		f.Add(c.in, c.delimiter)
	}
	for _, c := range badURLs[2:] { // the long one would only slow it down
		f.Add(c.in, "+")
	}
	f.Fuzz(func(t *testing.T, s, delimiter string) {
		u, err := ParseURL(s, delimiter)
		if err != nil {
			var bad *URLError
			require.ErrorAs(t, err, &bad)
			return
		}
		require.NotEmpty(t, u.Host)
		require.NotEmpty(t, u.App)
		require.NotEmpty(t, u.StreamKey())
		again, err := ParseAppURL(u.TCURL())
		require.NoError(t, err, u.TCURL())
		require.NotContains(t, again.Host, "%")
		told := *u
		told.Host, _, _ = strings.Cut(u.Host, "%")
		require.Equal(t, told.Addr(), again.Addr())
		require.Equal(t, u.App, again.App)
		shown, err := ParseAppURL(u.Scheme + "://" + u.authority(u.written()) + "/a")
		require.NoError(t, err, u.Addr())
		require.Equal(t, u.Addr(), shown.Addr(), "as String shows it, with the zone")
	})
}
