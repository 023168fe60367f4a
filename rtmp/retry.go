package rtmp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"

	"rtmpwriter/rtmp/internal/network"
)

// Retryable reports whether the same attempt may succeed later. It errs on the
// side of trying: a publisher that runs for days must outlive a server's
// restart.
func Retryable(err error) bool {
	if err == nil {
		return false
	}
	if tried := (*waysError)(nil); errors.As(err, &tried) { // one way that opens is enough
		return slices.ContainsFunc(tried.errs, Retryable)
	}
	var (
		badURL   *URLError
		refused  *AuthError
		status   *StatusError
		protocol *ProtocolError
		proxy    *network.ProxyError
	)
	switch {
	case errors.As(err, &badURL): // the same text stays wrong
		return false
	case errors.As(err, &refused): // and so do credentials; to repeat them may lock the account
		return false
	case errors.As(err, &status): // the server said why
		return retryableStatus(status)
	case errors.As(err, &protocol): // not an RTMP server, unless it has been one until now
		return whilePublishing(err)
	case errors.Is(err, net.ErrClosed), errors.Is(err, context.Canceled): // our own will
		return false
	case errors.As(err, &proxy): // its rules and our credentials stay; the server behind it may come
		return proxy.Kind == network.ProxyUnreachable
	case errors.Is(err, errUnconfirmed): // who swallowed the end may be gone
		return true
	case badTLS(err): // certificates and versions change by hand only
		return false
	default:
		return networkTrouble(err)
	}
}

// whilePublishing tells an error of a session that had come about: its server has
// shown that it speaks RTMP, and what came between may be another's.
func whilePublishing(err error) bool {
	var op *OpError
	return errors.As(err, &op) && (op.Op == opRead || op.Op == opWrite)
}

// retryableStatus looks at the server's code, and at its words where the code
// covers too much.
func retryableStatus(e *StatusError) bool {
	code, words := strings.ToLower(e.Code), strings.ToLower(e.Description)
	for _, no := range authenticationWords {
		if strings.Contains(words, no) {
			return false
		}
	}
	if try, known := statusRetry[code]; known {
		return try
	}
	// Unknown codes: a refusal before publishing began will be repeated, an
	// end while publishing may be the server's maintenance.
	return e.Op == opPublish
}

// authenticationWords mark a refusal of credentials, which come in several
// codes (Adobe and Limelight authentication, Wowza's wrapper around it). To
// repeat it in a loop may lock the account.
var authenticationWords = []string{"authfail", "nosuchuser", "need auth", "needauth", "authmod=", "accessmanager.reject"}

// statusRetry has the codes, in lower case, whose meaning is known.
var statusRetry = map[string]bool{
	"netstream.publish.badname":         true,  // usually our own old session, which the server has yet to miss
	"netstream.publish.denied":          false, // the key or the publisher is not allowed
	"netstream.publish.rejected":        false, // likewise
	"netstream.publish.unauthorized":    false, // likewise
	"netstream.record.noaccess":         false, // the server may not write the recording
	"netstream.failed":                  true,  // trouble inside the server
	"netstream.unpublish.success":       true,  // ended by an operator or a restart
	"netconnection.connect.rejected":    false, // application or credentials refused
	"netconnection.connect.invalidapp":  false, // no such application
	"netconnection.connect.failed":      true,  // trouble inside the server
	"netconnection.connect.closed":      true,  // ended by an operator or a restart
	"netconnection.connect.appshutdown": true,  // the application is being restarted
	"netconnection.connect.idletimeout": true,  // the network was away for too long
	"netconnection.call.failed":         true,  // trouble inside the server
}

// badTLS finds certificates that don't fit and peers that speak no TLS.
func badTLS(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		authority    x509.UnknownAuthorityError
		hostname     x509.HostnameError
		invalid      x509.CertificateInvalidError
		record       tls.RecordHeaderError
		alert        tls.AlertError
	)
	return errors.As(err, new(*TLSError)) || errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &hostname) ||
		errors.As(err, &invalid) || errors.As(err, &record) || errors.As(err, &alert)
}

// networkTrouble finds what another attempt may not meet: timeouts, closed and
// reset connections, names that can't be resolved (a resolver without network
// says "not found" too), and every error of the socket, and
// our own faults.
func networkTrouble(err error) bool {
	var (
		network net.Error
		number  syscall.Errno
	)
	return errors.As(err, &network) || errors.As(err, &number) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, errFault)
}
