package rtmp

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/rtmptest"
)

func TestServerEndsTheSession(t *testing.T) {
	unknown := amf0.Object{{Name: "level", Value: "error"}, {Name: "code", Value: "NetStream.Odd"}, {Name: "description", Value: "key " + sesame + "\r\nInjected: line"}}
	for name, c := range map[string]struct {
		do    rtmptest.Handler
		want  string
		retry bool
		words []Status
	}{
		"closing": {rtmptest.Hangup(), "read ADDR: the server closed the connection right after publishing began; it may not accept the stream key", true, nil},
		"close command": {rtmptest.Say(rtmptest.NewCommand(0, "close", 0, nil)),
			"publish ADDR: the server refused: it sent the close command", true, []Status{{Command: "close"}}},
		"words, then closing": {rtmptest.Then(rtmptest.Say(rtmptest.NewCommand(1, "onStatus", 0, nil, unknown)), rtmptest.Hangup()),
			"publish ADDR: the server refused: NetStream.Odd: key ****  Injected: line", true,
			[]Status{{"onStatus", "NetStream.Odd", "error", "key ****  Injected: line"}}},
		"unpublished": {rtmptest.Say(rtmptest.OnStatus(1, "status", "NetStream.Unpublish.Success", "kicked")),
			"publish ADDR: the server refused: NetStream.Unpublish.Success: kicked", true,
			[]Status{{"onStatus", "NetStream.Unpublish.Success", "status", "kicked"}}},
		"bad name late": {rtmptest.Say(rtmptest.OnStatus(1, "error", "NetStream.Publish.BadName", "taken")),
			"publish ADDR: the server refused: NetStream.Publish.BadName: taken", true,
			[]Status{{"onStatus", "NetStream.Publish.BadName", "error", "taken"}}},
		"nonsense": {func(s *rtmptest.Session, _ rtmptest.Message) { s.SendBytes([]byte{0xff}) },
			"read ADDR: the server broke the protocol: chunk stream 63 begins with a chunk of type 3", true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var words []Status // complete when Close has returned
			told := func(s Status) { words = append(words, s) }
			bubble(t, rtmptest.Script{}, Config{OnStatus: told}, func(t *testing.T, conn *Conn, s *rtmptest.Session) {
				c.do(s, rtmptest.Message{})
				<-conn.Done()
				err := conn.Err()
				require.EqualError(t, err, strings.ReplaceAll(c.want, "ADDR", "127.0.0.1:1935"))
				require.Equal(t, c.retry, Retryable(err))
				require.Equal(t, err, conn.Close(context.Background()))
				require.Equal(t, c.words, words)
			})
		})
	}
}

func TestServerClosesLater(t *testing.T) {
	bubble(t, rtmptest.Script{}, Config{}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		time.Sleep(earlyEnd) // virtual
		s.Close()
		<-c.Done()
		require.EqualError(t, c.Err(), "read 127.0.0.1:1935: the server closed the connection")
	})
}

// TestHarmlessComplaintsDoNotEndTheSession has words of the level error that
// concern something else than the live stream.
func TestHarmlessComplaintsDoNotEndTheSession(t *testing.T) {
	var words []Status
	bubble(t, rtmptest.Script{}, Config{OnStatus: func(s Status) { words = append(words, s) }}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		s.Send(rtmptest.OnStatus(1, "error", "NetStream.Record.Failed", "disk full"))
		s.Send(rtmptest.OnStatus(1, "status", "NetStream.Publish.Start", "again"))
		synctest.Wait()
		require.NoError(t, c.Err())
		require.Len(t, words, 2)
		s.Close()
		<-c.Done()
		var status *StatusError
		require.ErrorAs(t, c.Err(), &status)
		require.Equal(t, "disk full", status.Description)
	})
}

// TestClosingWordsReachAFailedFlush has a server that says why and closes while
// the client is writing: the write fails, but the words are the error.
func TestClosingWordsReachAFailedFlush(t *testing.T) {
	server := rtmptest.NewServer(t, rtmptest.Script{})
	c, s := start(t, server, Config{})
	s.Stall()
	var err error
	for i := uint32(0); err == nil && i < 100000; i++ {
		if i == 5 {
			s.Send(rtmptest.OnStatus(1, "error", "NetStream.Odd", "quota used up"))
			s.Reset()
		}
		if err = c.Append(video(i, 50000)); err == nil {
			err = c.Flush()
		}
	}
	var status *StatusError
	require.ErrorAs(t, err, &status)
	require.Equal(t, "quota used up", status.Description)
}
