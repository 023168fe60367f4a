package rtmp

import (
	"context"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// TestSlowLinkIsNoStall sends for far longer than SendTimeout, in one call,
// over a link that never stands still.
func TestSlowLinkIsNoStall(t *testing.T) {
	bubble(t, rtmptest.Script{ReadRate: 20000, PipeSize: 8192}, Config{SendTimeout: 2 * time.Second}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		begun := time.Now()
		require.NoError(t, c.Append(video(0, 1000000)))
		require.NoError(t, c.Flush())
		require.Greater(t, time.Since(begun), 45*time.Second)
		require.Equal(t, 1000005, s.Wait(isMedia).Size)
	})
}

// TestStallEndsTheSession stops the server at different moments of a write.
func TestStallEndsTheSession(t *testing.T) {
	for _, before := range []int{0, 4000, 50000} {
		bubble(t, rtmptest.Script{PipeSize: 8192}, Config{SendTimeout: 2 * time.Second}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
			require.NoError(t, c.Append(video(0, before)))
			require.NoError(t, c.Flush())
			synctest.Wait()
			s.Stall()
			begun := time.Now()
			require.NoError(t, c.Append(video(33, 100000)))
			err := c.Flush()
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			require.EqualError(t, err, "write 127.0.0.1:1935: the server took no data within 2s (send timeout)")
			require.GreaterOrEqual(t, time.Since(begun), 2*time.Second)
			require.LessOrEqual(t, time.Since(begun), 2500*time.Millisecond)
			require.True(t, Retryable(err))
			require.Equal(t, err, c.Err())
			<-c.Done()
			require.Equal(t, err, c.Append(video(66, 1)))
			require.Equal(t, err, c.Flush())
			require.Zero(t, c.Pending(), "what could not be sent is let go")
		})
	}
}

// TestStallThatEndsInTimeIsNone has breaks shorter than the limit, again and
// again within one write.
func TestStallThatEndsInTimeIsNone(t *testing.T) {
	bubble(t, rtmptest.Script{PipeSize: 4096}, Config{SendTimeout: 2 * time.Second}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range 10 {
				s.Stall()
				time.Sleep(1900 * time.Millisecond) // virtual
				s.Resume()
				time.Sleep(time.Millisecond)
			}
		}()
		for i := range uint32(10) {
			require.NoError(t, c.Append(video(i, 30000)))
			require.NoError(t, c.Flush())
		}
		<-done
		require.NoError(t, c.Err())
	})
}

func TestIdleSessionDoesNotTimeOut(t *testing.T) {
	bubble(t, rtmptest.Script{}, Config{}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		for range 5 {
			time.Sleep(time.Hour) // virtual: the old deadline has long passed
			require.NoError(t, c.Append(audio(0, 10)))
			require.NoError(t, c.Flush())
		}
		require.NoError(t, c.Err())
	})
}

// TestStallOverTCP is the same with a real socket, whose buffers fill first.
func TestStallOverTCP(t *testing.T) {
	server := rtmptest.NewServer(t, on("publish", rtmptest.Then(rtmptest.Default(), rtmptest.Stall())))
	c, _ := start(t, server, Config{SendTimeout: 200 * time.Millisecond, SocketBuffer: 16384})
	var err error
	for i := uint32(0); err == nil; i++ {
		require.Less(t, i, uint32(1000))
		require.NoError(t, c.Append(video(i, 1000000)))
		err = c.Flush()
	}
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.ErrorContains(t, err, "send timeout")
}

func TestAbortInterruptsFlush(t *testing.T) {
	server := rtmptest.NewServer(t, on("publish", rtmptest.Then(rtmptest.Default(), rtmptest.Stall())))
	c, _ := start(t, server, Config{SendTimeout: time.Minute})
	failed := make(chan error)
	go func() {
		for {
			if err := c.Append(video(0, 1000000)); err != nil {
				failed <- err
				return
			}
			if err := c.Flush(); err != nil {
				failed <- err
				return
			}
		}
	}()
	require.Eventually(t, func() bool { return c.Stats().BytesSent >= 1000000 }, 10*time.Second, time.Millisecond)
	c.Abort()
	err := <-failed
	require.ErrorIs(t, err, net.ErrClosed)
	require.ErrorContains(t, err, "aborted on this side")
	require.False(t, Retryable(err))
	c.Abort()
	require.NoError(t, c.Close(context.Background()))
}

// TestDeadlineIsSetRarely counts how often the deadline moves at 100 flushes a
// second.
func TestDeadlineIsSetRarely(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := rtmptest.Pipe(1 << 20)
		defer client.Close()
		defer server.Close()
		conn := &deadlineCounter{Conn: client}
		w := newStallWriter(conn, 2*time.Second)
		for range 1000 {
			_, err := w.Write([]byte{1})
			require.NoError(t, err)
			time.Sleep(10 * time.Millisecond) // virtual
		}
		require.LessOrEqual(t, conn.n, 10*8)
		require.EqualValues(t, 1000, w.sent.Load())
	})
}

type deadlineCounter struct {
	net.Conn
	n int
}

func (c *deadlineCounter) SetWriteDeadline(t time.Time) error {
	c.n++
	return c.Conn.SetWriteDeadline(t)
}
