package rtmp

import (
	"bytes"
	"context"
	"encoding/base64"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/internal/chunk"
	"rtmpwriter/rtmp/rtmptest"
)

// logText is a log of a level, safe for several goroutines.
type logText struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logText) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func loggerAt(level slog.Level) (*slog.Logger, *logText) {
	l := &logText{}
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: level})), l
}

// publishTraced runs a whole session with secrets wherever one can be, and
// returns its log.
func publishTraced(t *testing.T, level slog.Level) string {
	t.Helper()
	log, text := loggerAt(level)
	cfg := Config{
		Logger: log, Username: "studio", Password: "pass" + sesame,
		ConnectInfo: amf0.Object{{Name: "token", Value: "info" + sesame}, {Name: "pin", Value: 8765432109.0}, {Name: "level", Value: 3.0}},
	}
	bubble(t, rtmptest.Script{}, cfg, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		s.Send(rtmptest.PingRequest(7), rtmptest.NewCommand(0, "greeting", 0, nil,
			"live+"+sesame+" "+url.QueryEscape(sesame+"/x")+" pass"+sesame+" info"+sesame+" Basic "+base64.StdEncoding.EncodeToString([]byte("studio:pass"+sesame))))
		s.Wait(ofType(4))
		require.NoError(t, c.Append(video(40, 100)))
		require.NoError(t, c.Append(audio(41, 50)))
		body, err := amf0.Append(nil, "@setDataFrame", "onMetaData", amf0.ECMAArray{{Name: "width", Value: 480}, {Name: "note", Value: sesame}})
		require.NoError(t, err)
		require.NoError(t, c.Append(&Message{Type: TypeData, Timestamp: 42, Payload: [][]byte{body}}))
		require.NoError(t, c.Flush())
		require.NoError(t, c.Close(context.Background()))
	})
	return text.String()
}

func TestTraceOfEveryMessage(t *testing.T) {
	text := publishTraced(t, LevelMessage)
	for _, want := range []string{
		`msg="command sent" server=127.0.0.1:`, `"connect\" 1 {\"app\": \"live\"`,
		`"releaseStream\" 2 null \"****\"`, `"FCPublish\" 3 null \"****\"`, `"createStream\" 4 null"`, `"publish\" 5 null \"****\" \"live\"`,
		`"FCUnpublish\"`, `"deleteStream\"`,
		`msg="command received"`, `NetStream.Publish.Start`, `"greeting\" 0 null`, `Basic ****`,
		`msg="message sent" server=127.0.0.1:`, `type="set chunk size" csid=2 stream=0 timestamp=0 size=4 content=65536`,
		`type="user control" csid=2 stream=0 timestamp=0 size=6 content="event 7 00000007"`,
		`type="user control" csid=2 stream=0 timestamp=0 size=6 content="event 6 00000007"`,
		`type=video csid=6 stream=1 timestamp=40 size=105 content="frame type 2, codec 7, packet type 1, composition time 0"`,
		`type=audio csid=4 stream=1 timestamp=41 size=52 content="sound format 10, packet type 1"`,
		`type=data csid=4 stream=1 timestamp=42 size=`, `\"width\": 480, \"note\": \"****\"`,
	} {
		require.Contains(t, text, want)
	}
	require.Contains(t, text, `\"pin\": ****, \"level\": 3`)
	require.NotContains(t, text, sesame)
	require.NotContains(t, text, "8765432109")
	require.NotContains(t, text, base64.StdEncoding.EncodeToString([]byte("studio:pass"+sesame)))
	require.NotContains(t, text, "can't be decoded")
}

func TestTraceOfCommands(t *testing.T) {
	text := publishTraced(t, slog.LevelDebug)
	require.Contains(t, text, `"publish\" 5 null \"****\" \"live\"`)
	require.Contains(t, text, `NetStream.Publish.Start`)
	require.NotContains(t, text, `msg="message `)
	require.NotContains(t, text, sesame)

	text = publishTraced(t, slog.LevelInfo)
	require.NotContains(t, text, `msg="command `)
}

