package rtmp

import (
	"context"
	"crypto/tls"
	"testing"

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
