package rtmp

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// TLSError says in words what the TLS handshake failed for, and what to do.
// Trying again does not help: certificates and versions change by hand only.
type TLSError struct {
	// Reason is the sentence.
	Reason string
	// ClientCertificate tells that the other side wants a certificate of ours,
	// or another than it got.
	ClientCertificate bool
	// Err is the cause, of crypto/tls or crypto/x509.
	Err error
}

// Error returns the reason.
func (e *TLSError) Error() string { return e.Reason }

// Unwrap returns the cause.
func (e *TLSError) Unwrap() error { return e.Err }

// silentTLSError is a handshake that the time ran out for. A port for plain RTMP
// is silent, since it waits for the rest of what it takes for RTMP's handshake.
type silentTLSError struct {
	err error // the bound
}

func (e *silentTLSError) Error() string {
	return e.err.Error() + ": nothing answers in TLS; is this port plain RTMP (rtmp://)?"
}

func (e *silentTLSError) Unwrap() error { return e.err }

// tlsPeer is the other side of TLS, as far as its complaints are to be
// understood.
type tlsPeer struct {
	who       string // "server" or "proxy"
	lowest    uint16 // the lowest version that we speak
	given     bool   // we have a certificate
	asked     bool   // it asked for one
	presented bool   // we presented one
}

// watch makes config tell whether the other side asks for a certificate. It
// presents what crypto/tls would.
func (p *tlsPeer) watch(config *tls.Config) {
	choose, certificates := config.GetClientCertificate, config.Certificates
	p.given = len(certificates) > 0 || choose != nil
	config.GetClientCertificate = func(request *tls.CertificateRequestInfo) (cert *tls.Certificate, err error) {
		if choose != nil {
			cert, err = choose(request)
		} else {
			cert = fitting(certificates, request)
		}
		p.asked, p.presented = true, cert != nil && len(cert.Certificate) > 0
		return cert, err
	}
}

// fitting is the first certificate that the other side takes, or an empty one.
func fitting(certificates []tls.Certificate, request *tls.CertificateRequestInfo) *tls.Certificate {
	for i := range certificates {
		if request.SupportsCertificate(&certificates[i]) == nil {
			return &certificates[i]
		}
	}
	return new(tls.Certificate)
}

// failure puts an error of TLS into words; one that it has none for it returns.
func (p *tlsPeer) failure(err error) error {
	if reason := certificateReason(err, p.who); reason != "" {
		return &TLSError{Reason: reason, Err: err}
	}
	if reason := p.clientReason(tlsAlert(err)); reason != "" {
		return &TLSError{reason, true, err}
	}
	if reason := p.handshakeReason(err); reason != "" {
		return &TLSError{Reason: reason, Err: err}
	}
	return err
}

// clientReason tells that the alert is about our certificate, or its lack.
func (p *tlsPeer) clientReason(alert string) string {
	switch {
	case !strings.Contains(alert, "certificate") && alert != "handshake failure":
		return ""
	case p.presented:
		return fmt.Sprintf("the %s refused our client certificate: %s (tls-cert-file)", p.who, alert)
	case p.asked:
		return p.lacking()
	}
	return ""
}

// lacking is said when there was no certificate for who asked for one.
func (p *tlsPeer) lacking() string {
	if p.given {
		return fmt.Sprintf("the %s wants a client certificate by an authority that has not signed ours (tls-cert-file, tls-key-file)", p.who)
	}
	return fmt.Sprintf("the %s wants a client certificate (tls-cert-file, tls-key-file)", p.who)
}

// certificateReason tells what is wrong with the other side's certificate.
func certificateReason(err error, who string) string {
	var (
		invalid   x509.CertificateInvalidError
		hostname  x509.HostnameError
		authority x509.UnknownAuthorityError
		other     *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && invalid.Cert != nil:
		return validityReason(invalid.Cert, who)
	case errors.As(err, &hostname) && hostname.Certificate != nil:
		return fmt.Sprintf("the %s's certificate is for %s, not for %s (tls-server-name asks for another name)",
			who, certificateNames(hostname.Certificate), hostname.Host)
	case errors.As(err, &authority):
		return fmt.Sprintf("nobody whom this machine trusts has signed the %s's certificate%s (tls-ca-file names an authority to trust)",
			who, issuer(shownCertificate(err, authority.Cert)))
	case errors.As(err, &other):
		return fmt.Sprintf("the %s's certificate is not valid: %s", who, foreignText(other.Err.Error()))
	}
	return ""
}

