package rtmp

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// bubble runs a test with a session over memory, in virtual time.
func bubble(t *testing.T, script rtmptest.Script, cfg Config, test func(*testing.T, *Conn, *rtmptest.Session)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c, session := start(t, rtmptest.NewPipeServer(t, script), cfg)
		test(t, c, session)
	})
}

func ofType(kind uint8) func(rtmptest.Message) bool {
	return func(m rtmptest.Message) bool { return m.Type == kind }
}

func TestAnswersPings(t *testing.T) {
	bubble(t, rtmptest.Script{}, Config{}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		s.Send(rtmptest.PingRequest(0xCAFE0001))
		m := s.Wait(ofType(4))
		require.Equal(t, []byte{0, 7, 0xCA, 0xFE, 0, 1}, m.Body)
		require.EqualValues(t, 2, m.CSID)
		require.Zero(t, m.StreamID)
	})
}

func TestAnswersQuestions(t *testing.T) {
	bubble(t, rtmptest.Script{}, Config{}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		s.Send(rtmptest.NewCommand(0, "ping", 77, nil))
		require.Equal(t, rtmptest.Command{Name: "pong", Transaction: 77, Args: []any{nil}}, s.WaitCommand("pong").Command())
		s.Send(rtmptest.NewCommand(0, "_onbwcheck", 78, nil, "payload"))
		require.Equal(t, rtmptest.Command{Name: "_result", Transaction: 78, Args: []any{nil, 0.0}}, s.WaitCommand("_result").Command())
		for range 1000 { // a storm gets one answer
			s.Send(rtmptest.NewCommand(0, "onBWDone", 0, nil, 8192))
		}
		require.Equal(t, rtmptest.Command{Name: "_checkbw", Transaction: 6, Args: []any{nil}}, s.WaitCommand("_checkbw").Command())
		s.Send(rtmptest.NewCommand(0, "_error", 6, nil, nil)) // means nothing
		synctest.Wait()
		var asked int
		for _, name := range s.Commands() {
			if name == "_checkbw" {
				asked++
			}
		}
		require.Equal(t, 1, asked)
		require.NoError(t, c.Err())
	})
}

func TestAnswersSetPeerBandwidth(t *testing.T) {
	bubble(t, rtmptest.Script{}, Config{WindowAckSize: 250000}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		s.Send(rtmptest.SetPeerBandwidth(5000000), rtmptest.SetPeerBandwidth(5000000), rtmptest.SetPeerBandwidth(100000))
		synctest.Wait()
		var windows []uint32
		for _, m := range s.Messages() {
			if m.Type == 5 {
				windows = append(windows, binary.BigEndian.Uint32(m.Body))
			}
		}
		require.Equal(t, []uint32{250000, 250000, 100000}, windows, "at connecting, then one answer a value")
		require.EqualValues(t, 100000, c.Stats().PeerBandwidth)
	})
}

func TestAcknowledgesAfterEachWindow(t *testing.T) {
	bubble(t, rtmptest.Script{}, Config{}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		before := c.Stats().BytesReceived
		s.Send(rtmptest.WindowAckSize(10000))
		for range 30 { // of 1000 bytes each, with headers 1019
			s.Send(rtmptest.Message{CSID: 5, Type: 22, Body: make([]byte, 1000)})
		}
		synctest.Wait()
		var acks []uint32
		for _, m := range s.Messages() {
			if m.Type == 3 {
				acks = append(acks, binary.BigEndian.Uint32(m.Body))
			}
		}
		require.Equal(t, before+16+30*1019, c.Stats().BytesReceived)
		require.GreaterOrEqual(t, len(acks), 2)
		for i, n := range acks[1:] {
			require.GreaterOrEqual(t, n-acks[i], uint32(10000))
			require.Less(t, n-acks[i], uint32(10000+4096+1019), "a window and what one read brings")
		}
		require.EqualValues(t, 10000, c.Stats().PeerWindow)
	})
}

