package rtmp

import (
	"context"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

func TestSilentServerTimesOut(t *testing.T) {
	for _, step := range []string{"accept", "connect", "createStream", "publish"} {
		synctest.Test(t, func(t *testing.T) {
			h := rtmptest.Silent()
			if step == "accept" {
				h = func(s *rtmptest.Session, _ rtmptest.Message) { <-s.Ended() }
			}
			server := rtmptest.NewPipeServer(t, on(step, h))
			begun := time.Now()
			err := refused(t, server, Config{ReceiveTimeout: 700 * time.Millisecond})
			want := 700 * time.Millisecond
			if step == "accept" { // the digest handshake is tried then
				want *= 2
			}
			require.Equal(t, want, time.Since(begun))
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			require.True(t, err.Timeout())
			require.ErrorContains(t, err, "within 700ms (receive timeout)")
			require.True(t, Retryable(err))
			server.Close()
		})
	}
}

func TestWrongTransactionIsNoAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{TransactionShift: 40})
		err := refused(t, server, Config{})
		require.Equal(t, "connect", err.Op)
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	})
}

// TestConnectTimeoutBoundsEverything has a server that says something every
// half second, but never the answer.
func TestConnectTimeoutBoundsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		chatter := func(s *rtmptest.Session, _ rtmptest.Message) {
			for range 100 {
				select {
				case <-time.After(500 * time.Millisecond):
					s.Send(rtmptest.PingRequest(1))
				case <-s.Ended():
				}
			}
		}
		begun := time.Now()
		err := refused(t, rtmptest.NewPipeServer(t, on("publish", chatter)), Config{ConnectTimeout: 5 * time.Second})
		require.Equal(t, 5*time.Second, time.Since(begun))
		require.Equal(t, "publish", err.Op)
		require.ErrorContains(t, err, "not connected within 5s (connect timeout)")
		require.True(t, Retryable(err))
	})
}

func TestContextEndsDialAtOnce(t *testing.T) {
	for _, step := range []string{"accept", "connect", "createStream", "publish"} {
		synctest.Test(t, func(t *testing.T) {
			server := rtmptest.NewPipeServer(t, on(step, func(s *rtmptest.Session, _ rtmptest.Message) { <-s.Ended() }))
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(300*time.Millisecond, cancel)
			begun := time.Now()
			_, err := Dial(ctx, testURL(t, server), Config{Dial: server.Dial})
			require.ErrorIs(t, err, context.Canceled)
			require.Equal(t, 300*time.Millisecond, time.Since(begun))
			require.False(t, Retryable(err))
			server.Close()
		})
	}
}
