package rtmp

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// authority signs certificates for a test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T, name string) *authority {
	t.Helper()
	a := &authority{cert: &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}}
	made := a.sign(t, a.cert)
	a.key = made.PrivateKey.(*ecdsa.PrivateKey)
	a.cert = made.Leaf
	return a
}

// sign makes a key and a certificate for it; the authority's first one is its
// own.
func (a *authority) sign(t *testing.T, template *x509.Certificate) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	signer := a.key
	if signer == nil {
		signer = key
	}
	if template.SerialNumber == nil {
		template.SerialNumber = big.NewInt(2)
	}
	if template.NotAfter.IsZero() {
		template.NotAfter = time.Now().Add(time.Hour)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), signer)
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// here is what a server of the tests is called.
func here() *x509.Certificate {
	return &x509.Certificate{DNSNames: []string{"rtmps.example.com"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
}

// TestTLSFailures has each way in which certificates and versions are wrong, and
// what the user is told.
func TestTLSFailures(t *testing.T) {
	us, them := newAuthority(t, "Our Authority"), newAuthority(t, "Their Authority")
	expired, early, other, nameless := here(), here(), here(), here()
	expired.NotBefore, expired.NotAfter = time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC), time.Date(2021, 1, 2, 3, 4, 5, 0, time.UTC)
	early.NotBefore, early.NotAfter = time.Date(2090, 1, 2, 3, 4, 5, 0, time.UTC), time.Date(2091, 1, 2, 3, 4, 5, 0, time.UTC)
	other.IPAddresses, other.DNSNames = []net.IP{net.IPv4(192, 0, 2, 1)}, []string{"a.example.com", "b.example.com"}
	nameless.IPAddresses, nameless.DNSNames = nil, nil
	nameless.Subject.CommonName = "127.0.0.1"
	client := us.sign(t, &x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	good := us.sign(t, here())
	self, _ := certificate(t)
	withRoot := them.sign(t, here())
	withRoot.Certificate = append(withRoot.Certificate, them.cert.Raw)
	trust := &tls.Config{RootCAs: us.pool()}
	wantsClient := func(highest uint16) *tls.Config {
		return &tls.Config{Certificates: []tls.Certificate{good}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: them.pool(), MaxVersion: highest}
	}
	presents := func(cert tls.Certificate) *tls.Config {
		return &tls.Config{RootCAs: us.pool(), GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &cert, nil }}
	}
	only := func(certs ...tls.Certificate) *tls.Config { return &tls.Config{Certificates: certs} }
	for name, c := range map[string]struct {
		server, client *tls.Config
		says           []string
	}{
		"expired":       {only(us.sign(t, expired)), trust, []string{"has expired on 2021-01-02 03:04:05", "valid from 2020-01-02", "clock"}},
		"not yet valid": {only(us.sign(t, early)), trust, []string{"not valid before 2090-01-02 03:04:05", "until 2091-01-02", "clock"}},
		"wrong name":    {only(us.sign(t, other)), trust, []string{"is for a.example.com, b.example.com, 192.0.2.1, not for 127.0.0.1", "tls-server-name"}},
		"no name":       {only(us.sign(t, nameless)), trust, []string{"is for no name at all, not for 127.0.0.1"}},
		"unknown authority": {only(them.sign(t, here())), trust, []string{
			"nobody whom this machine trusts has signed the server's certificate", `whose issuer is "CN=Their Authority"`, "tls-ca-file"}},
		"unknown authority that is shown": {only(withRoot), trust, []string{`whose issuer is "CN=Their Authority"`}},
		"signed by itself":                {only(self), trust, []string{"which it has signed itself", "tls-ca-file"}},
		"no roots given":                  {only(good), nil, []string{"nobody whom this machine trusts", "tls-ca-file"}},
		"wants ours, TLS 1.3":             {wantsClient(0), trust, []string{"the server wants a client certificate (tls-cert-file"}},
		"wants ours, TLS 1.2":             {wantsClient(tls.VersionTLS12), trust, []string{"client certificate (tls-cert-file"}},
		"wants another one, TLS 1.2":      {wantsClient(tls.VersionTLS12), presents(client), []string{"refused our client certificate: ", "tls-cert-file"}},
		"only older than 1.2":             {&tls.Config{Certificates: []tls.Certificate{good}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, trust, []string{"does not speak TLS 1.2 or a later version", "tls-min-version"}},
		"only older than what we ask":     {&tls.Config{Certificates: []tls.Certificate{good}, MaxVersion: tls.VersionTLS12}, &tls.Config{RootCAs: us.pool(), MinVersion: tls.VersionTLS13}, []string{"does not speak TLS 1.3 or a later version", "tls-min-version"}},
		"no certificate":                  {&tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, nil }}, trust, []string{"does not know the name that it was asked for"}},
		"no cipher in common":             {&tls.Config{Certificates: []tls.Certificate{good}, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_GCM_SHA256}}, trust, []string{"no certificate to show, or no cipher in common"}},
	} {
		t.Run(name, func(t *testing.T) {
			var steps []Step
			server := rtmptest.NewServer(t, rtmptest.Script{TLS: c.server})
			err := refused(t, server, Config{TLS: c.client, OnStep: func(s Step) { steps = append(steps, s) }})
			require.Equal(t, "tls", err.Op, err.Error())
			for _, words := range c.says {
				require.ErrorContains(t, err, words)
			}
			require.False(t, Retryable(err), err.Error())
			require.NotContains(t, err.Error(), "x509:", "not in a person's words")
		})
	}
}

