package rtmp

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// certificate makes one for 127.0.0.1 and rtmps.example.com, and the pool that
// trusts it.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		DNSNames: []string{"rtmps.example.com"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func TestTLS(t *testing.T) {
	cert, pool := certificate(t)
	var name string
	server := rtmptest.NewServer(t, rtmptest.Script{TLS: &tls.Config{
		Certificates:       []tls.Certificate{cert},
		GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) { name = h.ServerName; return nil, nil },
	}})
	u := testURL(t, server)
	require.Equal(t, "rtmps", u.Scheme)
	u.Host = "rtmps.example.com"
	c, err := Dial(context.Background(), u, Config{Dial: server.Dial, TLS: &tls.Config{RootCAs: pool}})
	require.NoError(t, err)
	s := server.Session()
	require.Equal(t, "rtmps.example.com", name, "SNI")
	require.IsType(t, &net.TCPConn{}, c.NetConn())

	payload := bytes.Repeat([]byte("abc"), 30000)
	m := video(0, 0)
	m.Payload = [][]byte{payload[:7], payload[7:50000], payload[50000:]}
	for range 3 {
		require.NoError(t, c.Append(m))
	}
	require.NoError(t, c.Flush())
	got := s.Wait(isMedia)
	require.True(t, bytes.Equal(payload, got.Body[5:]))
	require.NoError(t, c.Close(context.Background()))
	<-s.Ended()
	require.ErrorIs(t, s.Err(), io.EOF, "TLS was closed as it should be")
	require.EqualValues(t, s.Received(), c.Stats().BytesSent)
}

func TestTLSRefusals(t *testing.T) {
	cert, pool := certificate(t)
	secure := rtmptest.Script{TLS: &tls.Config{Certificates: []tls.Certificate{cert}}}

	err := refused(t, rtmptest.NewServer(t, secure), Config{})
	require.Equal(t, "tls", err.Op)
	require.False(t, Retryable(err), "not in the system's roots: %v", err)

	server := rtmptest.NewServer(t, secure)
	u := testURL(t, server)
	u.Host = "other.example.com"
	_, failed := Dial(context.Background(), u, Config{Dial: server.Dial, TLS: &tls.Config{RootCAs: pool}})
	require.ErrorContains(t, failed, "other.example.com")
	require.False(t, Retryable(failed))

	plain := rtmptest.NewServer(t, on("accept", func(s *rtmptest.Session, _ rtmptest.Message) { s.SendBytes([]byte("HTTP/1.1 400\r\n\r\n")) }))
	u = testURL(t, plain)
	u.Scheme = "rtmps"
	_, failed = Dial(context.Background(), u, Config{})
	require.ErrorContains(t, failed, "tls ")
	require.False(t, Retryable(failed))
}

// TestTLSHandshakeIsBounded has a server that accepts and says nothing.
func TestTLSHandshakeIsBounded(t *testing.T) {
	silent := rtmptest.NewServer(t, on("accept", func(s *rtmptest.Session, _ rtmptest.Message) { <-s.Ended() }))
	u := testURL(t, silent)
	u.Scheme = "rtmps"
	_, err := Dial(context.Background(), u, Config{ConnectTimeout: 50 * time.Millisecond})
	require.ErrorContains(t, err, "not connected within 50ms (connect timeout): nothing answers in TLS; is this port plain RTMP (rtmp://)?")
	require.True(t, Retryable(err))

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = Dial(ctx, u, Config{})
	require.ErrorIs(t, err, context.Canceled)
}

// TestTLSStall has the bound beneath TLS: what it writes for a while must not
// be taken for a stall, and a stall not for more.
func TestTLSStall(t *testing.T) {
	cert, pool := certificate(t)
	server := rtmptest.NewServer(t, rtmptest.Script{
		TLS: &tls.Config{Certificates: []tls.Certificate{cert}},
		On:  map[string]rtmptest.Handler{"publish": rtmptest.Then(rtmptest.Default(), rtmptest.Stall())},
	})
	c, _ := start(t, server, Config{SendTimeout: 200 * time.Millisecond, SocketBuffer: 16384, TLS: &tls.Config{RootCAs: pool}})
	var err error
	for i := uint32(0); err == nil; i++ {
		require.Less(t, i, uint32(1000))
		require.NoError(t, c.Append(video(i, 1000000)))
		err = c.Flush()
	}
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.ErrorContains(t, err, "the server took no data within 200ms (send timeout)")
	require.ErrorIs(t, c.Close(context.Background()), os.ErrDeadlineExceeded)
}
