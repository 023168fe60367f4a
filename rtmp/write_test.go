package rtmp

import (
	"bytes"
	"context"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

func TestMessagesArriveAsTheyWere(t *testing.T) {
	for name, cfg := range map[string]Config{
		"default": {}, "small chunks": {ChunkSize: 128}, "odd chunks": {ChunkSize: 4099}, "largest chunks": {ChunkSize: MaxChunkSize},
	} {
		for transport, newServer := range map[string]func(testing.TB, rtmptest.Script) *rtmptest.Server{
			"TCP": rtmptest.NewServer, "memory": rtmptest.NewPipeServer,
		} {
			t.Run(name+" over "+transport, func(t *testing.T) {
				// Real time, and perhaps a busy machine: this is no test of timeouts.
				cfg.SendTimeout, cfg.ReceiveTimeout = time.Minute, time.Minute
				c, s := start(t, newServer(t, rtmptest.Script{StreamID: 7}), cfg)
				sent := sendOfEveryKind(t, c)
				require.NoError(t, c.Close(context.Background()))
				<-s.Ended()
				var got []rtmptest.Message
				for _, m := range s.Messages() {
					if isMedia(m) || m.Type == 18 {
						got = append(got, m)
					}
				}
				require.Len(t, got, len(sent))
				for i, m := range sent {
					body := append(bytes.Clone(m.Header[:m.HeaderLen]), bytes.Join(m.Payload, nil)...)
					require.True(t, bytes.Equal(body, got[i].Body), "body of message %d", i)
					require.Equal(t, m.Timestamp, got[i].Timestamp)
					require.EqualValues(t, m.Type, got[i].Type)
					require.EqualValues(t, 7, got[i].StreamID)
					require.Equal(t, map[MessageType]uint32{TypeAudio: 4, TypeVideo: 6, TypeData: 4}[m.Type], got[i].CSID)
				}
			})
		}
	}
}

// sendOfEveryKind sends messages of all types and many sizes, whose times jump
// over every border, in batches of growing size.
func sendOfEveryKind(t *testing.T, c *Conn) []*Message {
	t.Helper()
	times := []uint32{0, 33, 20, 0xFFFFFE, 0xFFFFFF, 0x1000000, 5, 0x7FFFFFF0, 0x80000010, 0x90000000, 0xFFFFFFF0, 0x10, 0x30, 0x30}
	sizes := []int{0, 1, 122, 123, 124, 300, 5000, 65531, 65532, 200000}
	var sent []*Message
	pending := 0
	for i, n := 0, 1; i < len(times)*len(sizes); i++ {
		payload := bytes.Repeat([]byte{byte(i)}, sizes[i%len(sizes)])
		m := &Message{Type: []MessageType{TypeVideo, TypeAudio, TypeVideo, TypeData}[i%4], Timestamp: times[i%len(times)], HeaderLen: i % (MaxTagHeader + 1)}
		copy(m.Header[:], "the header of a message, long")
		m.Payload = [][]byte{payload[:len(payload)/3], nil, payload[len(payload)/3:]}
		require.NoError(t, c.Append(m))
		require.Greater(t, c.Pending(), pending+m.Size()-1)
		pending = c.Pending()
		sent = append(sent, m)
		if i%n == 0 {
			require.NoError(t, c.Flush())
			require.Zero(t, c.Pending())
			pending, n = 0, n+1
		}
	}
	return sent
}

func TestAppendRefusesBadMessages(t *testing.T) {
	c, s := start(t, rtmptest.NewServer(t, rtmptest.Script{}), Config{})
	require.ErrorContains(t, c.Append(&Message{Type: 20}), "message type 20")
	require.ErrorContains(t, c.Append(&Message{Type: TypeAudio, HeaderLen: -1}), "must be 0 to 24")
	require.ErrorContains(t, c.Append(&Message{Type: TypeAudio, HeaderLen: 25}), "must be 0 to 24")
	require.ErrorContains(t, c.Append(video(0, 1<<24-5)), "at most 16777215")
	require.Zero(t, c.Pending())
	require.NoError(t, c.Append(audio(0, 3)), "the session goes on")
	require.NoError(t, c.Flush())
	require.Equal(t, 5, s.Wait(isMedia).Size)
}

func TestHeaderMayBeReusedBeforeFlush(t *testing.T) {
	bubble(t, rtmptest.Script{}, Config{}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		m := audio(0, 1)
		require.NoError(t, c.Append(m))
		m.Header = [MaxTagHeader]byte{9, 9}
		require.NoError(t, c.Flush())
		require.Equal(t, []byte{0xaf, 1, 0}, s.Wait(isMedia).Body)
	})
}

// TestSteadyStateDoesNotAllocate sends to real TCP, one frame a flush and in
// batches.
func TestSteadyStateDoesNotAllocate(t *testing.T) {
	server := rtmptest.NewServer(t, discarding())
	for name, size := range map[string]int{"64 KiB chunks": 65536, "128 byte chunks": 128, "gathered": 4096} {
		t.Run(name, func(t *testing.T) {
			c, _ := start(t, server, Config{ChunkSize: size})
			if name == "gathered" { // as for TLS, without its own allocations
				c.out = newOutlet(struct{ net.Conn }{c.raw}, time.Minute)
			}
			v, a := video(0, 20000), audio(0, 300)
			for _, batch := range []int{1, 50} {
				send := func() {
					for range batch {
						v.Timestamp += 33
						a.Timestamp += 33
						if c.Append(v) != nil || c.Append(a) != nil {
							t.Error("append failed")
						}
					}
					if err := c.Flush(); err != nil {
						t.Error(err)
					}
				}
				for range 20 {
					send()
				}
				// The receiver runs in this process too, and its reading is
				// counted: less than one in a hundred is its.
				require.Less(t, testing.AllocsPerRun(200, send), 0.5)
			}
		})
	}
}

// discarding makes a server that takes whatever comes after publish unread by
// a parser, without allocating.
func discarding() rtmptest.Script {
	return rtmptest.Script{On: map[string]rtmptest.Handler{
		"publish": rtmptest.Then(rtmptest.Default(), func(s *rtmptest.Session, _ rtmptest.Message) { s.Swallow() }),
	}}
}

func TestPayloadsAreLetGo(t *testing.T) {
	bubble(t, rtmptest.Script{}, Config{}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		require.NoError(t, c.Append(video(0, 100)))
		require.NoError(t, c.Flush())
		synctest.Wait()
		require.Empty(t, c.chunks.Vector())
		require.Nil(t, c.out.vector)
	})
}
