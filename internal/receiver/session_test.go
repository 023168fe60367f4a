//go:build !(386 || arm || mips || mipsle)

package receiver

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp"
)

// ours is a session of package rtmp.
type ours struct {
	t *testing.T
	*rtmp.Conn
}

func dial(t *testing.T, r *Receiver, config rtmp.Config) ours {
	t.Helper()
	u, err := rtmp.ParseURL(r.URL("live", "key"), "")
	require.NoError(t, err)
	conn, err := rtmp.Dial(t.Context(), u, config)
	require.NoError(t, err)
	t.Cleanup(conn.Abort)
	return ours{t, conn}
}

func (o ours) send(kind rtmp.MessageType, timestamp uint32, header []byte, payload ...[]byte) {
	o.t.Helper()
	m := &rtmp.Message{Type: kind, Timestamp: timestamp, HeaderLen: len(header), Payload: payload}
	copy(m.Header[:], header)
	require.NoError(o.t, o.Append(m))
}

func (o ours) data(values ...any) {
	o.t.Helper()
	body, err := amf0.Append(nil, values...)
	require.NoError(o.t, err)
	o.send(rtmp.TypeData, 0, nil, body)
}

// end ends the stream in order.
func (o ours) end() {
	o.t.Helper()
	require.NoError(o.t, o.Flush())
	require.NoError(o.t, o.Close(o.t.Context()))
}

// ourCommands are what a session of package rtmp sends.
var ourCommands = []string{
	"connect", "releaseStream", "FCPublish", "createStream", "publish", "FCUnpublish", "deleteStream",
}

// TestOurSession publishes with package rtmp: what it cuts into chunks must
// come out whole at the other project's end, at its time.
func TestOurSession(t *testing.T) {
	for _, chunkSize := range []int{rtmp.MinChunkSize, 4096, rtmp.MaxChunkSize} {
		t.Run(fmt.Sprint(chunkSize), func(t *testing.T) {
			r := start(t, Config{Record: true})
			conn := dial(t, r, rtmp.Config{ChunkSize: chunkSize})
			picture := bytes.Repeat([]byte{1, 2, 3, 4, 5}, 60_000)
			conn.send(rtmp.TypeVideo, 0, []byte{0x17, 0, 0, 0, 0}, []byte{1})
			conn.send(rtmp.TypeVideo, 0, []byte{0x17, 1, 0, 0, 40}, picture[:100_000], picture[100_000:])
			conn.send(rtmp.TypeAudio, 23, []byte{0xaf, 1}, []byte{9})
			conn.send(rtmp.TypeVideo, 40, []byte{0x27, 1, 0, 0, 0}, picture[:70_000])
			conn.end()

			result, err := r.Wait(t.Context())
			require.NoError(t, err)
			require.NoError(t, result.Err)
			require.Equal(t, EndDeleteStream, result.End)
			require.Equal(t, rtmp.DefaultClientAgent, result.ClientAgent)
			require.Equal(t, ourCommands, result.Commands)
			require.Equal(t, []Message{
				{Kind: KindVideoHeader, Size: 1, Sum: sha256.Sum256([]byte{1})},
				{Kind: KindVideo, Composition: 40, Keyframe: true, Size: len(picture), Sum: sha256.Sum256(picture)},
				{Kind: KindAudio, Timestamp: 23, Size: 1, Sum: sha256.Sum256([]byte{9})},
				{Kind: KindVideo, Timestamp: 40, Size: 70_000, Sum: sha256.Sum256(picture[:70_000])},
			}, result.Messages)
		})
	}
}

func TestResultSumsUpTheStream(t *testing.T) {
	r := start(t, Config{})
	require.Equal(t, "rtmp://"+r.Addr()+"/live/key", r.URL("live", "key"))
	p := dial(t, r, rtmp.Config{ClientAgent: "agent"})
	p.data("@setDataFrame", "onMetaData", amf0.ECMAArray{{Name: "width", Value: 640.0}})
	p.data("onFI", amf0.Object{{Name: "tc", Value: "00:00:00:00"}})
	p.send(rtmp.TypeVideo, 0, []byte{0x17, 0, 0, 0, 0}, []byte{1, 2, 3})
	p.send(rtmp.TypeAudio, 0, []byte{0xaf, 0}, []byte{0x11, 0x90})
	p.send(rtmp.TypeVideo, 0, []byte{0x17, 1, 0, 0, 80}, []byte{9, 9})
	p.send(rtmp.TypeAudio, 7, []byte{0xaf, 1}, []byte{5})
	p.send(rtmp.TypeVideo, 40, []byte{0x27, 1, 0, 0, 0}, []byte{8})
	p.send(rtmp.TypeVideo, 41, []byte{0x37})
	p.end()

	result, err := r.Wait(t.Context())
	require.NoError(t, err)
	require.NoError(t, result.Err)
	require.Equal(t, EndDeleteStream, result.End)
	require.Equal(t, Stream{App: "live", Key: "key", Mode: "live", ClientAgent: "agent", TCURL: "rtmp://" + r.Addr() + "/live"}, result.Stream)
	require.Equal(t, ourCommands, result.Commands)
	require.EqualValues(t, 640, result.Metadata.Number("width"))
	require.Equal(t, 2, result.Data)
	require.Equal(t, 1, result.Other, "a tag cut short")
	require.Nil(t, result.Messages)
	require.Equal(t, Track{
		Frames: 2, Keyframes: 1, Bytes: 3, First: 0, Last: 40,
		Headers: 1, Header: []byte{1, 2, 3}, Sum: sha256.Sum256([]byte{9, 9, 8}),
	}, result.Video)
	require.Equal(t, Track{
		Frames: 1, Bytes: 1, First: 7, Last: 7,
		Headers: 1, Header: []byte{0x11, 0x90}, Sum: sha256.Sum256([]byte{5}),
	}, result.Audio)
}
