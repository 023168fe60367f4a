package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// Signals that come together are one wish; one that comes later is the second.
func TestSignalsTogetherAreOneWish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		signals := make(chan os.Signal, 2)
		polite, ended := 0, make(chan time.Time, 1)
		begin := time.Now()
		go func() { // ends with the later signal
			awaitWishes(signals, func() { polite++ })
			ended <- time.Now()
		}()
		signals <- syscall.SIGTERM
		for range 3 {
			<-time.After(sameWish/3 - time.Millisecond)
			signals <- syscall.SIGTERM
			synctest.Wait()
			require.Equal(t, 1, polite)
			require.Empty(t, ended)
		}
		<-time.After(time.Second)
		signals <- syscall.SIGTERM
		require.Equal(t, time.Second+sameWish-3*time.Millisecond, (<-ended).Sub(begin))
		require.Equal(t, 1, polite)
	})
}

// As timeout ends a program: the signal goes to it and to its group.
func TestTwoSignalsAtOnceEndPolitely(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // it has no signals to send
	}
	folder, server, r, pictures := atHome(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "rtmpwriter", "publish", "--loop", "clip.mp4", server+"/live+"+hidden)
	cmd.Dir = folder
	var out bytes.Buffer
	cmd.Stderr = &out
	require.NoError(t, cmd.Start())
	select {
	case <-pictures:
	case <-ctx.Done():
		t.Fatal("no picture arrived")
	}
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	require.NoError(t, cmd.Process.Signal(syscall.SIGINT))
	_ = cmd.Wait()
	require.Equal(t, exitInterrupted, cmd.ProcessState.ExitCode(), "%s", out.String())
	require.Contains(t, out.String(), "of stream") // the summary
	require.NotContains(t, out.String(), "again")
	got, err := r.Wait(ctx)
	require.NoError(t, err)
	require.NoError(t, got.Err)
}
