//go:build !(386 || arm || mips || mipsle)

package receiver

import (
	"bytes"
	"crypto/sha256"
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
	rtmp "github.com/yutopp/go-rtmp"
	"github.com/yutopp/go-rtmp/message"
	"go.uber.org/goleak"

	"rtmpwriter/amf0"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// publisher is the library's own client: what the receiver is measured with
// must not be what it measures. Its DeleteStream is not to be called: it changes
// the client's streams without the lock that the client's reader takes.
type publisher struct {
	t      *testing.T
	client *rtmp.ClientConn
	stream *rtmp.Stream
}

func publish(t *testing.T, r *Receiver, app, key string) *publisher {
	t.Helper()
	client, err := rtmp.Dial("rtmp", r.Addr(), &rtmp.ConnConfig{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.Close() })
	require.NoError(t, client.Connect(&message.NetConnectionConnect{
		Command: message.NetConnectionConnectCommand{App: app, FlashVer: "agent", TCURL: "rtmp://example.com/" + app},
	}))
	stream, err := client.CreateStream(nil, 4096)
	require.NoError(t, err)
	require.NoError(t, stream.Publish(&message.NetStreamPublish{PublishingName: key, PublishingType: "live"}))
	return &publisher{t, client, stream}
}

func (p *publisher) video(timestamp uint32, body ...byte) {
	p.t.Helper()
	require.NoError(p.t, p.stream.Write(6, timestamp, &message.VideoMessage{Payload: bytes.NewReader(body)}))
}

func (p *publisher) audio(timestamp uint32, body ...byte) {
	p.t.Helper()
	require.NoError(p.t, p.stream.Write(6, timestamp, &message.AudioMessage{Payload: bytes.NewReader(body)}))
}

func (p *publisher) data(name string, values ...any) {
	p.t.Helper()
	body, err := amf0.Append(nil, values...)
	require.NoError(p.t, err)
	require.NoError(p.t, p.stream.Write(6, 0, &message.DataMessage{Name: name, Body: bytes.NewReader(body)}))
}

// started publishes one frame and returns when it has arrived: the library's
// client does not wait for the answer to publish.
func started(t *testing.T, r *Receiver, arrived <-chan Message, app, key string) *publisher {
	t.Helper()
	p := publish(t, r, app, key)
	p.audio(0, 0xaf, 1, 5)
	<-arrived
	return p
}

// startTelling starts a receiver that tells of every message.
func startTelling(t *testing.T) (*Receiver, <-chan Message) {
	t.Helper()
	arrived := make(chan Message, 16)
	return start(t, Config{OnMessage: func(m Message) { arrived <- m }}), arrived
}

func start(t *testing.T, config Config) *Receiver {
	t.Helper()
	r, err := Start(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.Close()) })
	return r
}

func TestRecordKeepsEveryMessage(t *testing.T) {
	var told [][]byte
	r := start(t, Config{Record: true, OnMessage: func(m Message) {
		require.Equal(t, "k", m.Stream.Key)
		told = append(told, bytes.Clone(m.Payload))
	}})
	p := publish(t, r, "app", "k")
	p.video(0, 0x27, 1, 0, 0, 7, 1)
	p.video(5, 0x17, 2, 0, 0, 0)
	p.data("onCuePoint", 4.0)
	require.NoError(t, p.client.Close())

	result, err := r.Wait(t.Context())
	require.NoError(t, err)
	require.Equal(t, EndClosed, result.End)
	require.NoError(t, result.Err)
	require.True(t, result.Video.HeaderMissing)
	require.Len(t, told, 3)
	require.Equal(t, []byte{1}, told[0])
	empty := sha256.Sum256(nil)
	cue := []byte("\x02\x00\x0aonCuePoint\x00\x40\x10\x00\x00\x00\x00\x00\x00")
	require.Equal(t, []Message{
		{Kind: KindVideo, Composition: 7, Size: 1, Sum: sha256.Sum256([]byte{1})},
		{Kind: KindVideoEnd, Timestamp: 5, Sum: empty},
		{Kind: KindData, Name: "onCuePoint", Values: []any{4.0}, Size: len(cue), Sum: sha256.Sum256(cue)},
	}, result.Messages)
}

func TestOneConnectionMayBreak(t *testing.T) {
	r := start(t, Config{})
	p := publish(t, r, "app", "k")
	p.video(0, 0x17, 1, 0, 0, 0, 1)
	p.video(1) // an empty message, which the library takes for a broken state
	result, err := r.Wait(t.Context())
	require.NoError(t, err)
	require.ErrorContains(t, result.Err, "invalid state")
	require.Equal(t, 1, result.Video.Frames)

	c, err := net.Dial("tcp", r.Addr())
	require.NoError(t, err)
	_, err = c.Write(bytes.Repeat([]byte{3}, 4000))
	require.NoError(t, err)
	_, _ = io.Copy(io.Discard, c)
	require.NoError(t, c.Close())
	publish(t, r, "app", "k")
}
