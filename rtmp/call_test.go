package rtmp

import (
	"context"
	"encoding/hex"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/rtmptest"
)

// reply answers a command with a _result.
func reply(values ...any) rtmptest.Handler {
	return func(s *rtmptest.Session, m rtmptest.Message) {
		s.Send(rtmptest.NewCommand(0, append([]any{"_result", m.Command().Transaction}, values...)...))
	}
}

func TestCallGetsItsAnswer(t *testing.T) {
	server := rtmptest.NewServer(t, rtmptest.Script{On: map[string]rtmptest.Handler{
		"startRecording": reply(nil, "recording "+sesame, amf0.Object{{Name: "file", Value: sesame + ".flv"}, {Name: "n", Value: 2.0}}),
		"stopRecording":  rtmptest.Refuse("NetConnection.Call.Failed", "no recorder for "+sesame),
	}})
	c, s := start(t, server, Config{})
	answer, err := c.Call(t.Context(), "startRecording", amf0.Object{{Name: "format", Value: 2.0}}, "a", true)
	require.NoError(t, err)
	require.Equal(t, []any{nil, "recording ****", amf0.Object{{Name: "file", Value: "****.flv"}, {Name: "n", Value: 2.0}}}, answer)
	m := s.WaitCommand("startRecording")
	require.EqualValues(t, 3, m.CSID)
	require.Zero(t, m.StreamID)
	require.Equal(t, "02000e7374617274"+"5265636f7264696e67"+"00408f400000000000"+
		"030006666f726d6174004000000000000000000009"+"02000161"+"0101", hex.EncodeToString(m.Body))

	_, err = c.Call(t.Context(), "stopRecording", nil)
	var status *StatusError
	var op *OpError
	require.ErrorAs(t, err, &status)
	require.ErrorAs(t, err, &op)
	require.Equal(t, StatusError{"call", "NetConnection.Call.Failed", "error", "no recorder for ****"}, *status)
	require.Equal(t, "call", op.Op)
	require.Nil(t, s.WaitCommand("stopRecording").Command().Args[0], "no object is null")
	require.NoError(t, c.Err(), "a refused command is no end")
}

// Answers find their calls in whatever order they come, between media.
func TestCallsAtOnce(t *testing.T) {
	var mu sync.Mutex
	var held []rtmptest.Message
	server := rtmptest.NewServer(t, rtmptest.Script{On: map[string]rtmptest.Handler{
		"echo": func(s *rtmptest.Session, m rtmptest.Message) {
			mu.Lock()
			defer mu.Unlock()
			if held = append(held, m); len(held) < maxCalls {
				return
			}
			for i := len(held) - 1; i >= 0; i-- {
				reply(nil, held[i].Command().Args[1])(s, held[i])
			}
		},
	}})
	c, s := start(t, server, Config{})
	var wait sync.WaitGroup
	for i := range maxCalls {
		wait.Go(func() {
			answer, err := c.Call(t.Context(), "echo", nil, i)
			if err != nil || len(answer) != 2 || answer[1] != float64(i) {
				t.Errorf("call %d: %v %v", i, answer, err)
			}
		})
	}
	for i := range 100 {
		require.NoError(t, c.Append(video(uint32(i), 70_000)))
		require.NoError(t, c.Flush())
	}
	wait.Wait()
	last := 0
	for _, m := range s.Messages() {
		if m.Type == 9 {
			last++
			require.Equal(t, 70_005, m.Size, "media is whole")
		}
	}
	require.Positive(t, last)
}

func TestCallWithoutAnAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{On: map[string]rtmptest.Handler{"unknown": rtmptest.Silent()}})
		c, s := start(t, server, Config{})
		begun := time.Now()
		_, err := c.Call(t.Context(), "unknown", nil)
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.ErrorContains(t, err, "no answer to unknown within 10s (it may not know the command)")
		require.Equal(t, CallTimeout, time.Since(begun))

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = c.Call(ctx, "unknown", nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		s.Send(rtmptest.NewCommand(0, "_error", 1001, nil)) // too late
		synctest.Wait()
		require.NoError(t, c.Err())

		ended := make(chan error, maxCalls)
		for range maxCalls {
			go func() {
				_, err := c.Call(context.Background(), "unknown", nil)
				ended <- err
			}()
		}
		synctest.Wait()
		_, err = c.Call(t.Context(), "unknown", nil)
		require.ErrorIs(t, err, ErrTooManyCalls)
		s.Reset()
		for range maxCalls {
			err := <-ended
			var op *OpError
			require.ErrorAs(t, err, &op, "the session's end ends them all")
			require.True(t, isClose(err), "%v", err)
		}
		_, err = c.Call(t.Context(), "unknown", nil)
		require.Equal(t, c.Err(), err)
		c.Abort()
		_ = c.Close(context.Background())
		server.Close()
	})
}

// A call waits for a stalled write no longer than its context.
func TestCallBehindAStalledWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{PipeSize: 4096})
		c, s := start(t, server, Config{SendTimeout: time.Hour})
		s.Stall()
		flushed := make(chan error, 1)
		require.NoError(t, c.Append(video(0, 1<<20)))
		go func() { flushed <- c.Flush() }()
		synctest.Wait()
		_, err := c.Call(t.Context(), "anything", nil)
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		c.Abort()
		require.Error(t, <-flushed)
		_ = c.Close(context.Background())
		server.Close()
	})
}

func TestCallRefuses(t *testing.T) {
	c, s := start(t, rtmptest.NewServer(t, rtmptest.Script{}), Config{})
	for name, reason := range map[string]string{
		"":             "no name",
		"publish":      "the session's own command",
		"deletestream": "the session's own command",
		"_result":      "the session's own command",
	} {
		_, err := c.Call(t.Context(), name, nil)
		require.ErrorContains(t, err, reason)
	}
	_, err := c.Call(t.Context(), "x", amf0.Object{{Name: "a", Value: struct{}{}}})
	require.ErrorContains(t, err, "no AMF0 form")
	_, err = c.Call(t.Context(), "x", nil, strings.Repeat("a", maxCallSize))
	require.ErrorContains(t, err, "at most 65536")
	require.Len(t, s.Commands(), 5, "nothing of it was sent")
	require.NoError(t, c.Close(t.Context()))
	_, err = c.Call(t.Context(), "x", nil)
	require.ErrorIs(t, err, net.ErrClosed)
	var op *OpError
	require.ErrorAs(t, err, &op)
}

// Secrets are masked wherever they stand in an answer.
func TestAnswersAreMasked(t *testing.T) {
	r := redactor{secrets: []string{sesame}}
	for _, v := range []any{
		sesame, amf0.XML(sesame), amf0.ECMAArray{{Name: sesame, Value: sesame}}, amf0.StrictArray{sesame, amf0.Object{{Name: "a", Value: sesame}}},
		amf0.TypedObject{Class: sesame, Properties: amf0.Object{{Name: "a", Value: sesame}}}, strings.Repeat("x", 1<<17) + sesame,
	} {
		b, err := amf0.Append(nil, r.masked(v))
		require.NoError(t, err)
		require.NotContains(t, string(b), sesame)
	}
	require.Equal(t, 7.0, r.masked(7.0))

	number := redactor{secrets: []string{"12345678", "7"}}
	require.Equal(t, amf0.StrictArray{mask, 7.0}, number.masked(amf0.StrictArray{12345678.0, 7.0}), "a stream key may be a number")
}
