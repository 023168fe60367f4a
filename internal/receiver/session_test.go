//go:build !(386 || arm || mips || mipsle)

package receiver

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp"
)

// TestOurSession publishes with package rtmp: what it cuts into chunks must
// come out whole at the other project's end, at its time.
func TestOurSession(t *testing.T) {
	for _, chunkSize := range []int{rtmp.MinChunkSize, 4096, rtmp.MaxChunkSize} {
		t.Run(fmt.Sprint(chunkSize), func(t *testing.T) {
			r := start(t, Config{Record: true})
			u, err := rtmp.ParseURL(r.URL("live", "key"), "")
			require.NoError(t, err)
			conn, err := rtmp.Dial(t.Context(), u, rtmp.Config{ChunkSize: chunkSize})
			require.NoError(t, err)

			picture := bytes.Repeat([]byte{1, 2, 3, 4, 5}, 60_000)
			send := func(kind rtmp.MessageType, timestamp uint32, header []byte, payload ...[]byte) {
				m := &rtmp.Message{Type: kind, Timestamp: timestamp, HeaderLen: len(header), Payload: payload}
				copy(m.Header[:], header)
				require.NoError(t, conn.Append(m))
			}
			send(rtmp.TypeVideo, 0, []byte{0x17, 0, 0, 0, 0}, []byte{1})
			send(rtmp.TypeVideo, 0, []byte{0x17, 1, 0, 0, 40}, picture[:100_000], picture[100_000:])
			send(rtmp.TypeAudio, 23, []byte{0xaf, 1}, []byte{9})
			send(rtmp.TypeVideo, 40, []byte{0x27, 1, 0, 0, 0}, picture[:70_000])
			require.NoError(t, conn.Flush())
			require.NoError(t, conn.Close(t.Context()))

			result, err := r.Wait(t.Context())
			require.NoError(t, err)
			require.NoError(t, result.Err)
			require.Equal(t, EndDeleteStream, result.End)
			require.Equal(t, rtmp.DefaultClientAgent, result.ClientAgent)
			require.Equal(t, []string{
				"connect", "releaseStream", "FCPublish", "createStream", "publish", "FCUnpublish", "deleteStream",
			}, result.Commands)
			require.Equal(t, []Message{
				{Kind: KindVideoHeader, Size: 1, Sum: sha256.Sum256([]byte{1})},
				{Kind: KindVideo, Composition: 40, Keyframe: true, Size: len(picture), Sum: sha256.Sum256(picture)},
				{Kind: KindAudio, Timestamp: 23, Size: 1, Sum: sha256.Sum256([]byte{9})},
				{Kind: KindVideo, Timestamp: 40, Size: 70_000, Sum: sha256.Sum256(picture[:70_000])},
			}, result.Messages)
		})
	}
}
