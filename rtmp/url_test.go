package rtmp

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// goodURLs has one line a URL: what is given, and Addr, App, StreamKey, TCURL.
// The delimiter is "+" unless the last column says otherwise.
var goodURLs = []struct{ in, addr, app, key, tcURL, delimiter string }{
	{"rtmp://127.0.0.1/live+myStream", "127.0.0.1:1935", "live", "myStream", "rtmp://127.0.0.1/live", "+"},
	{"rtmp:127.0.0.1/live+myStream", "127.0.0.1:1935", "live", "myStream", "rtmp://127.0.0.1/live", "+"},
	{"rtmp://localhost/live?param1=1+myStream", "localhost:1935", "live?param1=1", "myStream", "rtmp://localhost/live?param1=1", "+"},
	{"rtmp://localhost/live?a=1&b=x/y+k", "localhost:1935", "live?a=1&b=x/y", "k", "rtmp://localhost/live?a=1&b=x/y", "+"},
	{"rtmp://localhost/liverec+mp4:samplerec.mp4", "localhost:1935", "liverec", "mp4:samplerec.mp4", "rtmp://localhost/liverec", "+"},
	{"rtmp://h/app/inst+k", "h:1935", "app/inst", "k", "rtmp://h/app/inst", "+"},
	{"rtmp://h/live+a+b", "h:1935", "live", "a+b", "rtmp://h/live", "+"},
	{"rtmp://h/live+dir/k", "h:1935", "live", "dir/k", "rtmp://h/live", "+"},
	{"rtmp://h/live/+k", "h:1935", "live", "k", "rtmp://h/live", "+"},
	{"rtmp://h/live+k?x=1", "h:1935", "live", "k?x=1", "rtmp://h/live", "+"},
	{"rtmp://h/live#k", "h:1935", "live", "k", "rtmp://h/live", "#"},
	{"rtmp://h/live++k", "h:1935", "live", "k", "rtmp://h/live", "++"},
	{"rtmp://h/app/inst/k", "h:1935", "app", "inst/k", "rtmp://h/app", "/"},
	{"rtmp://h/app/a+b", "h:1935", "app", "a+b", "rtmp://h/app", ""},
	{"rtmp://h/app/inst/a+b", "h:1935", "app/inst", "a+b", "rtmp://h/app/inst", ""},
	{"rtmp://h/app/k?t=a+b/c", "h:1935", "app", "k?t=a+b/c", "rtmp://h/app", ""},
	{"rtmp://h/app/k", "h:1935", "app", "k", "rtmp://h/app", "+"},
	{"rtmp:h/app/k", "h:1935", "app", "k", "rtmp://h/app", "+"},
	{"rtmp://h/app/inst/k", "h:1935", "app/inst", "k", "rtmp://h/app/inst", "+"},
	{"rtmp://h/app/k?token=x", "h:1935", "app", "k?token=x", "rtmp://h/app", "+"},
	{"rtmp://h/app/k?token=a/b", "h:1935", "app", "k?token=a/b", "rtmp://h/app", "+"},
	{"rtmp://h/app?x=1/k", "h:1935", "app?x=1", "k", "rtmp://h/app?x=1", "+"},
	{"rtmp://h/app//k", "h:1935", "app", "k", "rtmp://h/app", "+"},
	{"rtmp://h/app/k%20x%2B", "h:1935", "app", "k%20x%2B", "rtmp://h/app", "+"},
	{"rtmp://h/app/ключ", "h:1935", "app", "ключ", "rtmp://h/app", "+"},
	{"rtmp://h/app/k#frag", "h:1935", "app", "k#frag", "rtmp://h/app", "+"},
	{"rtmp://h:1935/app/k", "h:1935", "app", "k", "rtmp://h/app", "+"},
	{"rtmp://h:1/app/k", "h:1", "app", "k", "rtmp://h:1/app", "+"},
	{"rtmp://h:65535/app/k", "h:65535", "app", "k", "rtmp://h:65535/app", "+"},
	{"rtmp://h:01935/app/k", "h:1935", "app", "k", "rtmp://h/app", "+"},
	{"RTMP://Example.COM/App/Key", "Example.COM:1935", "App", "Key", "rtmp://Example.COM/App", "+"},
	{"rtmps://h/app/k", "h:443", "app", "k", "rtmps://h/app", "+"},
	{"RtmpS://h:1935/app/k", "h:1935", "app", "k", "rtmps://h:1935/app", "+"},
	{"rtmpt://h/app/k", "h:80", "app", "k", "rtmpt://h/app", "+"},
	{"rtmpts://h/app/k", "h:443", "app", "k", "rtmpts://h/app", "+"},
	{"rtmp://[::1]/app/k", "[::1]:1935", "app", "k", "rtmp://[::1]/app", "+"},
	{"rtmp://[2001:db8::7]:1936/app+k", "[2001:db8::7]:1936", "app", "k", "rtmp://[2001:db8::7]:1936/app", "+"},
	{"rtmp://[fe80::1%25eth0]/app/k", "[fe80::1%eth0]:1935", "app", "k", "rtmp://[fe80::1]/app", "+"},
	{"rtmp://[fe80::1%eth0.1-a_b]:1936/app/k", "[fe80::1%eth0.1-a_b]:1936", "app", "k", "rtmp://[fe80::1]:1936/app", "+"},
	{"rtmp://[fe80::1%2525]/app/k", "[fe80::1%25]:1935", "app", "k", "rtmp://[fe80::1]/app", "+"},
	{"rtmp://a_b-c.example.com./app/k", "a_b-c.example.com.:1935", "app", "k", "rtmp://a_b-c.example.com./app", "+"},
	{"rtmp://u:p@h/app/k", "h:1935", "app", "k", "rtmp://h/app", "+"},
	{"rtmp://u:p@[::1]:7/app/k", "[::1]:7", "app", "k", "rtmp://[::1]:7/app", "+"},
}

