package settings

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
)

// write writes a file into the test's folder and returns its name.
func write(t *testing.T, name, text string) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

// environment makes a lookup of name, value pairs.
func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func TestDefaults(t *testing.T) {
	s, err := Load(Sources{})
	require.NoError(t, err)
	require.Equal(t, publish.DefaultOptions(), s.Options)
	require.Equal(t, Default, s.Origin("chunk-size"))

	s, err = Load(Sources{CommandLine: true})
	require.NoError(t, err)
	require.True(t, s.Options.TCPNoDelay)
	require.True(t, s.Options.ReconnectUnlimited)
	require.Equal(t, 30*time.Second, s.Options.ReconnectMaxInterval)
	require.Equal(t, "environment", s.Options.Proxy)
	require.Equal(t, Default, s.Origin("tcp-no-delay"))
}

// Who gives a number of attempts means it: the command line's own "without
// limit" steps back, whichever door the number came through, and only that.
func TestAttemptsTakeBackTheUnlimitedDefault(t *testing.T) {
	file := write(t, "c.yaml", "reconnect-attempts: 2\n")
	both := write(t, "both.yaml", "reconnect-attempts: 2\nreconnect-unlimited: on\n")
	place := filepath.ToSlash(file) + ":1"
	attempts := []Given{{"reconnect-attempts", "2", "--reconnect-attempts"}}
	const because = "default, since reconnect-attempts is given "
	for name, c := range map[string]struct {
		from   Sources
		on     bool
		origin string
	}{
		"flag":         {Sources{Flags: attempts}, false, because + "(--reconnect-attempts)"},
		"file":         {Sources{File: file}, false, because + "(" + place + ")"},
		"environment":  {Sources{Environment: environment("RTMPWRITER_RECONNECT_ATTEMPTS", "0")}, false, because + "(environment variable RTMPWRITER_RECONNECT_ATTEMPTS)"},
		"both":         {Sources{File: both}, true, filepath.ToSlash(both) + ":2"},
		"weaker, both": {Sources{Environment: environment("RTMPWRITER_RECONNECT_UNLIMITED", "on"), Flags: attempts}, true, "environment variable RTMPWRITER_RECONNECT_UNLIMITED"},
		"another":      {Sources{Flags: []Given{{"reconnect-interval", "500", "--reconnect-interval"}}}, true, Default},
	} {
		t.Run(name, func(t *testing.T) {
			c.from.CommandLine = true
			s, err := Load(c.from)
			require.NoError(t, err)
			require.Equal(t, c.on, s.Options.ReconnectUnlimited)
			require.Equal(t, c.origin, s.Origin("reconnect-unlimited"))
			require.Equal(t, 30*time.Second, s.Options.ReconnectMaxInterval)
		})
	}
}

// A proxy of the environment that is none matters to who uses it only.
func TestDirectPassesByTheEnvironmentsProxy(t *testing.T) {
	t.Setenv("ALL_PROXY", "gopher://127.0.0.1")
	_, err := Load(Sources{CommandLine: true})
	require.ErrorContains(t, err, `option proxy = "environment": `)
	s, err := Load(Sources{CommandLine: true, Flags: []Given{{"proxy", "direct", "--proxy"}}})
	require.NoError(t, err)
	require.Equal(t, "direct", s.Options.Proxy)
}

// Default, file, environment, flag: each goes before the one before it.
func TestStrongerSourcesGoFirst(t *testing.T) {
	file := write(t, "c.yaml", "chunk-size: 1000\nsend-timeout: 1000\nlive-mode: true\n")
	s, err := Load(Sources{
		File:        file,
		Environment: environment("RTMPWRITER_SEND_TIMEOUT", "2000", "RTMPWRITER_LIVE_MODE", "off", "RTMPWRITER_TRACE", ""),
		Flags:       []Given{{"live-mode", "on", "--live-mode"}},
	})
	require.NoError(t, err)
	require.Equal(t, 65536, publish.DefaultOptions().ChunkSize)
	require.Equal(t, 1000, s.Options.ChunkSize)
	require.Equal(t, 2*time.Second, s.Options.SendTimeout)
	require.True(t, s.Options.LiveMode)
	require.Equal(t, filepath.ToSlash(file)+":1", s.Origin("chunk-size"))
	require.Equal(t, "environment variable RTMPWRITER_SEND_TIMEOUT", s.Origin("send-timeout"))
	require.Equal(t, "--live-mode", s.Origin("live-mode"))
	require.Equal(t, Default, s.Origin("trace"))
}

