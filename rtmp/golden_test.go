package rtmp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/internal/chunk"
	"rtmpwriter/rtmp/rtmptest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// handshakeBytes is the length of C0, C1 and C2.
const handshakeBytes = 1 + 2*1536

// counting is a source of bytes that count up, for a handshake that is the same
// each time.
type counting byte

func (c *counting) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(*c)
		*c++
	}
	return len(b), nil
}

// TestGolden compares every byte of a whole session, in virtual time, with the
// annotated files in testdata/golden.
func TestGolden(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{StreamID: 7, Raw: true})
		u, err := ParseURL("rtmp://user:password@127.0.0.1/live?param1=1+myStream", "+")
		require.NoError(t, err)
		c, err := dial(context.Background(), u, Config{Dial: server.Dial, ChunkSize: 128}, new(counting))
		require.NoError(t, err)
		s := server.Session()
		for _, m := range goldenMedia() {
			require.NoError(t, c.Append(m))
			require.NoError(t, c.Flush())
		}
		for _, question := range []rtmptest.Message{
			rtmptest.PingRequest(0x01020304), rtmptest.SetPeerBandwidth(100000), rtmptest.WindowAckSize(3400),
			rtmptest.NewCommand(0, "onBWDone", 0, nil), rtmptest.NewCommand(0, "_onbwcheck", 9, nil), rtmptest.NewCommand(0, "ping", 10, nil),
		} {
			s.Send(question)
			synctest.Wait()
		}
		require.NoError(t, c.Close(context.Background()))
		checkGolden(t, "handshake.txt", "# C0 and C1, with random bytes that count up; C2 is the server's S1\n"+hex.Dump(s.Raw()[:1+1536]))
		checkGolden(t, "session.txt", annotate(t, s.Raw()[handshakeBytes:]))
	})
}

// goldenMedia has the start of a usual stream, then every form of chunk header.
func goldenMedia() []*Message {
	of := func(kind MessageType, time uint32, head string, payload int) *Message {
		m := &Message{Type: kind, Timestamp: time, HeaderLen: len(head), Payload: [][]byte{bytes.Repeat([]byte{0x55}, payload)}}
		copy(m.Header[:], head)
		return m
	}
	return []*Message{
		of(TypeData, 0, "\x02\x00\x0d@setDataFrame", 20),
		of(TypeVideo, 0, "\x17\x00\x00\x00\x00", 30),
		of(TypeAudio, 0, "\xaf\x00", 2),
		of(TypeVideo, 0, "\x17\x01\x00\x00\x00", 300),
		of(TypeAudio, 23, "\xaf\x01", 40),
		of(TypeAudio, 46, "\xaf\x01", 40),
		of(TypeVideo, 33, "\x27\x01\x00\x00\x21", 60),
		of(TypeVideo, 20, "\x27\x01\x00\x00\x00", 60),
		of(TypeVideo, 0xFFFFFF, "\x27\x01\x00\x00\x00", 300),
		of(TypeVideo, 0x1000020, "\x27\x01\x00\x00\x00", 300),
		of(TypeVideo, 0x7FFFFFFF, "\x27\x01\x00\x00\x00", 300),
		of(TypeVideo, 0x80000020, "\x27\x01\x00\x00\x00", 10),
		of(TypeVideo, 0xFFFFFFFF, "\x27\x01\x00\x00\x00", 10),
		of(TypeVideo, 0x00000020, "\x27\x01\x00\x00\x00", 10),
	}
}

// annotate dumps a chunk stream message by message.
func annotate(t *testing.T, raw []byte) string {
	t.Helper()
	source := bytes.NewReader(raw)
	buffer := bufio.NewReader(source)
	reader := chunk.NewReader(buffer, chunk.ClientLimits)
	var b strings.Builder
	for at := 0; at < len(raw); {
		m, err := reader.Next()
		require.NoError(t, err)
		end := len(raw) - source.Len() - buffer.Buffered()
		fmt.Fprintf(&b, "# %s: csid %d, message stream %d, time %#x, %d bytes\n%s\n", nameOf(m), m.CSID, m.StreamID, m.Timestamp, len(m.Body), hex.Dump(raw[at:end]))
		at = end
	}
	return b.String()
}

// nameOf names a message as the specification does.
func nameOf(m chunk.Message) string {
	if m.Type == chunk.TypeCommandAMF0 {
		return "Command " + rtmptest.Message{Type: m.Type, Body: m.Body}.Command().Name
	}
	return map[uint8]string{
		1: "Set Chunk Size", 3: "Acknowledgement", 4: "User Control", 5: "Window Acknowledgement Size", 8: "Audio", 9: "Video", 18: "Data",
	}[m.Type]
}

// checkGolden compares a text with a golden file, or writes it with -update.
func checkGolden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "golden", name)
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "run the test with -update to make it")
	require.Equal(t, string(want), got, "%s differs; run the test with -update if the change is meant", file)
}
