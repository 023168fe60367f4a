package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
)

func TestNames(t *testing.T) {
	for name, want := range map[string][2]string{
		"url":             {"url", "Url"},
		"tcp-no-delay":    {"tcpNoDelay", "TcpNoDelay"},
		"tls-ca-file":     {"tlsCaFile", "TlsCaFile"},
		"backup-urls":     {"backupUrls", "BackupUrls"},
		"stream-key-file": {"streamKeyFile", "StreamKeyFile"},
		"":                {"", ""},
	} {
		require.Equal(t, want, [2]string{Camel(name), Pascal(name)})
	}
}

// registry is one in memory, by root and key.
type registry map[string]map[string]string

func (r registry) Values(root, key string) (map[string]string, error) {
	values := r[root+`\`+key]
	if _, ok := values["!"]; ok {
		delete(values, "!")
		return values, errors.New("value ! has a type that is no text")
	}
	return values, nil
}

// The user's values go before the machine's, the log's own key before both.
func TestDefaults(t *testing.T) {
	o, problems := Defaults(registry{})
	require.Empty(t, problems)
	require.Equal(t, publish.DefaultOptions(), o)

	key := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(key, []byte("\xef\xbb\xbf s3cret \r\nmore"), 0o600))
	o, problems = Defaults(registry{
		`HKLM\Software\RTMPWriter`: {
			"chunkSize": "4096", "tcpNoDelay": "1", "publishMode": "2", "tlsMinVersion": "1", "handshake": "digest", "logFile": "a.log", "trace": "1", "": "whatever",
			"URL": "rtmp://example.com/live", "connectTimeout": "5000", "streamKeyFile": key, "backupUrls": "rtmp://127.0.0.1/a/b rtmp://127.0.0.2/a/b",
		},
		`HKCU\Software\RTMPWriter`:                  {"chunksize": "8192", "logFile": "b.log", "liveMode": "on", "firstTimecode": "01:00:00:00"},
		`HKCU\Software\DebugNano\NRtmpRenderer.ax`:  {"TRACE": "9"},
		`HKCU\Software\DebugNano\nRtmpRenderer.ax`:  {"LogToFile": "c.log", "TRACE": "6", "Other": "1"},
		`HKLM\Software\DebugNano\nRtmpRenderer.ax`:  {"TRACE": "7"},
		`HKCU\Software\RTMPWriter\Software\Whoever`: {"x": "y"},
	})
	require.Empty(t, problems)
	want := publish.DefaultOptions()
	want.ChunkSize, want.TCPNoDelay, want.LiveMode, want.FirstTimecode = 8192, true, true, "01:00:00:00"
	want.LogFile, want.Trace, want.URL, want.StreamKey = "c.log", 6, "rtmp://example.com/live", "s3cret"
	want.BackupURLs = []string{"rtmp://127.0.0.1/a/b", "rtmp://127.0.0.2/a/b"}
	for _, f := range want.Fields() {
		switch f.Name {
		case "publish-mode":
			require.NoError(t, f.Set("append"))
		case "tls-min-version":
			require.NoError(t, f.Set("1.3"))
		case "handshake":
			require.NoError(t, f.Set("digest"))
		case "connect-timeout":
			require.NoError(t, f.Set("5000"))
		}
	}
	require.Equal(t, want, o)
}

// What is wrong is left out, and told with its place and no secret.
func TestDefaultsThatAreWrong(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	o, problems := Defaults(registry{
		`HKLM\Software\RTMPWriter`: {"chunkSize": "1", "tcpNoDelay": "2", "publishMode": "3", "url": "http://example.com/s3cret", "passwordFile": missing},
		`HKCU\Software\RTMPWriter`: {
			"!": "", "chunk-size": "4096", "nonsense": "s3cret", strings.Repeat("x", 300): "", "connectInfo": "s3cret",
			"streamKey": "s3cret", "streamKeyFile": missing,
		},
		`HKCU\Software\DebugNano\nRtmpRenderer.ax`: {"TRACE": "10"},
	})
	var told []string
	for _, p := range problems {
		told = append(told, p.Error())
	}
	all := strings.Join(told, "\n")
	for _, want := range []string{
		`HKLM\Software\RTMPWriter\chunkSize: option chunk-size = "1": must be a number from 128 to 1048576 bytes`,
		`HKLM\Software\RTMPWriter\tcpNoDelay: option tcp-no-delay = "2": must be on or off`,
		`HKLM\Software\RTMPWriter\publishMode: option publish-mode = "3": must be live, record or append`,
		`HKLM\Software\RTMPWriter\passwordFile: option password-file = `,
		`HKLM\Software\RTMPWriter\url: bad RTMP URL: scheme`,
		`HKCU\Software\RTMPWriter: value ! has a type that is no text`,
		`HKCU\Software\RTMPWriter\chunk-size: no such option; write chunkSize`,
		`HKCU\Software\RTMPWriter\nonsense: no such option`,
		`HKCU\Software\RTMPWriter\` + strings.Repeat("x", 40) + `…: no such option`,
		`HKCU\Software\RTMPWriter\connectInfo: option connect-info = "****": `,
		`HKCU\Software\RTMPWriter\streamKeyFile: is left out, since streamKey gives the same option`,
		`HKCU\Software\DebugNano\nRtmpRenderer.ax\TRACE: option trace = "10": must be a number from 0 to 9`,
	} {
		require.Contains(t, all, want)
	}
	require.Len(t, problems, 12)
	require.NotContains(t, all, "s3cret")
	want := publish.DefaultOptions()
	want.StreamKey = "s3cret"
	require.Equal(t, want, o)
}

// A url that only lacks its key, or another delimiter, is none that is wrong.
func TestDefaultsWithHalfAURL(t *testing.T) {
	for _, url := range []string{"rtmp://example.com/live", "rtmp://example.com/live+", "rtmp://example.com/a#b"} {
		o, problems := Defaults(registry{`HKLM\Software\RTMPWriter`: {"url": url}})
		require.Empty(t, problems, url)
		require.Equal(t, url, o.URL)
	}
}

// Two keys are told of; which one is meant, nobody can know.
func TestDefaultsWithTwoKeys(t *testing.T) {
	o, problems := Defaults(registry{
		`HKLM\Software\RTMPWriter`: {"url": "rtmp://example.com/live+s3cret"},
		`HKCU\Software\RTMPWriter`: {"streamKey": "s3cret"},
	})
	require.Len(t, problems, 1)
	require.ErrorContains(t, problems[0], `HKCU\Software\RTMPWriter\streamKey: option stream-key = "****": the url holds a stream key already`)
	require.Equal(t, "s3cret", o.StreamKey)
}

// The names in the registry are unique without their capitals, as Windows needs
// them, and so are those of the property bag.
func TestNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	o := publish.DefaultOptions()
	for _, f := range o.Fields() {
		for _, name := range []string{f.Name, f.File} {
			key := strings.ToLower(Camel(name))
			require.False(t, key != "" && seen[key], name)
			require.Equal(t, key, strings.ToLower(Pascal(name)))
			seen[key] = true
		}
	}
}