// What the configuration holds is masked in errors too.
func TestSecretsOfTheConfigurationAreMaskedInErrors(t *testing.T) {
	server := rtmptest.NewServer(t, rtmptest.Script{On: map[string]rtmptest.Handler{
		"connect": rtmptest.Refuse("NetConnection.Connect.Rejected", "no pass"+sesame+" and no info"+sesame+": an error"),
	}})
	err := refused(t, server, Config{Username: "studio", Password: "pass" + sesame, ConnectInfo: amf0.Object{{Name: "token", Value: "info" + sesame}, {Name: "level", Value: "error"}}})
	require.ErrorContains(t, err, "no **** and no ****: an error", "an ordinary word of the connect info is no secret")
}

// Who does not look at messages pays nothing for them.
func TestTraceCostsNothing(t *testing.T) {
	log, _ := loggerAt(slog.LevelInfo)
	bubble(t, rtmptest.Script{}, Config{Logger: log}, func(t *testing.T, c *Conn, _ *rtmptest.Session) {
		require.Nil(t, c.trace)
	})
}

func TestTraceOfMediaHeaders(t *testing.T) {
	for want, got := range map[string]string{
		"empty": videoText(nil), "frame type 1, codec 7, cut off": videoText([]byte{0x17, 1}),
		"frame type 1, codec 7, packet type 1, composition time -80": videoText([]byte{0x17, 1, 0xff, 0xff, 0xb0}),
		`frame type 1, packet type 1, "hvc1"`:                        videoText([]byte("\x91hvc1more")),
		`packet type 1, "Opus"`:                                      audioText([]byte("\x91Opus")),
		"sound format 10, cut off":                                   audioText([]byte{0xaf}),
		"sound format 10, packet type 0":                             audioText([]byte{0xaf, 0, 1}),
	} {
		require.Equal(t, want, got)
	}
	require.Equal(t, "empty", audioText(nil))
}

// Of the addresses in a connect command no value of a query shows, however short.
func TestTraceOfAddresses(t *testing.T) {
	log, text := loggerAt(slog.LevelDebug)
	tr := newTrace(&Conn{cfg: Config{Logger: log}})
	said := rtmptest.NewCommand(0, "connect", 1, amf0.Object{
		{Name: "app", Value: "live?pin=789"}, {Name: "swfUrl", Value: "rtmp://h/live?pin=789"}, {Name: "tcUrl", Value: "rtmp://h/live?pin=789"},
	})
	tr.received(chunk.Message{Header: chunk.Header{Type: chunk.TypeCommandAMF0}, Body: said.Body})
	require.Contains(t, text.String(), `live?pin=****`)
	require.NotContains(t, text.String(), "789")
}

// FuzzTrace describes any message: no panic, no secret, no endless text.
func FuzzTrace(f *testing.F) {
	f.Add(uint8(20), rtmptest.OnStatus(1, "error", "NetStream.Publish.BadName", "Stream opensesame").Body)
	f.Add(uint8(17), append([]byte{0}, rtmptest.NewCommand(0, "_result", 1, nil, 1).Body...))
	f.Add(uint8(9), []byte{0x17, 1, 0, 0, 0})
	f.Add(uint8(8), []byte{0xaf, 1})
	f.Add(uint8(4), []byte{0, 6, 0, 0, 0, 1})
	f.Add(uint8(1), []byte{0, 0, 0, 1})
	u, err := ParseURL("rtmp://h/live/"+sesame, "+")
	require.NoError(f, err)
	r := newRedactor(u)
	f.Fuzz(func(t *testing.T, kind uint8, body []byte) {
		log, text := loggerAt(LevelMessage)
		tr := &trace{log: log, all: true, redact: r}
		tr.received(chunk.Message{Header: chunk.Header{Type: kind}, Body: body})
		require.LessOrEqual(t, len(text.String()), 16*maxValuesText)
		if kind != uint8(TypeVideo) && kind != uint8(TypeAudio) && kind != chunk.TypeUserControl {
			require.NotContains(t, strings.ToLower(text.String()), sesame)
		}
	})
}
