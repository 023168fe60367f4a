package check

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"strings"
	"time"

	"rtmpwriter/rtmp"
)

// advice says what the user can do about a step that failed.
func advice(step string, err error) string {
	var (
		status *rtmp.StatusError
		dns    *net.DNSError
		record tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &status):
		return adviceOnRefusal(step, status)
	case errors.As(err, &dns) && step != stepProxy:
		return "look at the spelling of the host name; try another network or name server"
	case step != stepProxy && adviceOnTLS(err) != "":
		return adviceOnTLS(err)
	case errors.As(err, &record):
		return "the server speaks no TLS on this port: try rtmp:// or another port"
	case step == stepTLS && errors.Is(err, os.ErrDeadlineExceeded):
		return "nothing answers in TLS: the port may be plain RTMP (rtmp://)"
	case step == stepTCP && errors.Is(err, os.ErrDeadlineExceeded):
		return "nothing answers: a firewall may drop the port; try fallback-ports, fallback-tunnel or a proxy"
	case step == stepTCP:
		return "look at host and port, and whether the server runs; try fallback-ports or fallback-tunnel"
	}
	return adviceOnStep[step]
}

// adviceOnTLS is for certificates, whichever step shows what is wrong with them:
// in TLS 1.3 a server refuses ours after the handshake only.
func adviceOnTLS(err error) string {
	var (
		refused   *rtmp.TLSError
		invalid   x509.CertificateInvalidError
		hostname  x509.HostnameError
		authority x509.UnknownAuthorityError
	)
	switch {
	case errors.As(err, &refused) && refused.ClientCertificate:
		return "give a certificate that the server accepts with tls-cert-file and tls-key-file: its operator has it, or signs yours"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && invalid.Cert != nil && time.Now().Before(invalid.Cert.NotBefore):
		return "look at the clock of this machine; if it is right, the operator must install a certificate that is valid already"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the operator must renew the certificate; look at the clock of this machine too"
	case errors.As(err, &hostname):
		return "use a name that the certificate has in the URL, or give it with tls-server-name"
	case errors.As(err, &authority):
		return "if you trust its authority, give that one's certificate with tls-ca-file; a public server may lack an intermediate certificate: ask its operator"
	}
	return ""
}

// adviceOnStep is for failures without a word of the server.
var adviceOnStep = map[string]string{
	stepProxy:          "look at the proxy's address, user name and password",
	"tls":              "look at the message: the certificate, its name, its dates and its authority; tls-ca-file trusts a private authority",
	stepTunnel:         "the server may have no RTMPT on this port: try rtmp:// or rtmps://",
	"handshake":        "this may not be an RTMP port, or one that wants TLS: try rtmps://",
	stepAuthentication: "look at user name and password, and which kind of authentication the server wants",
	"connect":          "look at the application's name; the server may want credentials",
	"createStream":     "the server takes the connection but no stream: ask its operator",
	"publish":          "look at the stream key; another publisher may use it at this moment",
	stepThroughput:     "the server took the stream and then ended it: look at its limits",
	"close":            "the server did not take the end of the stream: look at its log",
}

func adviceOnRefusal(step string, s *rtmp.StatusError) string {
	words := strings.ToLower(s.Code + " " + s.Description)
	switch {
	case strings.Contains(words, "auth"), strings.Contains(words, "nosuchuser"):
		return adviceOnStep[stepAuthentication]
	case strings.Contains(words, "badname"), strings.Contains(words, "already"):
		return "the stream is being published already: end the other publisher, or wait until the server lets go of it"
	case strings.Contains(words, "denied"), strings.Contains(words, "unauthorized"), strings.Contains(words, "rejected") && step == "publish":
		return "look at the stream key: the server does not accept it"
	case strings.Contains(words, "invalidapp"), strings.Contains(words, "rejected"):
		return "look at the application's name: the server does not accept it"
	}
	return adviceOnStep[step]
}