// validityReason tells the dates; either side's clock may be wrong as well.
func validityReason(cert *x509.Certificate, who string) string {
	const day = time.DateOnly
	if from := cert.NotBefore; time.Now().Before(from) {
		return fmt.Sprintf("the %s's certificate is not valid before %s (until %s); is the clock of this machine right?",
			who, from.UTC().Format(time.DateTime), cert.NotAfter.UTC().Format(day))
	}
	return fmt.Sprintf("the %s's certificate has expired on %s (it was valid from %s); is the clock of this machine right?",
		who, cert.NotAfter.UTC().Format(time.DateTime), cert.NotBefore.UTC().Format(day))
}

// maxNames is how many names of a certificate are told; some have hundreds.
const maxNames = 8

func certificateNames(cert *x509.Certificate) string {
	var names []string
	for _, name := range cert.DNSNames {
		names = append(names, foreignText(name))
	}
	for _, ip := range cert.IPAddresses {
		names = append(names, ip.String())
	}
	switch {
	case len(names) == 0:
		return "no name at all"
	case len(names) > maxNames:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:maxNames], ", "), len(names)-maxNames)
	}
	return strings.Join(names, ", ")
}

// shownCertificate is the other side's own certificate: what the verification
// ended at, which is instead where that is not known, may be its authority's.
func shownCertificate(err error, instead *x509.Certificate) *x509.Certificate {
	var failed *tls.CertificateVerificationError
	if errors.As(err, &failed) && len(failed.UnverifiedCertificates) > 0 {
		return failed.UnverifiedCertificates[0]
	}
	return instead
}

func issuer(cert *x509.Certificate) string {
	switch {
	case cert == nil:
		return ""
	case cert.CheckSignatureFrom(cert) == nil:
		return ", which it has signed itself"
	}
	return fmt.Sprintf(", whose issuer is %q", foreignText(cert.Issuer.String()))
}

// foreignText is a piece of a certificate that nobody vouches for: it may be
// long, and have in it what a terminal obeys. No real name is longer than a
// host's.
func foreignText(s string) string { return redactor{}.words(s[:min(len(s), maxHost)]) }

// handshakeReason tells what else the two sides could not agree on.
func (p *tlsPeer) handshakeReason(err error) string {
	var record tls.RecordHeaderError
	alert := tlsAlert(err)
	switch {
	case errors.As(err, &record) && p.who == "proxy":
		return "the proxy does not speak TLS on this port; does its URL begin with http:// rather than https://?"
	case errors.As(err, &record):
		return "the server does not speak TLS on this port; does the URL begin with rtmp:// rather than rtmps://?"
	case alert == "protocol version not supported", strings.Contains(err.Error(), "tls: server selected unsupported protocol version"):
		return fmt.Sprintf("the %s does not speak %s or a later version (tls-min-version)", p.who, tls.VersionName(max(p.lowest, tls.VersionTLS12)))
	case alert == "":
		return ""
	case alert == "unrecognized name":
		return fmt.Sprintf("the %s does not know the name that it was asked for (tls-server-name)", p.who)
	case alert == "handshake failure":
		return fmt.Sprintf("the %s ended the TLS handshake: it has no certificate to show, or no cipher in common with us", p.who)
	default:
		return fmt.Sprintf("the %s ended the TLS handshake: %s", p.who, alert)
	}
}

// tlsAlert is what the other side says of its reason to end TLS, for example
// "certificate required"; empty when err is something else, or trouble that may
// pass. The package crypto/tls does not show the type.
func tlsAlert(err error) string {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" {
		return ""
	}
	alert, _ := strings.CutPrefix(op.Err.Error(), "tls: ")
	if alert == "internal error" || alert == "user canceled" {
		return ""
	}
	return alert
}
