package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A log that can't be written is told once and ends nothing.
func TestPublishGoesOnWithoutItsLog(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		return // the system has no such file
	}
	folder, server, _, _ := atHome(t)
	out, code := run(t, folder, nil, "publish", "--pace", "max", "--start", "8", "--log-file", "/dev/full", "--trace", "3", "clip.mp4", server+"/live+"+hidden)
	require.Equal(t, exitOK, code, "%s", out)
	require.Equal(t, 1, strings.Count(out, `warning: --log-file: option log-file = "/dev/full": can't be written`), out)
	requireHidden(t, "the output", out)
}