// A key and a key in a file are two ways to give one thing: the stronger
// source's way counts, and no file of a weaker one is opened.
func TestKeysInFiles(t *testing.T) {
	key := write(t, "key.txt", byteOrderMark+"from-file\r\nnot this\n")
	for name, c := range map[string]struct {
		yaml  string
		env   []string
		flags []Given
		want  string
	}{
		"YAML":               {yaml: "stream-key-file: " + key, want: "from-file"},
		"environment":        {env: []string{"RTMPWRITER_STREAM_KEY_FILE", key}, want: "from-file"},
		"flag":               {flags: []Given{{"stream-key-file", key, "--stream-key-file"}}, want: "from-file"},
		"key over file":      {env: []string{"RTMPWRITER_STREAM_KEY_FILE", "missing"}, flags: []Given{{"stream-key", "k", "--stream-key"}}, want: "k"},
		"file over key":      {yaml: "stream-key: weak", env: []string{"RTMPWRITER_STREAM_KEY_FILE", key}, want: "from-file"},
		"none over file":     {env: []string{"RTMPWRITER_STREAM_KEY_FILE", "missing"}, flags: []Given{{"stream-key", "", "--stream-key"}}},
		"no file over a key": {yaml: "stream-key: weak", flags: []Given{{"stream-key-file", "", "--stream-key-file"}}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Load(Sources{File: write(t, "c.yaml", c.yaml), Environment: environment(c.env...), Flags: c.flags})
			require.NoError(t, err)
			require.Equal(t, c.want, s.Options.StreamKey)
		})
	}
	s, err := Load(Sources{Environment: environment("RTMPWRITER_PASSWORD_FILE", key)})
	require.NoError(t, err)
	require.Equal(t, "from-file", s.Options.Password)
	require.Contains(t, s.Origin("password"), "RTMPWRITER_PASSWORD_FILE")

	for name, content := range map[string]string{"empty": "\nkey", "zero": "a\x00b"} {
		_, err = Load(Sources{Flags: []Given{{"password-file", write(t, name, content), "--password-file"}}})
		require.ErrorContains(t, err, "--password-file: option password-file")
	}
	_, err = Load(Sources{Environment: environment("RTMPWRITER_STREAM_KEY", "a", "RTMPWRITER_STREAM_KEY_FILE", key)})
	require.ErrorContains(t, err, "stream-key is given twice")
}

// A wrong value is refused with its option, itself, the range and the place.
func TestWrongValuesTellTheirPlace(t *testing.T) {
	file := write(t, "c.yaml", "# first line\nlive-mode: on\nchunk-size: 12\n")
	place := filepath.ToSlash(file) + ":3"
	for _, c := range []struct {
		from Sources
		want string
	}{
		{Sources{File: file}, place + `: option chunk-size = "12": must be a number from 128 to 1048576 bytes`},
		{Sources{Environment: environment("RTMPWRITER_CHUNK_SIZE", "x")}, `environment variable RTMPWRITER_CHUNK_SIZE: option chunk-size = "x": must be a number from 128 to 1048576 bytes`},
		{Sources{Flags: []Given{{"peer-timeout", "999", "--peer-timeout"}}}, `--peer-timeout: option peer-timeout = "999": must be 0, or a number from 1000 to 3600000 ms`},
		{Sources{Flags: []Given{{"auth", "perhaps", "--auth"}}}, `--auth: option auth = "perhaps": must be off, on, adobe or limelight`},
		{Sources{Flags: []Given{{"live-mode", "perhaps", "--live-mode"}}}, `--live-mode: option live-mode = "perhaps": must be on or off`},
	} {
		_, err := Load(c.from)
		require.EqualError(t, err, c.want)
		var wrong *publish.OptionError
		require.ErrorAs(t, err, &wrong)
	}
	_, err := Load(Sources{File: "missing.yaml"})
	require.ErrorContains(t, err, "configuration file missing.yaml: ")
	_, err = Load(Sources{Flags: []Given{{"nonsense", "", "--nonsense"}}})
	require.EqualError(t, err, `--nonsense: unknown option "nonsense"`)
}

