package rtmp

import (
	"context"
	"crypto/tls"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// TestTunnelPublish sends frames through HTTP and HTTPS, bit for bit, however
// the server treats the connections that carry them.
func TestTunnelPublish(t *testing.T) {
	for name, how := range map[string]rtmptest.Tunnel{
		"one connection": {}, "closed after every reply": {CloseEach: true}, "closed without a word": {HangUp: true}, "chunked": {Chunked: true},
	} {
		for _, scheme := range []string{"rtmpt", "rtmpts"} {
			t.Run(scheme+" "+name, func(t *testing.T) {
				script, cfg := rtmptest.Script{StreamID: 7}, Config{}
				if scheme == "rtmpts" {
					cert, roots := certificate(t)
					script.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
					cfg.TLS = &tls.Config{RootCAs: roots}
				}
				server := rtmptest.NewTunnelServer(t, script, how)
				require.Contains(t, server.URL("x"), scheme+"://")
				c, s := start(t, server, cfg)
				for i := range 20 {
					m := video(uint32(40*i), 3000+i)
					for j := range m.Payload[0] {
						m.Payload[0][j] = byte(i + j)
					}
					require.NoError(t, c.Append(m))
					require.NoError(t, c.Flush())
				}
				require.NoError(t, c.Close(context.Background()))
				<-s.Ended()
				n := 0
				for _, m := range s.Messages() {
					if !isMedia(m) {
						continue
					}
					require.Equal(t, uint32(40*n), m.Timestamp)
					require.Len(t, m.Body, 5+3000+n)
					for j, b := range m.Body[5:] {
						require.Equal(t, byte(n+j), b)
					}
					n++
				}
				require.Equal(t, 20, n)
				require.Equal(t, []string{"connect", "releaseStream", "FCPublish", "createStream", "publish", "FCUnpublish", "deleteStream"}, s.Commands())
			})
		}
	}
}

// TestTunnelThroughput sends 10 MiB to a server that is 100 ms away, in small
// messages: they must share requests, as many as a request may carry.
func TestTunnelThroughput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sends atomic.Int64
		how := rtmptest.Tunnel{Delay: 100 * time.Millisecond, Request: func(path string) {
			if strings.HasPrefix(path, "/send/") {
				sends.Add(1)
			}
		}}
		c, s := start(t, rtmptest.NewPipeTunnelServer(t, discarding(), how), Config{})
		begun, before := time.Now(), sends.Load()
		const size, count = 10000, 1048
		for i := range uint32(count) {
			require.NoError(t, c.Append(video(i, size)))
			require.NoError(t, c.Flush())
		}
		require.NoError(t, c.Close(context.Background()))
		<-s.Ended()
		require.Greater(t, s.Received(), int64(size*count))
		require.LessOrEqual(t, sends.Load()-before, int64(size*count/(256<<10)+5))
		require.Less(t, time.Since(begun), 6*time.Second) // virtual: a round trip is all that a request costs
	})
}

// TestTunnelKeepsAFlushTogether sends header and payload pieces in one request.
func TestTunnelKeepsAFlushTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sends atomic.Int64
		how := rtmptest.Tunnel{Request: func(path string) {
			if strings.HasPrefix(path, "/send/") {
				sends.Add(1)
			}
		}}
		c, s := start(t, rtmptest.NewPipeTunnelServer(t, rtmptest.Script{}, how), Config{ChunkSize: 128})
		before := sends.Load()
		for i := range uint32(10) {
			require.NoError(t, c.Append(video(i, 1000)))
			require.NoError(t, c.Append(audio(i, 300)))
			require.NoError(t, c.Flush())
			synctest.Wait()
		}
		require.EqualValues(t, 10, sends.Load()-before)
		s.Wait(func(m rtmptest.Message) bool { return m.Type == 8 && m.Timestamp == 9 })
		require.Equal(t, "pipe", c.LocalAddr().Network())
		require.Equal(t, "server", c.RemoteAddr().String())
	})
}
