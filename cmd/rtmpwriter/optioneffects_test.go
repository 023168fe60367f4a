package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/internal/receiver"
)

// publishedAs publishes the clip's end and tells application and key as the
// server got them.
func publishedAs(t *testing.T, folder string, r *receiver.Receiver, args ...string) string {
	t.Helper()
	out, code := run(t, folder, nil, append([]string{"publish", "--pace", "max", "--start", "8", "clip.mp4"}, args...)...)
	require.Equal(t, exitOK, code, "%s", out)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	got, err := r.Wait(ctx)
	require.NoError(t, err)
	return got.App + " " + got.Key
}

func TestOptionURL(t *testing.T) {
	folder, server, r, _ := atHome(t)
	require.Equal(t, "live a/b", publishedAs(t, folder, r, "--url", server+"/live+a/b"))
	require.Equal(t, "live/a b", publishedAs(t, folder, r, "--url", server+"/live/a/b"))
	require.Equal(t, "live c", publishedAs(t, folder, r, server+"/live+c"))
}

func TestOptionURLDelimiter(t *testing.T) {
	folder, server, r, _ := atHome(t)
	require.Equal(t, "live/x a+b", publishedAs(t, folder, r, "--url-delimiter=", server+"/live/x/a+b"))
	require.Equal(t, "live/x a+b", publishedAs(t, folder, r, "--url-delimiter", "::", server+"/live/x::a+b"))
	require.Equal(t, "live/x/a b", publishedAs(t, folder, r, server+"/live/x/a+b"))
}

func TestOptionStreamKey(t *testing.T) {
	folder, server, r, _ := atHome(t)
	require.Equal(t, "live/x a+b/c?d=e", publishedAs(t, folder, r, "--stream-key", "a+b/c?d=e", server+"/live/x"))
	require.Equal(t, "live "+hidden, publishedAs(t, folder, r, "--stream-key-file", "key.txt", server+"/live"))
}

// TestOptionTrace publishes two seconds at each step of the levels.
func TestOptionTrace(t *testing.T) {
	folder, server, _, _ := atHome(t)
	const (
		status    = `level=INFO msg=status state=connected`
		command   = `level=DEBUG msg="command sent"`
		stats     = `level=DEBUG msg=statistics`
		message   = `level=TRACE msg="message sent"`
		complaint = `level=ERROR msg=status`
	)
	steps := []string{"dial", "handshake", "connect", "createStream", "publish"}
	commands := []string{"connect", "releaseStream", "FCPublish", "createStream", "publish", "FCUnpublish", "deleteStream"}
	for trace, want := range map[string][]string{"0": {}, "3": {status}, "6": {status, command, stats}, "9": {status, command, stats, message}} {
		t.Run(trace, func(t *testing.T) {
			began := time.Now()
			out, code := run(t, folder, nil, "publish", "--trace", trace, "--start", "8", "clip.mp4", server+"/live+trace"+trace)
			require.Equal(t, exitOK, code, "%s", out)
			for _, line := range []string{status, command, stats, message} {
				require.Equal(t, strings.Contains(strings.Join(want, "\n"), line), strings.Contains(out, line), "%s\n%s", line, out)
			}
			require.NotContains(t, out, complaint)
			for _, step := range steps {
				require.Equal(t, trace >= "3", strings.Contains(out, `level=INFO msg="step done" step=`+step+" "), "%s\n%s", step, out)
			}
			for _, name := range commands {
				sent := regexp.MustCompile(`msg="command sent".*\\"` + name + `\\"`)
				require.Equal(t, trace >= "6", sent.MatchString(out), "%s\n%s", name, out)
			}
			if trace >= "6" {
				told := strings.Count(out, stats)
				require.GreaterOrEqual(t, told, 1)
				require.LessOrEqual(t, told, 1+int(time.Since(began).Seconds()), "each second")
			}
		})
	}
	// What a person must know is told at every level.
	log := filepath.Join(t.TempDir(), "a.log")
	_, code := run(t, folder, nil, "publish", "--log-file", log, "--reconnect-unlimited=off", "clip.mp4", "rtmp://127.0.0.1:1/live+x")
	require.Equal(t, exitConnection, code)
	text, err := os.ReadFile(log)
	require.NoError(t, err)
	require.Contains(t, string(text), complaint)
}

func TestOptionLogFile(t *testing.T) {
	folder, server, _, _ := atHome(t)
	log := filepath.Join(folder, "a.log")
	for range 2 {
		out, code := run(t, folder, nil, "publish", "--pace", "max", "--trace", "3", "--log-file", "a.log", "clip.mp4", server+"/live+x")
		require.Equal(t, exitOK, code, "%s", out)
		require.Contains(t, out, "state=connected", "standard error has it too")
	}
	text, err := os.ReadFile(log)
	require.NoError(t, err)
	require.Equal(t, 2, strings.Count(string(text), "msg=begins"), "a log is appended to")
	first, _, _ := strings.Cut(string(text), "\n")
	require.Contains(t, first, "application=live stream_key=****", "what came of the URL, in the first line")
	require.Equal(t, 2, strings.Count(string(text), "state=connected"))
	require.Equal(t, 2, strings.Count(string(text), "msg=ended"))

	// check shows it too.
	out, _ := run(t, folder, nil, "check", server+"/live/x?t="+hidden+"+"+hidden+"+a")
	require.Contains(t, out, ": application live/x?t=****, stream key ****")

	// A folder that is missing is a mistake of the user's, told before anything
	// is connected.
	out, code := run(t, folder, nil, "publish", "--log-file", filepath.Join("gone", "a.log"), "clip.mp4", server+"/live+x")
	require.Equal(t, exitUsage, code)
	require.Contains(t, out, "--log-file: option log-file")
	require.Contains(t, out, "the folder gone does not exist; make it, or name another")
}
