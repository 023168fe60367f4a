package publish_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// signed is a certificate with its key, in memory and in files.
type signed struct {
	pair              tls.Certificate
	pool              *x509.CertPool
	certFile, keyFile string
}

// newSigned makes a certificate for 127.0.0.1 and live.example.com that signs
// itself; it serves both ends of TLS.
func newSigned(t *testing.T) *signed {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		DNSNames: []string{"live.example.com"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	dir := t.TempDir()
	s := &signed{
		pair: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool: x509.NewCertPool(),
		certFile: filepath.Join(dir, "cert.pem"), keyFile: filepath.Join(dir, "key.pem"),
	}
	s.pool.AddCert(parsed)
	require.NoError(t, os.WriteFile(s.certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	require.NoError(t, os.WriteFile(s.keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	return s
}

// connectTLS connects to a server with these settings.
func connectTLS(t *testing.T, server *tls.Config, change func(*publish.Options), more ...publish.Option) error {
	t.Helper()
	s := rtmptest.NewServer(t, rtmptest.Script{TLS: server})
	o := publish.DefaultOptions()
	o.URL = s.URL("live+sesame")
	change(&o)
	p, err := publish.New(o, more...)
	require.NoError(t, err)
	err = p.Connect(t.Context())
	if err != nil {
		require.NotContains(t, err.Error(), "sesame")
		require.False(t, publish.Retryable(err), err.Error())
	}
	require.NoError(t, p.Shutdown(t.Context()))
	return err
}

func TestOptionTLSCAFile(t *testing.T) {
	us := newSigned(t)
	server := &tls.Config{Certificates: []tls.Certificate{us.pair}}
	require.NoError(t, connectTLS(t, server, func(o *publish.Options) { o.TLSCAFile = us.certFile }))
	require.ErrorContains(t, connectTLS(t, server, func(*publish.Options) {}), "tls-ca-file names an authority to trust")
	require.ErrorContains(t, connectTLS(t, server, func(o *publish.Options) { o.TLSCAFile = newSigned(t).certFile }), "tls-ca-file")
}

func TestOptionTLSVerify(t *testing.T) {
	server := &tls.Config{Certificates: []tls.Certificate{newSigned(t).pair}}
	require.NoError(t, connectTLS(t, server, func(o *publish.Options) { o.TLSVerify = false }))
	require.Error(t, connectTLS(t, server, func(*publish.Options) {}))
}

func TestOptionTLSServerName(t *testing.T) {
	us := newSigned(t)
	var asked string
	server := &tls.Config{GetCertificate: func(h *tls.ClientHelloInfo) (*tls.Certificate, error) { asked = h.ServerName; return &us.pair, nil }}
	trusting := func(name string) func(o *publish.Options) {
		return func(o *publish.Options) { o.TLSCAFile, o.TLSServerName = us.certFile, name }
	}
	require.NoError(t, connectTLS(t, server, trusting("live.example.com")))
	require.Equal(t, "live.example.com", asked)
	require.ErrorContains(t, connectTLS(t, server, trusting("other.example.com")), "not for other.example.com")
}

func TestOptionTLSMinVersion(t *testing.T) {
	us := newSigned(t)
	older := &tls.Config{Certificates: []tls.Certificate{us.pair}, MaxVersion: tls.VersionTLS12}
	require.NoError(t, connectTLS(t, older, func(o *publish.Options) { o.TLSCAFile = us.certFile }))
	err := connectTLS(t, older, func(o *publish.Options) { o.TLSCAFile, o.TLSMinVersion = us.certFile, "1.3" })
	require.ErrorContains(t, err, "does not speak TLS 1.3 or a later version (tls-min-version)")
}

func TestOptionTLSCertFileAndTLSKeyFile(t *testing.T) {
	us := newSigned(t)
	var presented int
	strict := &tls.Config{
		Certificates: []tls.Certificate{us.pair}, ClientAuth: tls.RequireAnyClientCert,
		VerifyPeerCertificate: func(certs [][]byte, _ [][]*x509.Certificate) error { presented = len(certs); return nil },
	}
	require.NoError(t, connectTLS(t, strict, func(o *publish.Options) {
		o.TLSCAFile, o.TLSCertFile, o.TLSKeyFile = us.certFile, us.certFile, us.keyFile
	}))
	require.Equal(t, 1, presented)
	err := connectTLS(t, strict, func(o *publish.Options) { o.TLSCAFile = us.certFile })
	require.ErrorContains(t, err, "the server wants a client certificate (tls-cert-file")
}

// TestTLSOptionsOverAConfig: what the program gave holds where no option says
// otherwise, and stays as it is.
func TestTLSOptionsOverAConfig(t *testing.T) {
	us := newSigned(t)
	server := &tls.Config{Certificates: []tls.Certificate{us.pair}, MaxVersion: tls.VersionTLS12}
	given := &tls.Config{RootCAs: us.pool}
	with := publish.WithTLSConfig(given)
	require.NoError(t, connectTLS(t, server, func(*publish.Options) {}, with))
	require.Error(t, connectTLS(t, server, func(o *publish.Options) { o.TLSMinVersion = "1.3" }, with))
	require.Error(t, connectTLS(t, server, func(o *publish.Options) { o.TLSServerName = "x.example.com" }, with))
	require.Error(t, connectTLS(t, server, func(o *publish.Options) { o.TLSCAFile = newSigned(t).certFile }, with))
	require.NoError(t, connectTLS(t, server, func(*publish.Options) {}, with))
	require.Empty(t, given.ServerName)
	require.Zero(t, given.MinVersion)
}

func TestTLSFilesThatAreWrong(t *testing.T) {
	us, them := newSigned(t), newSigned(t)
	missing := filepath.Join(t.TempDir(), "missing.pem")
	empty := filepath.Join(t.TempDir(), "empty.pem")
	require.NoError(t, os.WriteFile(empty, []byte("not PEM"), 0o600))
	for _, c := range []struct {
		ca, cert, key string
		option, says  string
	}{
		{missing, "", "", "tls-ca-file", "there is no such file"},
		{t.TempDir(), "", "", "tls-ca-file", "a folder, not a file"},
		{empty, "", "", "tls-ca-file", "has no certificate in PEM form"},
		{us.keyFile, "", "", "tls-ca-file", "has no certificate in PEM form"},
		{"", us.certFile, "", "tls-cert-file", "give tls-key-file too"},
		{"", "", us.keyFile, "tls-key-file", "give tls-cert-file too"},
		{"", missing, us.keyFile, "tls-cert-file", "there is no such file"},
		{"", us.certFile, missing, "tls-key-file", "there is no such file"},
		{"", us.keyFile, us.keyFile, "tls-cert-file", "has no certificate in PEM form"},
		{"", us.certFile, them.keyFile, "tls-key-file", "not the key of the certificate in " + us.certFile},
		{"", us.certFile, empty, "tls-key-file", "not a key in PEM form"},
	} {
		o := publish.DefaultOptions()
		o.URL = "rtmps://example.com/live+x"
		o.TLSCAFile, o.TLSCertFile, o.TLSKeyFile = c.ca, c.cert, c.key
		_, err := publish.New(o)
		var option *publish.OptionError
		require.ErrorAs(t, err, &option)
		require.Equal(t, c.option, option.Name)
		require.ErrorContains(t, err, c.says)
		require.Contains(t, []string{c.ca, c.cert, c.key}, option.Value, "the file is named")
	}
}
