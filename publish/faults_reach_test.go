package publish_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"os"
	"syscall"
	"time"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// fails is a dial that does.
func fails(err error) func(context.Context) (net.Conn, error) {
	return func(context.Context) (net.Conn, error) { return nil, err }
}

func system(call string, number syscall.Errno) error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError(call, number)}
}

// blackhole takes packets and answers none.
func blackhole(ctx context.Context) (net.Conn, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// slowNames is a lookup that nobody answers. That the engine's own ends likewise,
// package rtmp shows, which has a seam there.
func slowNames(ctx context.Context) (net.Conn, error) {
	<-ctx.Done()
	return nil, &net.DNSError{Err: ctx.Err().Error(), Name: "live.example.com", IsTimeout: true}
}

func reachFaults() []fault {
	return []fault{
		{what: "nothing listens", error: "lost", words: "connection refused (does a server listen on this port?)",
			harms: []harm{{name: "", dial: fails(system("connect", syscall.ECONNREFUSED))}}},
		{what: "no way there", error: "lost", words: "no route to host",
			harms: []harm{{name: "", dial: fails(system("connect", syscall.EHOSTUNREACH))}}},
		{what: "the address swallows every packet", error: "time", words: "not connected within 10s (connect timeout)", within: 10 * time.Second,
			harms: []harm{{name: "", dial: blackhole}}},
		{what: "no such name", error: "name", words: "(is the host name right, and the network up?)",
			harms: []harm{{name: "", dial: fails(&net.DNSError{Err: "no such host", Name: "live.example.com", IsNotFound: true})}}},
		{what: "the name server does not answer (`connect-timeout` 3 s)", error: "time", words: "not connected within 3s (connect timeout)", within: 3 * time.Second,
			change: func(o *publish.Options) { o.ConnectTimeout = 3 * time.Second }, harms: []harm{{name: "", dial: slowNames}}},
		{what: "TLS: the certificate is another's", error: "tls", words: "tls-server-name", final: true, within: time.Second,
			trust: wrongName, harms: []harm{secured(wrongName)}},
		{what: "TLS: the certificate has expired", error: "tls", words: "expired", final: true, within: time.Second,
			trust: expired, harms: []harm{secured(expired)}},
		{what: "TLS: nobody trustworthy has signed the certificate", error: "tls", words: "tls-ca-file", final: true, within: time.Second,
			trust: wrongName, harms: []harm{secured(stranger)}},
		{what: "TLS: the port speaks plain RTMP", error: "time", words: "is this port plain RTMP (rtmp://)?", within: 10 * time.Second,
			harms: []harm{{name: "", script: rtmptest.Script{}, good: rtmptest.Script{TLS: stranger.server()}}}, change: careless},
		{what: "TLS: the server falls silent in the handshake", error: "time", words: "not connected within 10s (connect timeout)", within: 10 * time.Second,
			harms: []harm{{name: "", script: onStep("accept", hang), good: rtmptest.Script{TLS: stranger.server()}}}, change: careless},
	}
}

// identity is a certificate that signs itself.
type identity struct {
	pair tls.Certificate
	pool *x509.CertPool
}

// The identities are good in a bubble's time, which begins in 2000, and now.
var (
	wrongName = newIdentity("other.example.com", time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))
	expired   = newIdentity("", time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC))
	stranger  = newIdentity("", time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))
)

// newIdentity is for a name, or for 127.0.0.1.
func newIdentity(name string, until time.Time) *identity {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: until,
		IsCA: true, BasicConstraintsValid: true, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	if name != "" {
		template.IPAddresses, template.DNSNames = nil, []string{name}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	i := &identity{pair: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool: x509.NewCertPool()}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	i.pool.AddCert(parsed)
	return i
}

func (i *identity) server() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{i.pair}, MinVersion: tls.VersionTLS12}
}

// secured is a server of that identity.
func secured(i *identity) harm {
	script := rtmptest.Script{TLS: i.server()}
	return harm{name: "", script: script, good: script}
}

func careless(o *publish.Options) { o.TLSVerify = false }
