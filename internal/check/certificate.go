package check

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"strings"
	"time"
)

// soon is how near the end of a certificate is worth a warning: most
// authorities renew a month before.
const soon = 14 * 24 * time.Hour

// certificates describes the chain that the server showed.
func (r *Report) certificates(s *tls.ConnectionState, verified bool) {
	t := &TLSReport{Version: tls.VersionName(s.Version), CipherSuite: tls.CipherSuiteName(s.CipherSuite), Verified: verified}
	for _, c := range s.PeerCertificates {
		t.Chain = append(t.Chain, Certificate{c.Subject.String(), c.Issuer.String(), names(c), c.NotBefore, c.NotAfter})
	}
	r.TLS = t
}

func names(c *x509.Certificate) []string {
	all := append([]string{}, c.DNSNames...)
	for _, ip := range c.IPAddresses {
		all = append(all, ip.String())
	}
	return all
}

// secure is the finding of a TLS handshake that went well.
func (r *Report) secure(s *tls.ConnectionState, took time.Duration, verified bool) Finding {
	r.certificates(s, verified)
	f := Finding{Step: stepTLS, Result: OK, Took: took}
	f.Detail = r.TLS.Version
	if len(r.TLS.Chain) == 0 {
		return f
	}
	leaf := r.TLS.Chain[0]
	f.Detail += fmt.Sprintf(", certificate for %s until %s, by %s",
		clean(strings.Join(leaf.Names, " ")), leaf.NotAfter.Format(time.DateOnly), clean(leaf.Issuer))
	left := time.Until(leaf.NotAfter)
	switch {
	case !verified:
		f.Result, f.Advice = Warning, "the certificate was not verified (tls-verify is off): anybody may read the stream key"
	case left < soon:
		f.Result, f.Advice = Warning, fmt.Sprintf("the certificate ends in %d days: it must be renewed", int(left.Hours()/24))
	}
	return f
}

// showChain takes a second look at a server whose certificate was refused, and
// notes the chain without trusting it. Nothing is sent but the TLS handshake.
func (c *checker) showChain(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.ConnectTimeout)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", c.url.Addr())
	if err != nil {
		return
	}
	defer conn.Close()
	config := &tls.Config{
		ServerName:         c.url.Host,
		InsecureSkipVerify: true, //nolint:gosec // to look at what was refused; nothing is sent behind the handshake
	}
	if c.cfg.TLS != nil && c.cfg.TLS.ServerName != "" {
		config.ServerName = c.cfg.TLS.ServerName
	}
	secure := tls.Client(conn, config)
	if secure.HandshakeContext(ctx) != nil {
		return
	}
	state := secure.ConnectionState()
	c.report.certificates(&state, false)
}
