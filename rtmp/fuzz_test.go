package rtmp

import (
	"bytes"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/internal/chunk"
	"rtmpwriter/rtmp/rtmptest"
)

// spoken is a connection whose server has said all that it will say.
type spoken struct {
	net.Conn
	io.Reader
}

func (c spoken) Read(b []byte) (int, error)       { return c.Reader.Read(b) }
func (c spoken) Write(b []byte) (int, error)      { return len(b), nil }
func (c spoken) Close() error                     { return nil }
func (c spoken) SetWriteDeadline(time.Time) error { return nil }

// spokenSteps are where a session may be when the server speaks; the last one is
// publishing.
var spokenSteps = []struct {
	op          string
	transaction float64
}{{opConnect, txnConnect}, {opCreateStream, txnCreateStream}, {opPublish, txnPublish}, {}}

// FuzzSession feeds a server's bytes, as they come behind the handshake, to a
// whole session at each of its steps: chunks, control messages, commands, answers,
// demands, status. No panic, an end with a reason, no secret in errors and log, and
// the answers that wait for the socket stay bounded.
func FuzzSession(f *testing.F) {
	said := func(messages ...rtmptest.Message) (b []byte) {
		for _, m := range messages {
			h := chunk.Header{CSID: 3, Type: m.Type, StreamID: m.StreamID, Timestamp: m.Timestamp}
			b = chunk.AppendMessage(b, h, m.Body, chunk.DefaultSize)
		}
		return b
	}
	seeds := [][]byte{
		said(rtmptest.NewCommand(0, "_result", 1, nil, amf0.Object{{Name: "code", Value: "NetConnection.Connect.Success"}, {Name: "id", Value: sesame}})),
		said(rtmptest.NewCommand(0, "_error", 1, nil, amf0.Object{{Name: "level", Value: "error"}, {Name: "description", Value: "[ authmod=adobe ] : ?reason=needauth&user=me&salt=a&challenge=b"}})),
		said(rtmptest.NewCommand(0, "_result", txnCreateStream, nil, 1.0)),
		said(rtmptest.OnStatus(1, "status", "NetStream.Publish.Start", sesame)),
		said(rtmptest.OnStatus(1, "error", "NetStream.Publish.BadName", "Stream "+sesame)),
		said(rtmptest.NewCommand(0, "onBWDone", 0, nil), rtmptest.NewCommand(0, "ping", 7, nil), rtmptest.NewCommand(0, "close", 0, nil)),
		said(rtmptest.PingRequest(7)),
		appendControl(appendControl(appendControl(nil, chunk.TypeWindowAckSize, 1), chunk.TypeAcknowledgement, 9), chunk.TypeSetPeerBandwidth, 5),
	}
	for i, seed := range seeds {
		f.Add(uint8(i), seed)
		f.Add(uint8(len(spokenSteps)-1), seed)
	}
	u, err := ParseURL("rtmp://me:pass"+sesame+"@h/live/"+sesame, "+")
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, step uint8, says []byte) {
		log, text := loggerAt(LevelMessage)
		cfg, err := Config{Logger: log}.withDefaults()
		require.NoError(t, err)
		l, err := newLogin(u, cfg, strings.NewReader("random bytes"))
		require.NoError(t, err)
		conn := spoken{Reader: bytes.NewReader(says)}
		c := newConn(u, cfg, l.round, conn, conn)
		at := spokenSteps[int(step)%len(spokenSteps)]
		a := c.expect(at.op, at.transaction)
		c.readLoop()
		<-c.done
		require.LessOrEqual(t, len(c.control.bytes), maxControl)
		failures := []error{c.Err()}
		require.Error(t, failures[0])
		select {
		case reply := <-a.reply:
			failures = append(failures, c.refusal(reply))
			_ = reply.properties(c.redact)
		default:
		}
		if d := c.demanded(); d != nil {
			failures = append(failures, l.answer(c, *d, failures[0]))
		}
		for _, err := range failures {
			if err != nil {
				require.NotContains(t, strings.ToLower(err.Error()), sesame)
				require.LessOrEqual(t, len(err.Error()), 5*maxWords)
			}
		}
		requireNoCommandShows(t, text.String())
	})
}

// requireNoCommandShows looks through all records but those of media and user
// control, whose bytes are not looked at for words.
func requireNoCommandShows(t *testing.T, log string) {
	t.Helper()
	for line := range strings.Lines(log) {
		if !strings.Contains(line, "type=video") && !strings.Contains(line, "type=audio") && !strings.Contains(line, "type=\"user control\"") {
			require.NotContains(t, strings.ToLower(line), sesame)
		}
	}
}

// FuzzParseProxy reads any text as a proxy's URL and as NO_PROXY: nothing shows the
// password, and what was accepted has an address. f0489db4787a19fe was a host with
// brackets and control characters in it, which no address could be made of.
func FuzzParseProxy(f *testing.F) {
	for _, seed := range []string{
		"socks5://me:" + sesame + "@127.0.0.1:1080", "http://[::1%25eth0]:8080", "https://example.com/", "socks5h://h", "http://me:%ZZ@h",
		"*", ".example.com:443,10.0.0.0/8,[::1]:80,*.example.com", "socks5://me:" + sesame,
	} {
		f.Add(seed, "example.com", uint16(1935))
	}
	f.Fuzz(func(t *testing.T, text, host string, port uint16) {
		e := &proxyEnvironment{except: exceptions(text)}
		_ = e.direct(host, int(port))
		p, err := ParseProxy(text)
		if err != nil {
			require.NotContains(t, err.Error(), sesame)
			return
		}
		require.NotEmpty(t, p.host)
		_, _, err = net.SplitHostPort(p.Addr())
		require.NoError(t, err)
		if password := p.password.reveal(); len(password) > len(mask) && !strings.Contains(p.username+p.Addr()+p.scheme, password) {
			require.NotContains(t, p.String(), password)
		}
	})
}
