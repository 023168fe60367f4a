package publish

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp"
)

func testOptions() Options {
	o := DefaultOptions()
	o.URL = "rtmp://user:pa55word@127.0.0.1/live+s3cret"
	return o
}

func field(t *testing.T, o *Options, name string) Field {
	t.Helper()
	for _, f := range o.Fields() {
		if f.Name == name {
			return f
		}
	}
	t.Fatalf("no option %s", name)
	return Field{}
}

// Every option can be written as text and read back, and changes the struct.
func TestEveryOptionRoundTrips(t *testing.T) {
	values := map[string]string{
		"url": "rtmp://127.0.0.1/a+b", "url-delimiter": "|", "stream-key": "k", "output-buffer-size": "0", "output-packet-size": "0",
		"socket-buffer-size": "1", "chunk-size": "4096", "tcp-no-delay": "on", "live-mode": "on", "publish-mode": "append",
		"connect-timeout": "1", "send-timeout": "3600000", "receive-timeout": "7", "client-agent": "x",
		"backup-urls": "rtmp://127.0.0.1/a+b rtmp://127.0.0.2/a+b", "backup-return": "on", "auth": "limelight", "username": "u", "password": "k",
		"buffer-overflow-mode": "drop", "allow-b-frames": "off", "write-timecode": "on", "first-timecode": "01:00:00:00", "embed-system-time": "on",
		"timecode-interval": "2000", "reconnect-attempts": "3", "reconnect-interval": "100", "reconnect-max-interval": "1000",
		"reconnect-unlimited": "on", "reconnect-on-start": "on", "reconnect-restart-time": "on", "peer-timeout": "2000", "connect-info": `{"a":1}`,
		"handshake": "digest", "fallback-ports": "on", "fallback-tunnel": "on", "proxy": "socks5://a:k@127.0.0.1:1080", "bind": "127.0.0.1",
		"tls-ca-file": "a.pem", "tls-cert-file": "b.pem", "tls-key-file": "c.pem", "tls-server-name": "example.com", "tls-min-version": "1.3",
		"tls-verify": "off", "log-file": "x.log", "trace": "9",
		"latency-cap": "500", "outage-buffer": "30000", "outage-mode": "live", "outage-memory": "2000000", "outage-spool": "x", "outage-spool-size": "16",
		"catch-up-rate": "150", "handover": "off", "bitrate-advice": "on", "bitrate-floor": "1", "bitrate-ceiling": "1",
	}
	o := DefaultOptions()
	for _, f := range o.Fields() {
		t.Run(f.Name, func(t *testing.T) {
			value, ok := values[f.Name]
			require.True(t, ok, "give this test a value for the new option")
			require.NotEmpty(t, f.Label)
			require.NotEmpty(t, f.Help)
			before := o
			require.NoError(t, f.Set(value))
			require.NotEqual(t, before, o, "the struct did not change")
			require.Equal(t, value, f.Value.String())
			if f.Secret {
				require.NotContains(t, f.Show(), "+b")
				require.NotEqual(t, "k", f.Show())
			}
		})
	}
	require.Equal(t, 3600*time.Second, o.SendTimeout)
	require.Equal(t, rtmp.PublishAppend, o.PublishMode)
}

func TestWrongValuesAreRefusedAndChangeNothing(t *testing.T) {
	for name, values := range map[string][]string{
		"output-buffer-size": {"-1", "x", "", "99999999999999999999"},
		"chunk-size":         {"127", "1048577", "4k"},
		"tcp-no-delay":       {"maybe", ""},
		"publish-mode":       {"replay", "3"},
		"send-timeout":       {"0", "-5", "3600001", "2s"},
	} {
		for _, value := range values {
			o := testOptions()
			before := o
			err := field(t, &o, name).Set(value)
			var wrong *OptionError
			require.ErrorAs(t, err, &wrong, "%s=%q", name, value)
			require.Equal(t, name, wrong.Name)
			require.Equal(t, value, wrong.Value)
			require.NotEmpty(t, wrong.Reason)
			require.Equal(t, before, o)
		}
	}
}

func TestNewChecksTheStruct(t *testing.T) {
	o := testOptions()
	o.ChunkSize = 1
	_, err := New(o)
	var wrong *OptionError
	require.ErrorAs(t, err, &wrong)
	o = testOptions()
	o.URL = "rtmp://127.0.0.1:0/live+x"
	_, err = New(o)
	var badURL *rtmp.URLError
	require.ErrorAs(t, err, &badURL)
}

// A program may put anything into the struct: words that there are none of are
// refused as numbers out of range are, and shown without a crash.
func TestNewChecksTheChoices(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"buffer-overflow-mode": func(o *Options) { o.BufferOverflow = 2 },
		"auth":                 func(o *Options) { o.Auth = 200 },
		"publish-mode":         func(o *Options) { o.PublishMode = 3 },
		"handshake":            func(o *Options) { o.Handshake = 9 },
		"tls-min-version":      func(o *Options) { o.TLSMinVersion = "1.1" },
		"peer-timeout":         func(o *Options) { o.PeerTimeout = -1 },
		"reconnect-interval":   func(o *Options) { o.ReconnectInterval = -1 },
	} {
		o := testOptions()
		change(&o)
		_, err := New(o)
		var wrong *OptionError
		require.ErrorAs(t, err, &wrong, name)
		require.Equal(t, name, wrong.Name)
		for _, f := range o.Fields() {
			require.NotEmpty(t, f.Show()+"-")
		}
	}
	_, err := New(Options{})
	require.Error(t, err)
}