// TestTLSHostileCertificate: what a certificate says that nobody vouches for is
// shown without what a terminal obeys, and not at any length.
func TestTLSHostileCertificate(t *testing.T) {
	us, them := newAuthority(t, "Our Authority"), newAuthority(t, strings.Repeat("Their\n\x1b[31m", 3000))
	for says, cert := range map[string]tls.Certificate{
		"for a [31m INFO all is well, xxx": us.sign(t, &x509.Certificate{DNSNames: []string{"a\x1b[31m\nINFO all is well", strings.Repeat("x", 9000)}}),
		"issuer is \"CN=Their":             them.sign(t, here()),
	} {
		server := rtmptest.NewServer(t, rtmptest.Script{TLS: &tls.Config{Certificates: []tls.Certificate{cert}}})
		err := refused(t, server, Config{TLS: &tls.Config{RootCAs: us.pool()}})
		require.ErrorContains(t, err, says)
		require.Less(t, len(err.Error()), 1000)
		require.NotContains(t, err.Error(), "\x1b")
		require.NotContains(t, err.Error(), "\n")
	}
}

// TestTLSRefusesOurCertificate in TLS 1.3, after the handshake.
func TestTLSRefusesOurCertificate(t *testing.T) {
	us, them := newAuthority(t, "Our Authority"), newAuthority(t, "Their Authority")
	client := us.sign(t, &x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	strict := &tls.Config{Certificates: []tls.Certificate{us.sign(t, here())}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: them.pool()}
	server := newProxyServer(t, func(_ *proxyServer, conn net.Conn) net.Conn {
		_ = tls.Server(conn, strict).HandshakeContext(t.Context())
		return tell(conn, "")
	})
	u, err := ParseURL("rtmps://"+server.addr+"/live+"+sesame, "+")
	require.NoError(t, err)
	for given, says := range map[*tls.Config]string{
		{Certificates: []tls.Certificate{client}}: "the server wants a client certificate by an authority that has not signed ours (tls-cert-file",
		{GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &client, nil }}: "the server refused our client certificate: ",
	} {
		given.RootCAs = us.pool()
		_, err = Dial(t.Context(), u, Config{TLS: given})
		require.ErrorContains(t, err, "tls "+server.addr+": "+says)
		require.False(t, Retryable(err))
	}
}

// TestTLSPeerWithoutTLS: a plain server, one that closes, one that says nothing.
func TestTLSPeerWithoutTLS(t *testing.T) {
	for name, c := range map[string]struct {
		serve rtmptest.Handler
		says  string
		retry bool
	}{
		"talks":  {func(s *rtmptest.Session, _ rtmptest.Message) { s.SendBytes([]byte("HTTP/1.1 400\r\n\r\n")) }, "does not speak TLS on this port; does the URL begin with rtmp:// rather than rtmps://?", false},
		"closes": {rtmptest.Hangup(), "is this a port on which it speaks TLS (rtmps)", true},
		"silent": {func(s *rtmptest.Session, _ rtmptest.Message) { <-s.Ended() }, "not connected within 100ms", true},
	} {
		server := rtmptest.NewServer(t, on("accept", c.serve))
		u := testURL(t, server)
		u.Scheme = "rtmps"
		_, err := Dial(t.Context(), u, Config{ConnectTimeout: 100 * time.Millisecond})
		require.ErrorContains(t, err, "tls "+server.Addr, name)
		require.ErrorContains(t, err, c.says, name)
		require.Equal(t, c.retry, Retryable(err), name)
	}
}

// TestTLSStep tells what was agreed on, and presents a certificate of ours.
func TestTLSStep(t *testing.T) {
	us := newAuthority(t, "Our Authority")
	var state *tls.ConnectionState
	server := rtmptest.NewServer(t, rtmptest.Script{TLS: &tls.Config{
		Certificates: []tls.Certificate{us.sign(t, here())}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: us.pool(),
	}})
	given := &tls.Config{
		RootCAs: us.pool(), MinVersion: tls.VersionTLS13, ClientSessionCache: tls.NewLRUClientSessionCache(1),
		Certificates: []tls.Certificate{us.sign(t, &x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})},
	}
	for _, resumed := range []bool{false, true} {
		c, err := Dial(t.Context(), testURL(t, server), Config{TLS: given, OnStep: func(s Step) {
			if s.Op == "tls" {
				state = s.TLS
			}
		}})
		require.NoError(t, err)
		require.NoError(t, c.Close(t.Context()))
		require.NotNil(t, state)
		require.Equal(t, uint16(tls.VersionTLS13), state.Version)
		require.Equal(t, resumed, state.DidResume, "the caller's cache of sessions is used")
		require.Equal(t, []string{"rtmps.example.com"}, state.PeerCertificates[0].DNSNames)
	}
	require.Empty(t, given.ServerName, "the caller's configuration stays as it is")
}

func TestTLSServerName(t *testing.T) {
	for host, want := range map[string]string{"example.com": "example.com", "fe80::1%eth0": "fe80::1"} {
		require.Equal(t, want, tlsFor(host, nil).ServerName)
		require.Equal(t, "other", tlsFor(host, &tls.Config{ServerName: "other"}).ServerName)
	}
	loose := &tls.Config{ServerName: "server", InsecureSkipVerify: true, MinVersion: tls.VersionTLS13}
	proxy := tlsForProxy("proxy", loose)
	require.Equal(t, "proxy", proxy.ServerName)
	require.False(t, proxy.InsecureSkipVerify, "the proxy gets a password")
	require.Equal(t, uint16(tls.VersionTLS13), proxy.MinVersion)
}