func TestStatsFollowThePeersAcknowledgements(t *testing.T) {
	bubble(t, rtmptest.Script{AckEvery: 10000}, Config{}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		for i := range uint32(10) {
			require.NoError(t, c.Append(video(i, 10000)))
			require.NoError(t, c.Flush())
		}
		synctest.Wait()
		got := c.Stats()
		require.EqualValues(t, s.Received(), got.BytesSent)
		require.Greater(t, got.BytesAcknowledged, uint64(80000))
		require.LessOrEqual(t, got.BytesAcknowledged, got.BytesSent)
		require.GreaterOrEqual(t, got.Acknowledgements, uint64(5))
	})
}

func TestAcknowledgementsWrapAndLie(t *testing.T) {
	var p peerStats
	p.acknowledgedLast = 0xFFFFFF00
	p.acknowledge(0x100, 0x300) // over the wrap
	require.EqualValues(t, 0x200, p.acknowledged.Load())
	p.acknowledge(0x80, 0x300) // backwards
	p.acknowledge(0x100, 0x300)
	require.EqualValues(t, 0x200, p.acknowledged.Load())
	p.acknowledge(0x201, 0x300) // one byte more than was sent
	require.EqualValues(t, 0x200, p.acknowledged.Load())
	p.acknowledge(0x200, 0x300)
	require.EqualValues(t, 0x300, p.acknowledged.Load())
	require.EqualValues(t, 5, p.acknowledgements.Load())

	bubble(t, rtmptest.Script{}, Config{}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		s.Send(rtmptest.Acknowledgement(2000000000))
		synctest.Wait()
		require.Zero(t, c.Stats().BytesAcknowledged, "who tells of more than was sent tells nothing")
	})
}

// TestPingFloodIsBounded has a server that asks and asks and never reads: the
// reader goes on reading, a bounded heap of answers waits, and the write that
// does not move ends the session.
func TestPingFloodIsBounded(t *testing.T) {
	bubble(t, rtmptest.Script{PipeSize: 4096}, Config{SendTimeout: 2 * time.Second}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		begun := time.Now()
		s.Stall()
		for i := range uint32(20000) {
			s.Send(rtmptest.PingRequest(i))
		}
		synctest.Wait()
		require.NoError(t, c.Err(), "reading is not held up")
		require.Greater(t, c.Stats().ControlDropped, uint64(10000))
		require.LessOrEqual(t, cap(c.control.bytes), 2*maxControl)
		<-c.Done()
		require.ErrorContains(t, c.Err(), "the server took no data within 2s (send timeout)")
		require.GreaterOrEqual(t, time.Since(begun), 2*time.Second)
		require.LessOrEqual(t, time.Since(begun), 2500*time.Millisecond)
		require.Error(t, c.Flush())
		require.Equal(t, c.Err(), c.Close(context.Background()), "after a failure there is nothing to do")
	})
}

// TestAnswersWhileMediaIsWritten mixes both at full speed: the server's parser
// would trip over a message within another.
func TestAnswersWhileMediaIsWritten(t *testing.T) {
	c, s := start(t, rtmptest.NewServer(t, rtmptest.Script{Discard: true}), Config{ChunkSize: 128})
	const n = 300
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		for i := range uint32(n) {
			ping := rtmptest.PingRequest(i)
			s.Send(ping)
			s.Wait(func(m rtmptest.Message) bool { return m.Type == 4 && bytes.Equal(m.Body[2:], ping.Body[2:]) })
		}
	}()
	for i := range uint32(n) {
		require.NoError(t, c.Append(video(i, 5000)))
		require.NoError(t, c.Append(audio(i, 200)))
		require.NoError(t, c.Flush())
	}
	<-asked
	require.NoError(t, c.Close(context.Background()))
	<-s.Ended()
	require.ErrorIs(t, s.Err(), io.EOF)
	var media, pongs int
	for _, m := range s.Messages() {
		switch m.Type {
		case 8, 9:
			media++
		case 4:
			pongs++
		}
	}
	require.Equal(t, 2*n, media)
	require.Equal(t, n, pongs)
}
