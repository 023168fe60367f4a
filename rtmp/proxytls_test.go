package rtmp

import (
	"crypto/tls"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// An https proxy gets a password: its certificate is verified, also where that of
// the server is not.
func TestSecureProxyIsAlwaysVerified(t *testing.T) {
	cert, _ := certificate(t)
	p := newSecureProxyServer(t, cert, httpConnect("me", thePassword))
	server := rtmptest.NewServer(t, rtmptest.Script{})
	_, err := Dial(t.Context(), testURL(t, server), Config{
		Proxy: through(t, "https", "me", thePassword, p.addr),
		TLS:   &tls.Config{InsecureSkipVerify: true},
	})
	var op *OpError
	require.ErrorAs(t, err, &op)
	require.Equal(t, "proxy", op.Op)
	require.ErrorContains(t, err, "certificate")
	require.Empty(t, p.asked())
	require.False(t, Retryable(err))
}
