package main

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/internal/clip"
	"rtmpwriter/internal/receiver"
	"rtmpwriter/rtmp/rtmptest"
)

// hidden is a secret that no output shows, in no writing.
const hidden = "Sesame-77-open"

// traces are the writings of the secret, alone and as credentials: of its first
// bytes where the encoding of its end depends on what follows.
func traces() []string {
	return []string{
		strings.ToLower(hidden), hex.EncodeToString([]byte(hidden)),
		base64.RawStdEncoding.EncodeToString([]byte(hidden[:12])), base64.RawStdEncoding.EncodeToString([]byte("user:" + hidden[:13])),
	}
}

func requireHidden(t *testing.T, where, text string) {
	t.Helper()
	for _, trace := range traces() {
		if at := strings.Index(strings.ToLower(text), strings.ToLower(trace)); at >= 0 {
			t.Errorf("%s shows the secret: …%s…", where, text[max(0, at-100):min(len(text), at+60)])
		}
	}
}

// run runs the program in a folder until it ends, or for a while, and returns
// all that it wrote.
func run(t *testing.T, folder string, environment []string, args ...string) (output string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "rtmpwriter", args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), environment...)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// atHome is a folder with the clip and with secrets in files, and a server.
func atHome(t *testing.T) (folder, server string, r *receiver.Receiver, pictures <-chan struct{}) {
	t.Helper()
	folder = t.TempDir()
	whole, err := io.ReadAll(clip.Reader())
	require.NoError(t, err)
	arrived := make(chan struct{}, 1<<16)
	r, err = receiver.Start(context.Background(), receiver.Config{OnMessage: func(m receiver.Message) {
		if m.Kind == receiver.KindVideo {
			select {
			case arrived <- struct{}{}:
			default:
			}
		}
	}})
	require.NoError(t, err)
	t.Cleanup(func() { _ = r.Close() })
	for name, text := range map[string]string{
		"clip.mp4": string(whole), "key.txt": hidden, "empty.txt": "",
		"key.yaml":    "stream-key: " + hidden + "\nusername: user\npassword: " + hidden,
		"urls.yaml":   "url: rtmp://" + r.Addr() + "/live+" + hidden + "\nbackup-urls:\n  - rtmp://127.0.0.1:1/live+" + hidden,
		"syntax.yaml": "stream-key: \"" + hidden + "\nusername: x", "type.yaml": "password: [" + hidden + "]", "twice.yaml": "password: " + hidden + "\npassword: " + hidden,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	return folder, "rtmp://" + r.Addr(), r, arrived
}

// TestSecretsShowNowhere runs every command at the highest trace level with
// secrets wherever one can be, well and badly, and looks through all that it
// writes.
func TestSecretsShowNowhere(t *testing.T) {
	folder, server, _, _ := atHome(t)
	urlKey := server + "/live+" + hidden
	guarded := rtmptest.NewServer(t, rtmptest.Script{On: map[string]rtmptest.Handler{
		"connect": rtmptest.Login{User: "user", Password: "another"}.Handler(),
	}})
	closed := strings.Replace(guarded.URL("live+"+hidden), "://", "://user:"+hidden+"@", 1)
	for name, c := range map[string]struct {
		environment []string
		args        []string
		code        int
	}{
		"key in the URL":         {nil, []string{"publish", "clip.mp4", urlKey}, 0},
		"tokens in the URL":      {nil, []string{"publish", "clip.mp4", server + "/live?auth=" + hidden + "/key?token=" + hidden}, 0},
		"credentials in the URL": {nil, []string{"publish", "clip.mp4", strings.Replace(urlKey, "://", "://user:"+hidden+"@", 1)}, 0},
		"JSON report":            {nil, []string{"publish", "--json", "clip.mp4", urlKey}, 0},
		"key as a flag":          {nil, []string{"publish", "--stream-key", hidden, "clip.mp4", server + "/live"}, 0},
		"key in the environment": {[]string{"RTMPWRITER_STREAM_KEY=" + hidden}, []string{"publish", "clip.mp4", server + "/live"}, 0},
		"URL in the environment": {[]string{"RTMPWRITER_URL=" + urlKey}, []string{"publish", "clip.mp4"}, 0},
		"key in a file":          {nil, []string{"publish", "--stream-key-file", "key.txt", "clip.mp4", server + "/live"}, 0},
		"key in YAML":            {nil, []string{"publish", "--config", "key.yaml", "clip.mp4", server + "/live"}, 0},
		"URLs in YAML":           {nil, []string{"publish", "--config", "urls.yaml", "clip.mp4"}, 0},
		"password":               {nil, []string{"publish", "--username", "user", "--password", hidden, "clip.mp4", urlKey}, 0},
		"password in a file":     {nil, []string{"publish", "--username", "user", "--password-file", "key.txt", "clip.mp4", urlKey}, 0},
		"connect info":           {nil, []string{"publish", "--connect-info", `{"token":"` + hidden + `"}`, "clip.mp4", urlKey}, 0},
		"backup URLs":            {nil, []string{"publish", "--backup-urls", "rtmp://127.0.0.1:1/live+" + hidden, "clip.mp4", urlKey}, 0},
		"proxy":                  {nil, []string{"publish", "--proxy", "socks5://user:" + hidden + "@127.0.0.1:1", "--reconnect-unlimited=off", "clip.mp4", urlKey}, exitConnection},
		"proxy in environment":   {[]string{"ALL_PROXY=http://user:" + hidden + "@127.0.0.1:1"}, []string{"publish", "--reconnect-unlimited=off", "clip.mp4", "rtmp://example.com/live+" + hidden}, exitConnection},
		"nobody there":           {nil, []string{"publish", "--reconnect-unlimited=off", "clip.mp4", "rtmp://user:" + hidden + "@127.0.0.1:1/live+" + hidden}, exitConnection},
		"refused":                {nil, []string{"publish", "clip.mp4", closed}, exitRefused},

		"bad scheme":         {nil, []string{"publish", "clip.mp4", "http://user:" + hidden + "@127.0.0.1/live+" + hidden}, exitUsage},
		"bad port":           {nil, []string{"publish", "clip.mp4", "rtmp://user:" + hidden + "@127.0.0.1:0/live+" + hidden}, exitUsage},
		"bad password":       {nil, []string{"publish", "clip.mp4", "rtmp://user:x/" + hidden + "@127.0.0.1/live+k"}, exitUsage},
		"bad proxy":          {nil, []string{"publish", "--proxy", "user:" + hidden + "@127.0.0.1", "clip.mp4", urlKey}, exitUsage},
		"bad connect info":   {nil, []string{"publish", "--connect-info", `{"token":` + hidden, "clip.mp4", urlKey}, exitUsage},
		"bad backup URL":     {nil, []string{"publish", "--backup-urls", "ftp://user:" + hidden + "@x/" + hidden, "clip.mp4", urlKey}, exitUsage},
		"two keys":           {nil, []string{"publish", "--stream-key", hidden, "clip.mp4", urlKey}, exitUsage},
		"key twice":          {[]string{"RTMPWRITER_STREAM_KEY_FILE=key.txt", "RTMPWRITER_STREAM_KEY=" + hidden}, []string{"publish", "clip.mp4", server + "/live"}, exitUsage},
		"empty key file":     {[]string{"RTMPWRITER_PASSWORD=" + hidden}, []string{"publish", "--stream-key-file", "empty.txt", "clip.mp4", server + "/live"}, exitUsage},
		"wrong flag":         {nil, []string{"publish", "--stream-key", hidden, "--chunk-size", "1", "clip.mp4", urlKey}, exitUsage},
		"unknown flag":       {nil, []string{"publish", "--stream-keys", hidden, "clip.mp4", urlKey}, exitUsage},
		"flag without value": {nil, []string{"publish", "clip.mp4", urlKey, "--stream-key"}, exitUsage},
		"too many arguments": {nil, []string{"publish", "clip.mp4", urlKey, hidden}, exitUsage},
		"YAML: syntax":       {nil, []string{"publish", "--config", "syntax.yaml", "clip.mp4", urlKey}, exitUsage},
		"YAML: type":         {nil, []string{"publish", "--config", "type.yaml", "clip.mp4", urlKey}, exitUsage},
		"YAML: twice":        {nil, []string{"publish", "--config", "twice.yaml", "clip.mp4", urlKey}, exitUsage},

		"options":            {[]string{"RTMPWRITER_STREAM_KEY=" + hidden}, []string{"options"}, 0},
		"options of a file":  {nil, []string{"options", "--config", "key.yaml"}, 0},
		"options of flags":   {nil, []string{"options", "--values", "--proxy", "http://user:" + hidden + "@127.0.0.1:1", "--connect-info", `{"a":"` + hidden + `"}`, "--backup-urls", urlKey}, 0},
		"options, JSON":      {[]string{"RTMPWRITER_URL=" + urlKey}, []string{"options", "--values", "--json", "--password-file", "key.txt"}, 0},
		"help":               {[]string{"RTMPWRITER_URL=" + urlKey, "RTMPWRITER_STREAM_KEY=" + hidden}, []string{"publish", "--help"}, 0},
		"demo":               {[]string{"RTMPWRITER_STREAM_KEY=" + hidden, "RTMPWRITER_PASSWORD=" + hidden}, []string{"demo", "--pace", "max"}, 0},
		"probe":              {[]string{"RTMPWRITER_STREAM_KEY=" + hidden}, []string{"probe", "clip.mp4"}, 0},
		"check":              {nil, []string{"check", urlKey}, 0},
		"check, JSON":        {nil, []string{"check", "--json", "--seconds", "1", "--username", "user", "--password", hidden, urlKey}, 0},
		"check, key apart":   {[]string{"RTMPWRITER_PASSWORD=" + hidden}, []string{"check", "--stream-key-file", "key.txt", "--connect-info", `{"token":"` + hidden + `"}`, server + "/live?token=" + hidden}, 0},
		"check, nobody":      {nil, []string{"check", "rtmps://user:" + hidden + "@127.0.0.1:1/live+" + hidden}, exitConnection},
		"check, proxy":       {nil, []string{"check", "--json", "--proxy", "http://user:" + hidden + "@127.0.0.1:1", urlKey}, exitConnection},
		"check, refused":     {nil, []string{"check", "--json", closed}, exitRefused},
		"check, bad URL":     {nil, []string{"check", "http://user:" + hidden + "@127.0.0.1/live+" + hidden}, exitUsage},
		"check, bad option":  {nil, []string{"check", "--chunk-size", "1", "--stream-key", hidden, server + "/live"}, exitUsage},
		"completion":         {[]string{"RTMPWRITER_STREAM_KEY=" + hidden}, []string{"completion", "bash"}, 0},
		"version":            {[]string{"RTMPWRITER_STREAM_KEY=" + hidden}, []string{"--version"}, 0},
		"a command by error": {nil, []string{"publsh", "--stream-key", hidden, "clip.mp4", urlKey}, exitUsage},
	} {
		t.Run(name, func(t *testing.T) {
			log := filepath.Join(t.TempDir(), "log.txt")
			environment := slices.Concat(c.environment, []string{"RTMPWRITER_TRACE=9", "RTMPWRITER_LOG_FILE=" + log, "RTMPWRITER_PACE=max"})
			out, code := run(t, folder, environment, c.args...)
			require.Equal(t, c.code, code, "%s", out)
			require.NotEmpty(t, out)
			requireHidden(t, "the output", out)
			text, err := os.ReadFile(log)
			if c.args[0] == "publish" && code == 0 && name != "help" {
				require.NoError(t, err)
				require.Contains(t, string(text), "level=TRACE", "the log has no messages")
			}
			requireHidden(t, "the log", string(text))
		})
	}
}
