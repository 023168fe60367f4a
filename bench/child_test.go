package main

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// script starts a shell, and ends it with the test.
func script(t *testing.T, text string) *child {
	t.Helper()
	c, err := start(t.Context(), []string{"sh", "-c", text})
	require.NoError(t, err)
	t.Cleanup(c.kill)
	return c
}

// until waits for what becomes true soon.
func until(t *testing.T, ok func() bool) {
	t.Helper()
	require.Eventually(t, ok, 30*time.Second, 5*time.Millisecond)
}

func TestCPU(t *testing.T) {
	busy, idle := script(t, "while :; do :; done"), script(t, "echo ready; kill -STOP $$")
	first, err := busy.cpu()
	require.NoError(t, err)
	until(t, func() bool {
		now, err := busy.cpu()
		return err == nil && now > first+50*time.Millisecond
	})
	until(t, func() bool { return idle.said.String() != "" })
	took, err := idle.cpu()
	require.NoError(t, err)
	require.Positive(t, took)
	now, err := busy.cpu()
	require.NoError(t, err)
	require.Less(t, took, now, "a shell that did nothing")
}

func TestAnonymous(t *testing.T) {
	small := script(t, "while :; do :; done")
	const most = 16 << 20
	large := script(t, `x=0123456789abcdef; while [ ${#x} -lt 8388608 ]; do x=$x$x; done; echo ready; while :; do :; done`)
	until(t, func() bool { return strings.Contains(large.said.String(), "ready") })
	little, err := small.anonymous()
	require.NoError(t, err)
	require.Positive(t, little)
	require.Less(t, little, int64(most)/2)
	much, err := large.anonymous()
	require.NoError(t, err)
	require.Greater(t, much, little+(8<<20)-1)
}

func TestWatch(t *testing.T) {
	c := script(t, "while :; do :; done")
	u, err := c.watch(t.Context(), 200*time.Millisecond)
	require.NoError(t, err)
	require.Positive(t, u.share)
	require.LessOrEqual(t, u.share, 1.1, "a shell has one thread")
	require.Positive(t, u.memory)
}

func TestWatchEndsWithTheContext(t *testing.T) {
	c, why := script(t, "while :; do :; done"), errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	_, err := c.watch(ctx, time.Hour)
	require.ErrorIs(t, err, why)
}

func TestKill(t *testing.T) {
	c := script(t, "trap '' TERM INT HUP; echo ready; while :; do :; done")
	until(t, func() bool { return c.said.String() != "" })
	c.kill()
	require.NotNil(t, c.cmd.ProcessState)
	require.False(t, c.cmd.ProcessState.Exited(), "a signal ended it")
	_, err := c.cpu()
	require.Error(t, err)
	_, err = c.anonymous()
	require.Error(t, err)
	_, err = c.watch(t.Context(), 0)
	require.ErrorContains(t, err, "the CPU clock of")
}

func TestWait(t *testing.T) {
	c := script(t, "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo done")
	cpu, err := c.wait()
	require.NoError(t, err)
	require.Positive(t, cpu)
	require.Equal(t, "done\n", c.said.String())
}

func TestWaitTellsWhatItSaid(t *testing.T) {
	c := script(t, "echo out; echo no such key >&2; exit 3")
	_, err := c.wait()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	require.Equal(t, 3, exit.ExitCode())
	require.ErrorContains(t, err, "out\nno such key")
	require.ErrorContains(t, err, "/sh: exit status 3")
}

func TestSaidWhileItGoesOn(t *testing.T) {
	c := script(t, "i=0; while [ $i -lt 20000 ]; do echo $i; i=$((i+1)); done; while :; do :; done")
	deadline := time.Now().Add(30 * time.Second)
	for said := ""; !strings.HasSuffix(said, "\n19999\n"); said = c.said.String() {
		require.True(t, time.Now().Before(deadline))
	}
}

func TestStartFails(t *testing.T) {
	_, err := start(t.Context(), []string{t.TempDir() + "/none"})
	require.Error(t, err)
}

func TestVersion(t *testing.T) {
	require.Equal(t, "first", version(t.Context(), "sh", "-c", "echo ' first '; echo second"))
	require.Empty(t, version(t.Context(), "sh", "-c", "echo first; exit 1"))
	require.Empty(t, version(t.Context(), t.TempDir()+"/none"))
}