func TestStreamKeyApart(t *testing.T) {
	o := DefaultOptions()
	o.URL, o.StreamKey = "rtmp://127.0.0.1/live", "a+b/c?d=1"
	u, err := o.ParseURL()
	require.NoError(t, err)
	require.Equal(t, "live", u.App)
	require.Equal(t, "a+b/c?d=1", u.StreamKey())

	// Two keys: one in the URL by mistake. Neither shows.
	o.URL = "rtmp://127.0.0.1/live+s3cret"
	_, err = New(o)
	var twice *OptionError
	require.ErrorAs(t, err, &twice)
	require.NotContains(t, err.Error(), "s3cret")
	o.URL = "rtmp://127.0.0.1/live/s3cret"
	u, err = o.ParseURL()
	require.NoError(t, err, "an instance, for all that can be known")
	require.NotContains(t, u.String(), "s3cret")
}

// However options, publishers and errors are printed, no secret shows.
func TestSecretsStayHidden(t *testing.T) {
	o := testOptions()
	var out strings.Builder
	p, err := New(o, WithLogger(slog.New(slog.NewTextHandler(&out, nil))))
	require.NoError(t, err)
	keyed := DefaultOptions()
	keyed.URL, keyed.StreamKey = "rtmp://127.0.0.1/live", "s3cret"
	wrong := testOptions()
	wrong.URL = "rtmp://user:pa55word@127.0.0.1:99999/live+s3cret"
	_, badURL := New(wrong)
	require.Error(t, badURL)
	badOption := field(t, &o, "stream-key")
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		for _, v := range []any{o, &o, p, keyed, &keyed, p.Status(), p.Stats(), badURL, badOption.Show()} {
			fmt.Fprintf(&out, format+"\n", v)
		}
	}
	require.NotContains(t, out.String(), "s3cret")
	require.NotContains(t, out.String(), "pa55word")
	require.Contains(t, out.String(), "127.0.0.1")
}

// What the table can't say of one option alone.
func TestOptionsThatGoTogether(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"tls-cert-file": func(o *Options) { o.TLSCertFile = "a.pem" },
		"tls-key-file":  func(o *Options) { o.TLSKeyFile = "a.pem" },
		"peer-timeout":  func(o *Options) { o.PeerTimeout = 999 * time.Millisecond },
	} {
		o := testOptions()
		change(&o)
		var wrong *OptionError
		require.ErrorAs(t, o.Validate(), &wrong)
		require.Equal(t, name, wrong.Name)
	}
	o := testOptions()
	o.TLSCertFile, o.TLSKeyFile, o.PeerTimeout = "a.pem", "b.pem", 0
	require.NoError(t, o.Validate())
}

// A URL where none belongs has secrets all the same.
func TestMisplacedURLsAreNotShown(t *testing.T) {
	for _, url := range []string{"rtmps://me:s3cret@h/app/s3cret", "rtmps:h/live+s3cret"} {
		for name, change := range map[string]func(*Options){
			"tls-server-name": func(o *Options) { o.TLSServerName = url },
			"bind":            func(o *Options) { o.Bind = url },
		} {
			o := testOptions()
			change(&o)
			require.ErrorContains(t, o.Validate(), "option "+name+` = "****": must be`)
		}
	}
	o := testOptions()
	for _, name := range []string{"trace", "live-mode", "handshake", "first-timecode"} {
		err := field(t, &o, name).Set("rtmps://me:s3cret@h/app/s3cret")
		require.ErrorContains(t, err, "option "+name+` = "****": `)
		require.NotContains(t, err.Error(), "s3cret")
	}
}

// The table tells defaults that are those of DefaultOptions, whatever is set.
func TestFieldsTellTheirDefaults(t *testing.T) {
	o, defaults := testOptions(), DefaultOptions()
	o.ChunkSize = 4096
	unset := defaults.Fields()
	for i, f := range o.Fields() {
		require.Equal(t, unset[i].Value.String(), f.Default, f.Name)
		require.NotEmpty(t, f.Group)
		if f.CommandLine != "" {
			require.NoError(t, f.Set(f.CommandLine), f.Name)
			require.NotEqual(t, f.Default, f.CommandLine, f.Name)
		}
	}
}

func TestSecretsOfURLsAreMasked(t *testing.T) {
	o := DefaultOptions()
	for name, texts := range map[string]map[string]string{
		"backup-urls": {
			"rtmp://127.0.0.1/live+s3cret rtmps://example.com/live/s3cret": "rtmp://127.0.0.1/**** rtmps://example.com/****",
			"rtmp://u:pa/s3cret@127.0.0.1/live":                            "rtmp://****",
			"s3cret":                                                       "****",
			"rtmp://127.0.0.1?s3cret rtmps://127.0.0.1+s3cret":             "rtmp://127.0.0.1/**** rtmps://127.0.0.1/****",
		},
		"proxy": {
			"direct": "direct", "environment": "environment", "socks5://127.0.0.1:1080": "socks5://127.0.0.1:1080",
			"http://u:s3/cr@et@127.0.0.1:3128": "http://****@127.0.0.1:3128", "u:s3cret@127.0.0.1": "****",
			"socks5://u:s3cret": "****", "socks5://127.0.0.1/s3cret": "****", "socks5://u:s3/cret@127.0.0.1:x": "****",
		},
		"connect-info": {`{"a":"s3cret"}`: "****"},
		"url":          {"rtmp://127.0.0.1/live+s3cret": "rtmp://127.0.0.1/live/****", "s3cret": "****"},
	} {
		for text, want := range texts {
			require.Equal(t, want, field(t, &o, name).ShowText(text))
		}
	}
}
