package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
)

// TestSecretsLeaveTheProcessList publishes with every secret option on its
// command line, and looks at what the system shows of the running program.
func TestSecretsLeaveTheProcessList(t *testing.T) {
	if runtime.GOOS != "linux" {
		return // the list of processes is elsewhere; maskArgument's test is for all
	}
	folder, server, _, pictures := atHome(t)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "rtmpwriter", "publish", "--loop", "--quiet", "--password="+hidden, "--username", "user",
		"--connect-info", `{"token":"`+hidden+`"}`, "--backup-urls=rtmp://127.0.0.1:1/live+"+hidden+" rtmp://127.0.0.1:2/"+hidden,
		"--stream-key", hidden, "clip.mp4", server+"/live")
	cmd.Dir = folder
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	require.NoError(t, cmd.Start())
	select {
	case <-pictures:
	case <-ctx.Done():
		t.Fatal("no picture arrived")
	}
	line, err := os.ReadFile("/proc/" + strconv.Itoa(cmd.Process.Pid) + "/cmdline")
	require.NoError(t, err)
	requireHidden(t, "the list of processes", string(line))
	require.Contains(t, string(line), "--stream-key\x00****\x00")
	require.Contains(t, string(line), "clip.mp4")
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	_ = cmd.Wait()
	require.Equal(t, exitInterrupted, cmd.ProcessState.ExitCode(), "%s", out.String())
	requireHidden(t, "the output", out.String())
}

// TestMaskArgument gives every secret option in both forms.
func TestMaskArgument(t *testing.T) {
	o := publish.DefaultOptions()
	for _, f := range o.Fields() {
		for _, text := range []string{hidden, "rtmp://user:" + hidden + "@127.0.0.1/" + hidden, "socks5://user:a/" + hidden + "@127.0.0.1:1", `{"a":"` + hidden + `"}`} {
			joined, apart := "--"+f.Name+"="+text, []string{"--" + f.Name, text}
			if !f.Secret {
				require.Equal(t, "--"+f.Name+"=value", maskArgument([]string{"--" + f.Name + "=value"}, 0))
				continue
			}
			requireHidden(t, f.Name, maskArgument([]string{joined}, 0))
			requireHidden(t, f.Name, maskArgument(apart, 1))
			require.Equal(t, apart[0], maskArgument(apart, 0))
		}
	}
	for arg, want := range map[string]string{
		"clip.mp4": "clip.mp4", "--loop": "--loop", "-": "-",
		"rtmp://127.0.0.1:1935/live+" + hidden: "rtmp://127.0.0.1:1935/****",
		"rtmp:127.0.0.1/live+" + hidden:        "****",
		" RTMP://127.0.0.1/live+" + hidden:     "****",
		"http://user:" + hidden + "@127.0.0.1": "http://****",
		"--anything=rtmp://h/" + hidden:        "--anything=rtmp://h/****",
		"--anything=rtmp:h/live+" + hidden:     "--anything=****",
		"rtmp://user:" + hidden:                "****", // half typed
		"rtmp://user:87654321":                 "****",
		"-password=" + hidden:                  "-password=****",
		"---password=" + hidden:                "---password=****",
		"\u2014password=" + hidden:             "\u2014password=****",
		"password=" + hidden:                   "password=****",
	} {
		require.Equal(t, want, maskArgument([]string{arg}, 0))
	}
	require.Equal(t, "****", maskArgument([]string{"\u2013password", hidden}, 1))
	require.Equal(t, "clip.mp4", maskArgument([]string{"password", "clip.mp4"}, 1))
}
