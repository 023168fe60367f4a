package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"rtmpwriter/internal/clip"
	"rtmpwriter/internal/receiver"
)

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
// writes, files too.
func TestSecretsShowNowhere(t *testing.T) {
	folder, server, _, _ := atHome(t)
	for name, c := range secretRuns(t, server) {
		t.Run(name, func(t *testing.T) {
			written := t.TempDir()
			args := slices.Clone(c.args)
			for i := range args {
				args[i] = strings.ReplaceAll(args[i], "{written}", written)
			}
			log := filepath.Join(written, "log.txt")
			environment := slices.Concat(c.environment, []string{"RTMPWRITER_TRACE=9", "RTMPWRITER_LOG_FILE=" + log, "RTMPWRITER_PACE=max"})
			out, code := run(t, folder, environment, args...)
			require.Equal(t, c.code, code, "%s", out)
			require.NotEmpty(t, out+c.silent)
			requireHidden(t, "the output", out)
			if args[0] == "publish" && code == 0 && name != "help" {
				text, err := os.ReadFile(log)
				require.NoError(t, err)
				require.Contains(t, string(text), "level=TRACE", "the log has no messages")
			}
			for _, said := range c.says {
				require.Contains(t, out, said)
			}
			requireHiddenInFiles(t, written)
		})
	}
}

// requireHiddenInFiles looks through all files below a folder.
func requireHiddenInFiles(t *testing.T, folder string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		requireHidden(t, filepath.Base(name), string(text))
		return err
	}))
}

// showArguments prints what the program shows in the list of processes once it has
// begun, in place of going on.
func showArguments() {
	hideArguments()
	line, err := os.ReadFile("/proc/self/cmdline")
	if err != nil {
		os.Exit(exitFailure)
	}
	_, _ = os.Stdout.Write(line)
}

// TestArgumentsShowNoSecret gives the arguments of all runs to one program, as one
// long command line, and looks at what the list of processes shows of them.
func TestArgumentsShowNoSecret(t *testing.T) {
	if runtime.GOOS != "linux" {
		return // the list of processes is elsewhere; maskArgument's test is for all
	}
	var all []string
	for _, c := range secretRuns(t, "rtmp://127.0.0.1:1") {
		if c.bare == "" {
			all = append(all, c.args...)
		}
	}
	shown, err := exec.CommandContext(t.Context(), "show-arguments", all...).Output()
	require.NoError(t, err)
	require.GreaterOrEqual(t, strings.Count(string(shown), "\x00"), len(all))
	require.Contains(t, string(shown), "clip.mp4")
	requireHidden(t, "the list of processes", string(shown))
}

// TestEveryCommandIsLookedThrough finds every command of the program among the
// runs, so that a new one can't be forgotten.
func TestEveryCommandIsLookedThrough(t *testing.T) {
	runs := secretRuns(t, "rtmp://127.0.0.1:1")
	root := newRoot()
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	commands := 0
	var walk func(cmd *cobra.Command, path []string)
	walk = func(cmd *cobra.Command, path []string) {
		for _, sub := range cmd.Commands() {
			walk(sub, append(slices.Clone(path), sub.Name()))
		}
		commands++
		for _, c := range runs {
			if len(c.args) >= len(path) && slices.Equal(c.args[:len(path)], path) {
				return
			}
		}
		t.Errorf("no run of %q: add one to secretRuns", strings.Join(path, " "))
	}
	walk(root, nil)
	require.Greater(t, commands, 10)
}

// TestEverySecretOptionIsGiven finds every option that is a secret, and its
// companion, among the runs.
func TestEverySecretOptionIsGiven(t *testing.T) {
	var all strings.Builder
	for _, c := range secretRuns(t, "rtmp://127.0.0.1:1") {
		all.WriteString(strings.Join(slices.Concat(c.args, c.environment), " ") + " ")
	}
	for _, name := range secretOptions() {
		require.Contains(t, all.String(), "--"+name, "no run gives it: add one to secretRuns")
	}
}
