package check

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

	"rtmpwriter/rtmp"
	"rtmpwriter/rtmp/rtmptest"
)

// authority signs certificates for a test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T, name string) *authority {
	t.Helper()
	a := &authority{cert: &x509.Certificate{Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true}}
	made := a.sign(t, a.cert, time.Hour)
	a.cert, a.key = made.Leaf, made.PrivateKey.(*ecdsa.PrivateKey)
	return a
}

// sign makes a certificate that began an hour ago and lasts so long from now;
// the authority's first one is its own.
func (a *authority) sign(t *testing.T, template *x509.Certificate, lasts time.Duration) tls.Certificate {
	t.Helper()
	return a.begin(t, template, -time.Hour, lasts)
}

// begin makes a certificate that begins and ends so long from now.
func (a *authority) begin(t *testing.T, template *x509.Certificate, begins, lasts time.Duration) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	signer := a.key
	if signer == nil {
		signer = key
	}
	template.SerialNumber = big.NewInt(1)
	template.NotBefore, template.NotAfter = time.Now().Add(begins), time.Now().Add(lasts)
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), signer)
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der, a.cert.Raw}, PrivateKey: key, Leaf: leaf}
}

// The chain, its names and its dates are told, whether the server is trusted or
// not; what is wrong with it has its words and its advice.
func TestCertificates(t *testing.T) {
	us, them := newAuthority(t, "Our Authority"), newAuthority(t, "Their Authority")
	roots := x509.NewCertPool()
	roots.AddCert(us.cert)
	here := func() *x509.Certificate {
		return &x509.Certificate{Subject: pkix.Name{CommonName: "server"}, DNSNames: []string{"rtmps.example.com"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	}
	const year = 365 * 24 * time.Hour
	for name, c := range map[string]struct {
		cert   tls.Certificate
		config *tls.Config
		result Result
		says   string // the advice of a warning, the error of a failure
		advice string // of a failure
	}{
		"good":              {us.sign(t, here(), year), &tls.Config{RootCAs: roots}, OK, "", ""},
		"another name":      {us.sign(t, here(), year), &tls.Config{RootCAs: roots, ServerName: "rtmps.example.com"}, OK, "", ""},
		"ends soon":         {us.sign(t, here(), 73*time.Hour), &tls.Config{RootCAs: roots}, Warning, "ends in 3 days", ""},
		"not verified":      {them.sign(t, here(), year), &tls.Config{InsecureSkipVerify: true}, Warning, "not verified", ""},
		"expired":           {us.sign(t, here(), -time.Minute), &tls.Config{RootCAs: roots}, Failed, "has expired on ", "must renew"},
		"wrong name":        {us.sign(t, here(), year), &tls.Config{RootCAs: roots, ServerName: "www.example.com"}, Failed, "is for rtmps.example.com, 127.0.0.1, not for www.example.com", "tls-server-name"},
		"unknown authority": {them.sign(t, here(), year), &tls.Config{RootCAs: roots}, Failed, `whose issuer is "CN=Their Authority"`, "tls-ca-file"},
		"not yet valid":     {us.begin(t, here(), time.Hour, year), &tls.Config{RootCAs: roots}, Failed, "is not valid before ", "clock of this machine; if"},
	} {
		t.Run(name, func(t *testing.T) {
			server := rtmptest.NewServer(t, rtmptest.Script{TLS: &tls.Config{Certificates: []tls.Certificate{c.cert}}})
			r := Run(t.Context(), urlOf(t, server), rtmp.Config{TLS: c.config}, Options{})
			f := find(t, r, stepTLS)
			require.Equal(t, c.result, f.Result)
			require.Equal(t, c.result != Failed, r.OK)
			if c.result == Failed {
				require.Equal(t, f, r.Steps[len(r.Steps)-1])
				require.Contains(t, f.Error, c.says)
				require.Contains(t, f.Advice, c.advice)
			} else {
				require.Contains(t, f.Advice, c.says)
				require.Contains(t, f.Detail, "TLS 1.3, certificate for rtmps.example.com 127.0.0.1 until "+c.cert.Leaf.NotAfter.Format(time.DateOnly))
				require.Contains(t, f.Detail, "Authority")
			}
			require.NotNil(t, r.TLS, "what was refused is shown too")
			require.Equal(t, c.result != Failed && !c.config.InsecureSkipVerify, r.TLS.Verified)
			require.Len(t, r.TLS.Chain, 2)
			require.Equal(t, "CN=server", r.TLS.Chain[0].Subject)
			require.Equal(t, r.TLS.Chain[1].Subject, r.TLS.Chain[0].Issuer)
			require.Equal(t, []string{"rtmps.example.com", "127.0.0.1"}, r.TLS.Chain[0].Names)
			require.Equal(t, c.cert.Leaf.NotAfter, r.TLS.Chain[0].NotAfter)
			require.Contains(t, shown(t, r), `"not_after":"`)
		})
	}
}

// A server that demands a certificate of ours is a failure of TLS and of nothing
// else, also where it says so after the handshake, as in TLS 1.3.
func TestClientCertificate(t *testing.T) {
	us, them := newAuthority(t, "Our Authority"), newAuthority(t, "Their Authority")
	roots, theirs := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(us.cert)
	theirs.AddCert(them.cert)
	here := us.sign(t, &x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}, 365*24*time.Hour)
	ours := them.sign(t, &x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}, time.Hour)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		server := rtmptest.NewServer(t, rtmptest.Script{TLS: &tls.Config{
			Certificates: []tls.Certificate{here}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: theirs, MaxVersion: version,
		}})
		r := Run(t.Context(), urlOf(t, server), rtmp.Config{TLS: &tls.Config{RootCAs: roots}}, Options{})
		f := find(t, r, stepTLS)
		require.Equal(t, f, r.Steps[len(r.Steps)-1])
		require.Equal(t, Failed, f.Result, tls.VersionName(version))
		require.Contains(t, f.Error, "the server wants a client certificate")
		require.Contains(t, f.Advice, "tls-cert-file and tls-key-file")
		require.Equal(t, 1, strings.Count(shown(t, r), `"failed"`))

		r = Run(t.Context(), urlOf(t, server), rtmp.Config{TLS: &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{ours}}}, Options{})
		require.NoError(t, r.Err)
		require.Equal(t, OK, find(t, r, stepTLS).Result)
	}
}

// A server without TLS is named as such, and a TLS server met in plain RTMP too.
func TestWrongScheme(t *testing.T) {
	plain := rtmptest.NewServer(t, rtmptest.Script{})
	u := urlOf(t, plain)
	u.Scheme = "rtmps"
	r := Run(t.Context(), u, rtmp.Config{ConnectTimeout: 200 * time.Millisecond}, Options{})
	require.Equal(t, Failed, find(t, r, stepTLS).Result)
	require.Contains(t, find(t, r, stepTLS).Advice, "plain RTMP (rtmp://)", "it waits for the rest of a handshake")
	require.Nil(t, r.TLS)

	cert := newAuthority(t, "Our Authority")
	secure := rtmptest.NewServer(t, rtmptest.Script{TLS: &tls.Config{Certificates: []tls.Certificate{cert.sign(t, &x509.Certificate{}, time.Hour)}}})
	u = urlOf(t, secure)
	u.Scheme = "rtmp"
	f := find(t, Run(t.Context(), u, rtmp.Config{}, Options{}), "handshake")
	require.Equal(t, Failed, f.Result)
	require.Contains(t, f.Advice, "rtmps://")
}
