package interop

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/interop/elementary"
	"rtmpwriter/interop/publisher"
	"rtmpwriter/interop/server"
)

// papers are a certificate and its key in files.
type papers struct{ cert, key string }

// issue makes papers for 127.0.0.1 and live.example.com, signed by themselves;
// the change is made before.
func issue(t *testing.T, change func(*x509.Certificate)) papers {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "interop"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
		DNSNames: []string{"live.example.com"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	change(template)
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	dir := t.TempDir()
	p := papers{filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")}
	require.NoError(t, os.WriteFile(p.cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	require.NoError(t, os.WriteFile(p.key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	return p
}

func asIs(*x509.Certificate) {}

// behindTLS starts a front and returns the address of a reception through it.
func behindTLS(t *testing.T, reception *server.Reception, its papers, directives string) string {
	t.Helper()
	u, err := url.Parse(reception.URL)
	require.NoError(t, err)
	var port int
	_, err = fmt.Sscan(u.Port(), &port)
	require.NoError(t, err)
	front, err := server.StartTLSFront(t.Context(), t.TempDir(), port, its.cert, its.key, directives)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, front.Close()) })
	u.Scheme, u.Host = "rtmps", fmt.Sprintf("127.0.0.1:%d", front.Port)
	return u.String()
}

// TestRTMPS publishes through OpenSSL, in both versions, with a certificate of
// ours where it wants one.
func TestRTMPS(t *testing.T) {
	p, ok := ours(t)
	if !ok || !has(t, server.HasNginx()) || !has(t, server.HasTLSFront()) {
		return
	}
	its, mine := issue(t, asIs), issue(t, asIs)
	strict := "ssl_verify_client on; ssl_client_certificate " + mine.cert + ";"
	for _, c := range []struct {
		name, directives string
		flags            []string
	}{
		{"TLS 1.2", "ssl_protocols TLSv1.2;", nil},
		{"TLS 1.3", "ssl_protocols TLSv1.3;", []string{"--tls-min-version", "1.3"}},
		{"client certificate", strict, []string{"--tls-cert-file", mine.cert, "--tls-key-file", mine.key}},
		{"server name", "", []string{"--tls-server-name", "live.example.com"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			nginx := launched(t, kinds(t, "nginx")[0])
			ctx, clip := bounded(t), clips(t)["high-b3"]
			reception, err := nginx.Expect(ctx, "key")
			require.NoError(t, err)
			flags := append([]string{"--tls-ca-file", its.cert}, c.flags...)
			require.NoError(t, p.With(flags...).Publish(ctx, clip, behindTLS(t, reception, its, c.directives)))
			path, err := reception.Wait(ctx)
			require.NoError(t, err)
			sent, err := elementary.Read(ctx, clip)
			require.NoError(t, err)
			got, err := elementary.Read(ctx, path)
			require.NoError(t, err)
			require.Empty(t, elementary.Compare(sent, sent, got))
		})
	}
}

// TestRTMPSRefusals tells a person what is wrong with the certificates and
// versions of OpenSSL.
func TestRTMPSRefusals(t *testing.T) {
	p, ok := ours(t)
	if !ok || !has(t, server.HasNginx()) || !has(t, server.HasTLSFront()) {
		return
	}
	nginx := launched(t, kinds(t, "nginx")[0])
	reception, err := nginx.Expect(t.Context(), "secretkey")
	require.NoError(t, err)
	its, mine := issue(t, asIs), issue(t, asIs)
	expired := issue(t, func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter = time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour)
	})
	other := issue(t, func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = []string{"other.example.com"}, nil })
	strict := "ssl_verify_client on; ssl_client_certificate " + mine.cert + ";"
	for name, c := range map[string]struct {
		its        papers
		directives string
		flags      []string
		says       string
	}{
		"unknown authority":  {its, "", nil, "nobody whom this machine trusts has signed the server's certificate"},
		"expired":            {expired, "", []string{"--tls-ca-file", expired.cert}, "has expired on"},
		"wrong name":         {other, "", []string{"--tls-ca-file", other.cert}, "is for other.example.com, not for 127.0.0.1"},
		"too old":            {its, "ssl_protocols TLSv1.2;", []string{"--tls-ca-file", its.cert, "--tls-min-version", "1.3"}, "does not speak TLS 1.3 or a later version"},
		"client certificate": {its, strict, []string{"--tls-ca-file", its.cert}, "the server wants a client certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			refusedTLS(t, p.With(c.flags...), behindTLS(t, reception, c.its, c.directives), c.says)
		})
	}
	t.Run("none", func(t *testing.T) {
		u, err := url.Parse(reception.URL)
		require.NoError(t, err)
		u.Scheme = "rtmps"
		refusedTLS(t, p.With("--connect-timeout", "2000"), u.String(), "tls "+u.Host)
	})
}

func refusedTLS(t *testing.T, p *publisher.Publisher, to, says string) {
	t.Helper()
	code, said, err := p.Run(bounded(t), clips(t)["high-b3"], to)
	require.NoError(t, err)
	require.NotZero(t, code)
	require.Contains(t, said, says)
	require.NotContains(t, said, "secretkey")
}
