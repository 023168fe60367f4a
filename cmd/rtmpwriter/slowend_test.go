package main

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// slow takes less than the clip has: at its end most of it is queued.
var (
	slow  = rtmptest.Script{ReadRate: 4000, PipeSize: 2000}
	large = map[string]string{"output-buffer-size": "100000000"}
)

// A network that is slow but takes what it gets has all the time that it needs.
func TestTheEndOfTheInputWaitsForASlowNetwork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := startClip(t.Context(), t, slow, large)
		defer c.server.Close()
		<-time.After(40 * time.Second)
		select {
		case err := <-c.ended:
			t.Fatal(err)
		default:
		}
		s := c.p.Stats()
		require.NotZero(t, s.VideoPacketsBuffered)
		require.Equal(t, exitOK, codeOf(<-c.ended))
		s = c.p.Stats()
		require.Equal(t, 250+470, s.VideoPacketsSent+s.AudioPacketsSent)
	})
}

// So has an outage that begins behind the end of the input.
func TestAnOutageBehindTheEndOfTheInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := startClip(t.Context(), t, slow, large)
		defer c.server.Close()
		<-time.After(15 * time.Second)
		c.set(true)
		c.server.Session().Reset()
		<-time.After(5 * time.Minute)
		select {
		case err := <-c.ended:
			t.Fatal(err)
		default:
		}
		c.set(false)
		require.NoError(t, <-c.ended)
		require.Zero(t, c.p.Stats().FramesDropped+c.p.Stats().FramesLost, "what could be sent was")
	})
}

// An interrupt is in a hurry, whenever it comes.
func TestInterruptBehindTheEndOfTheInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		c := startClip(ctx, t, slow, large)
		defer c.server.Close()
		<-time.After(15 * time.Second)
		began := time.Now()
		cancel(errInterrupted)
		require.Equal(t, exitInterrupted, codeOf(<-c.ended))
		require.LessOrEqual(t, time.Since(began), interruptedEnd+time.Second)
		require.NotZero(t, c.p.Stats().FramesDropped)
	})
}
