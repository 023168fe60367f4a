package rtmp

import (
	"context"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

func TestCloseSaysGoodbye(t *testing.T) {
	for name, newServer := range map[string]func(testing.TB, rtmptest.Script) *rtmptest.Server{
		"TCP": rtmptest.NewServer, "memory": rtmptest.NewPipeServer,
	} {
		t.Run(name, func(t *testing.T) {
			server := newServer(t, rtmptest.Script{StreamID: 3})
			c, s := start(t, server, Config{})
			require.NoError(t, c.Append(video(0, 300000)))
			require.NoError(t, c.Close(context.Background()), "what is pending goes first")
			<-s.Ended()
			require.ErrorIs(t, s.Err(), io.EOF)
			got := s.Messages()
			got = got[len(got)-3:]
			require.Equal(t, 300005, got[0].Size)
			require.Equal(t, rtmptest.Command{Name: "FCUnpublish", Transaction: 7, Args: []any{nil, sesame}}, got[1].Command())
			require.Equal(t, rtmptest.Command{Name: "deleteStream", Transaction: 8, Args: []any{nil, 3.0}}, got[2].Command())

			<-c.Done()
			require.ErrorIs(t, c.Err(), net.ErrClosed)
			require.False(t, Retryable(c.Err()))
			require.Equal(t, c.Err(), c.Append(video(0, 1)))
			require.Equal(t, c.Err(), c.Flush())
			require.NoError(t, c.Close(context.Background()))
			c.Abort()
		})
	}
}

// TestCloseReadsWhatTheServerStillSays has a server with a lot to say before it
// closes: unread, it would turn the close into a reset.
func TestCloseReadsWhatTheServerStillSays(t *testing.T) {
	var words []Status
	script := on("end", func(s *rtmptest.Session, _ rtmptest.Message) {
		for range 5000 {
			s.Send(rtmptest.PingRequest(1))
		}
		s.Send(rtmptest.OnStatus(1, "status", "NetStream.Unpublish.Success", "bye"))
	})
	c, s := start(t, rtmptest.NewServer(t, script), Config{OnStatus: func(st Status) { words = append(words, st) }})
	require.NoError(t, c.Close(context.Background()))
	<-s.Ended()
	require.ErrorIs(t, s.Err(), io.EOF)
	require.Equal(t, []Status{{"onStatus", "NetStream.Unpublish.Success", "status", "bye"}}, words)
	require.ErrorIs(t, c.Err(), net.ErrClosed, "the answer to the goodbye is no failure")
}

func TestCloseIsBoundedByItself(t *testing.T) {
	hold := on("end", func(s *rtmptest.Session, _ rtmptest.Message) { <-s.Ended() })
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, hold)
		c, _ := start(t, server, Config{})
		begun := time.Now()
		err := c.Close(context.Background())
		require.EqualError(t, err, "close 127.0.0.1:1935: the server has not closed within 3s of the end of the stream; it may not have read all of it (time to drain)")
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, settleTime+drainLimit, time.Since(begun))
		server.Close()
	})
}

func TestCloseIsBoundedByTheContext(t *testing.T) {
	bubble(t, rtmptest.Script{PipeSize: 4096}, Config{}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		s.Stall()
		synctest.Wait()
		require.NoError(t, c.Append(video(0, 100000)))
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		begun := time.Now()
		err := c.Close(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		var op *OpError
		require.ErrorAs(t, err, &op)
		require.Equal(t, "close", op.Op)
		require.Equal(t, 100*time.Millisecond, time.Since(begun))
	})
}

// TestCloseWhileFlushing closes from another goroutine, twice, while a slow
// write is under way.
func TestCloseWhileFlushing(t *testing.T) {
	bubble(t, rtmptest.Script{ReadRate: 10000, PipeSize: 4096}, Config{}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		require.NoError(t, c.Append(video(0, 50000)))
		var closing sync.WaitGroup
		for range 2 {
			closing.Go(func() {
				time.Sleep(time.Second) // virtual
				require.NoError(t, c.Close(context.Background()))
			})
		}
		require.NoError(t, c.Flush())
		closing.Wait()
		require.Equal(t, 50005, s.Wait(isMedia).Size)
		require.Equal(t, "deleteStream", s.Commands()[len(s.Commands())-1])
	})
}

func TestAbortResets(t *testing.T) {
	for name, newServer := range map[string]func(testing.TB, rtmptest.Script) *rtmptest.Server{
		"TCP": rtmptest.NewServer, "memory": rtmptest.NewPipeServer,
	} {
		t.Run(name, func(t *testing.T) {
			c, s := start(t, newServer(t, rtmptest.Script{}), Config{})
			c.Abort()
			<-s.Ended()
			require.ErrorIs(t, s.Err(), syscall.ECONNRESET)
			<-c.Done()
			require.ErrorIs(t, c.Err(), net.ErrClosed)
		})
	}
}

// halfConn tells when the session has half-closed.
type halfConn struct {
	*net.TCPConn
	half chan struct{}
}

func (c halfConn) CloseWrite() error {
	defer close(c.half)
	return c.TCPConn.CloseWrite()
}

// A server that resets instead of reading to the end has not taken it.
func TestCloseTellsOfAReset(t *testing.T) {
	server := rtmptest.NewServer(t, on("publish", rtmptest.Then(rtmptest.Default(), rtmptest.Stall())))
	half := make(chan struct{})
	c, err := Dial(context.Background(), testURL(t, server), Config{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := server.Dial(ctx, network, addr)
		tcp, _ := conn.(*net.TCPConn)
		return halfConn{tcp, half}, err
	}})
	require.NoError(t, err)
	s := server.Session()
	go func() { // ends with the half-close
		<-half
		s.Reset()
	}()
	err = c.Close(context.Background())
	var cut *OpError
	require.ErrorAs(t, err, &cut)
	require.Equal(t, opClose, cut.Op)
	require.ErrorContains(t, err, "cut")
	require.True(t, Retryable(err))
}