// What is wrong only as a whole tells its place too.
func TestValidateTellsThePlace(t *testing.T) {
	for want, given := range map[string][]Given{
		"--url: option url: bad RTMP URL: port":         {{"url", "rtmp://127.0.0.1:0/live+s3cret", "--url"}},
		"--stream-key: option stream-key = \"****\"":    {{"url", "rtmp://127.0.0.1/live+s3cret", "--url"}, {"stream-key", "s3cret", "--stream-key"}},
		"--cert: option tls-cert-file = \"a\": the cli": {{"url", "rtmp://127.0.0.1/live+s3cret", "--url"}, {"tls-cert-file", "a", "--cert"}},
		"--key: option tls-key-file = \"a\": the cli":   {{"url", "rtmp://127.0.0.1/live+s3cret", "--url"}, {"tls-key-file", "a", "--key"}},
	} {
		s, err := Load(Sources{Flags: given})
		require.NoError(t, err)
		err = s.Validate()
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "s3cret")
	}
	s, err := Load(Sources{})
	require.NoError(t, err)
	require.ErrorContains(t, s.Validate(), "URL is empty")

	for text, want := range map[string]string{
		"trace: 1\nurl: rtmp://127.0.0.1:99999/live+s3cret\n":                                     `:2: option url: bad RTMP URL: port "99999" must be`,
		"url: http://127.0.0.1/live+s3cret\n":                                                     `:1: option url: bad RTMP URL: scheme "http" must be`,
		"url: rtmp://h/live\nstream-key: s3cret key\n":                                            `:2: option stream-key: bad RTMP URL: stream key has a space`,
		"url: rtmp://h/a+b\nurl-delimiter: ' '\n":                                                 `:2: option url-delimiter: bad RTMP URL: delimiter`,
		"url: rtmp://h/a+b\nbackup-urls:\n  - rtmp://h/a+b\n  # the next\n  - ftp://h/a+s3cret\n": `:5: option backup-urls = "****": backup url 2: bad RTMP URL: scheme`,
		"url: rtmp://h/a+b\nbackup-urls: rtmp://h/a+b ftp://h/a+s3cret\n":                         `:2: option backup-urls = "****": backup url 2: bad RTMP URL: scheme`,
	} {
		file := write(t, "c.yaml", text)
		s, err := Load(Sources{File: file})
		require.NoError(t, err)
		err = s.Validate()
		require.ErrorContains(t, err, filepath.ToSlash(file)+want)
		require.NotContains(t, err.Error(), "s3cret")
	}
	s, err = Load(Sources{Flags: []Given{{"url", "rtmp://127.0.0.1:0/live+k", URLArgument}}})
	require.NoError(t, err)
	require.ErrorContains(t, s.Validate(), "the URL argument: bad RTMP URL: port")
}

// Check looks at the files too; only the url may be missing, whatever the key and
// the delimiter.
func TestCheckWithoutURL(t *testing.T) {
	for _, given := range [][]Given{
		nil,
		{{"stream-key", "a", "x"}},
		{{"stream-key", "a", "x"}, {"url-delimiter", "/", "x"}, {"backup-urls", "rtmp://127.0.0.2/live", "x"}},
		{{"url-delimiter", "", "x"}, {"backup-urls", "rtmp://127.0.0.2/live/key", "x"}},
		{{"auth", "adobe", "x"}},
	} {
		s, err := Load(Sources{Flags: given})
		require.NoError(t, err)
		require.NoError(t, s.Check(), given)
		require.Empty(t, s.Options.URL)
		s, err = Load(Sources{Flags: append(given, Given{"tls-ca-file", "missing.pem", "--tls-ca-file"})})
		require.NoError(t, err)
		require.EqualError(t, s.Check(), `--tls-ca-file: option tls-ca-file = "missing.pem": there is no such file`)
	}
}

func TestNearest(t *testing.T) {
	for name, want := range map[string]string{
		"chunksize": "chunk-size", "Chunk_Size": "chunk-size", "chunk-sise": "chunk-size", "urls": "url",
		"stream-keyfile": "stream-key-file", "colour": "", "": "", strings.Repeat("x", 40): "",
	} {
		require.Equal(t, want, Nearest(name, Names()), name)
	}
}