func TestParseURL(t *testing.T) {
	for _, c := range goodURLs {
		t.Run(c.in, func(t *testing.T) {
			u, err := ParseURL(c.in, c.delimiter)
			require.NoError(t, err)
			require.Equal(t, c.addr, u.Addr())
			require.Equal(t, c.app, u.App)
			require.Equal(t, c.key, u.StreamKey())
			require.Equal(t, c.tcURL, u.TCURL())
		})
	}
}

func TestParseURLCredentials(t *testing.T) {
	for _, c := range []struct{ in, user, password string }{
		{"rtmp://user:word@h/a/k", "user", "word"},
		{"rtmp://user@h/a/k", "user", ""},
		{"rtmp://user:@h/a/k", "user", ""},
		{"rtmp://user:a@b@h/a/k", "user", "a@b"},
		{"rtmp://user:a:b@h/a/k", "user", "a:b"},
		{"rtmp://u%40x:p%2Fw%25@h/a/k", "u@x", "p/w%"},
	} {
		u, err := ParseURL(c.in, "+")
		require.NoError(t, err, c.in)
		require.Equal(t, c.user, u.Username)
		require.Equal(t, c.password, u.Password())
		require.Equal(t, "h:1935", u.Addr())
	}
}

func TestParseAppURL(t *testing.T) {
	for _, c := range []struct{ in, app string }{
		{"rtmp://h/live", "live"},
		{"rtmp://h/live2/", "live2"},
		{"rtmp://h/app/inst", "app/inst"},
		{"rtmp://h/app+x", "app+x"},
		{"rtmp://h/app?q=1/", "app?q=1/"},
	} {
		u, err := ParseAppURL(c.in)
		require.NoError(t, err, c.in)
		require.Equal(t, c.app, u.App)
		require.Empty(t, u.StreamKey())

		keyed, err := u.WithStreamKey("a+b/c?d=e")
		require.NoError(t, err)
		require.Equal(t, "a+b/c?d=e", keyed.StreamKey())
		require.Empty(t, u.StreamKey(), "the original stays as it is")
	}
}

func TestWithStreamKeyRefuses(t *testing.T) {
	u, err := ParseAppURL("rtmp://h/live")
	require.NoError(t, err)
	for _, key := range []string{"", "a b", "k\n", "\ufeffk", "k\u200b", "\xff", strings.Repeat("k", 20000)} {
		_, err := u.WithStreamKey(key)
		var bad *URLError
		require.ErrorAs(t, err, &bad)
		require.Equal(t, "stream key", bad.Part)
	}
}
