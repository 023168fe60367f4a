package rtmp

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rtmpwriter/rtmp/rtmptest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sesame is the secret of the tests: no text may show it.
const sesame = "opensesame"

// testURL points to a test server, with a secret stream key.
func testURL(t testing.TB, server *rtmptest.Server) *URL {
	t.Helper()
	u, err := ParseURL(server.URL("live+"+sesame), "+")
	require.NoError(t, err)
	return u
}

// start publishes to a server over TCP, or in memory within a bubble, and
// closes the session when the test ends.
func start(t testing.TB, server *rtmptest.Server, cfg Config) (*Conn, *rtmptest.Session) {
	t.Helper()
	cfg.Dial = server.Dial
	c, err := Dial(context.Background(), testURL(t, server), cfg)
	require.NoError(t, err)
	t.Cleanup(func() {
		c.Abort()
		_ = c.Close(context.Background())
	})
	return c, server.Session()
}

// refused dials a server that refuses and returns the error, checked for what
// every error must have.
func refused(t *testing.T, server *rtmptest.Server, cfg Config) *OpError {
	t.Helper()
	cfg.Dial = server.Dial
	c, err := Dial(context.Background(), testURL(t, server), cfg)
	require.Nil(t, c)
	var op *OpError
	require.ErrorAs(t, err, &op)
	require.Equal(t, server.Addr, op.Addr)
	require.NotContains(t, err.Error(), sesame)
	return op
}

// video and audio make messages of n payload bytes.
func video(time uint32, n int) *Message {
	m := &Message{Type: TypeVideo, Timestamp: time, HeaderLen: 5, Payload: [][]byte{make([]byte, n)}}
	copy(m.Header[:], []byte{0x27, 1, 0, 0, 0})
	return m
}

func audio(time uint32, n int) *Message {
	m := &Message{Type: TypeAudio, Timestamp: time, HeaderLen: 2, Payload: [][]byte{make([]byte, n)}}
	copy(m.Header[:], []byte{0xaf, 1})
	return m
}

// isMedia matches messages of audio and video.
func isMedia(m rtmptest.Message) bool { return m.Type == 8 || m.Type == 9 }
