package interop

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp"
)

// tapped keeps both sides of a connection.
type tapped struct {
	net.Conn
	mu       sync.Mutex
	in, out  bytes.Buffer
	complete int // bytes of each side that are kept
}

func (c *tapped) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.keep(&c.in, b[:n])
	return n, err
}
func (c *tapped) Write(b []byte) (int, error) { c.keep(&c.out, b); return c.Conn.Write(b) }

func (c *tapped) keep(side *bytes.Buffer, b []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	side.Write(b[:min(len(b), c.complete-side.Len())])
}

// TestDigestHandshake connects to servers that know the digest handshake. That
// they have found our digest in C1 is seen in S2, which only who has it can sign.
func TestDigestHandshake(t *testing.T) {
	for _, kind := range kinds(t, "nginx", "lal") {
		t.Run(kind.Name, func(t *testing.T) {
			if !has(t, kind.Missing()) {
				return
			}
			ctx := bounded(t)
			reception, err := launched(t, kind).Expect(ctx, "digest")
			require.NoError(t, err)
			u, err := rtmp.ParseURL(reception.URL, "")
			require.NoError(t, err)
			tap := &tapped{complete: 1 + 2*1536}
			conn, err := rtmp.Dial(ctx, u, rtmp.Config{Handshake: rtmp.HandshakeDigest, Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
				tap.Conn, err = new(net.Dialer).DialContext(ctx, network, addr)
				return tap, err
			}})
			require.NoError(t, err, "the server has taken C2 and all that followed")
			conn.Abort()
			_ = conn.Close(ctx)

			c1, s1, s2 := tap.out.Bytes()[1:1537], tap.in.Bytes()[1:1537], tap.in.Bytes()[1537:]
			require.NotEqual(t, make([]byte, 4), s1[4:8], "the server answers in the digest form")
			key := append([]byte("Genuine Adobe Flash Media Server 001"), sharedKey...)
			place := 12 + (int(c1[8])+int(c1[9])+int(c1[10])+int(c1[11]))%728
			require.Equal(t, mac(mac(key, c1[place:place+32]), s2[:1504]), s2[1504:], "signed with our digest")
		})
	}
}

var sharedKey = []byte(strings.Join([]string{"\xF0\xEE\xC2\x4A\x80\x68\xBE\xE8\x2E\x00\xD0\xD1\x02\x9E\x7E\x57",
	"\x6E\xEC\x5D\x2D\x29\x80\x6F\xAB\x93\xB8\xE6\x36\xCF\xEB\x31\xAE"}, ""))

func mac(key, text []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(text)
	return h.Sum(nil)
}
