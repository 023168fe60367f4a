package rtmp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

func TestRetryable(t *testing.T) {
	status := func(op, code, words string) error { return &StatusError{op, code, "error", words} }
	for _, c := range []struct {
		name string
		err  error
		want bool
	}{
		{"no error", nil, false},
		{"refused: the server may come back", &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, true},
		{"reset: the server went away", syscall.ECONNRESET, true},
		{"no route: the network may come back", syscall.EHOSTUNREACH, true},
		{"name not found: so a resolver says without network too", &net.DNSError{Err: "no such host", IsNotFound: true}, true},
		{"closed by the server: it may be a restart", io.EOF, true},
		{"closed within a message: likewise", io.ErrUnexpectedEOF, true},
		{"closed without a word: it may be a restart", &silentCloseError{opPublish, io.EOF}, true},
		{"a bound of ours: the server may be faster next time", &timeoutError{"no answer", time.Second, "receive timeout"}, true},
		{"the caller's deadline for one attempt", context.DeadlineExceeded, true},
		{"the caller's will", context.Canceled, false},
		{"closed or aborted here: our will", &closedError{"aborted"}, false},
		{"a bad URL stays bad", &URLError{"port", "", "is wrong"}, false},
		{"credentials stay wrong, and repeating them may lock the account", &AuthError{Kind: "adobe", Reason: "refused"}, false},
		{"likewise, whatever the server's code", &AuthError{"adobe", "refused", &StatusError{opConnect, "NetConnection.Connect.Failed", "error", "?reason=authfailed"}}, false},
		{"not RTMP, or a broken server", &ProtocolError{"nonsense"}, false},
		{"not supported", &media.UnsupportedError{What: "tunnel"}, false},
		{"a certificate is changed by hand", &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, false},
		{"likewise", x509.HostnameError{Certificate: &x509.Certificate{}, Host: "h"}, false},
		{"no TLS there", tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, false},
		{"TLS versions don't fit", tls.AlertError(70), false},
		{"the key is in use: usually by our own old session", status("publish", "NetStream.Publish.BadName", ""), true},
		{"the same in another case", status("publish", "netstream.publish.badname", "already publishing"), true},
		{"the key is not allowed", status("publish", "NetStream.Publish.Denied", ""), false},
		{"the application is not there", status("connect", "NetConnection.Connect.Rejected", "no app"), false},
		{"the application is not there", status("connect", "NetConnection.Connect.InvalidApp", ""), false},
		{"trouble inside the server", status("connect", "NetConnection.Connect.Failed", ""), true},
		{"the application restarts", status("publish", "NetConnection.Connect.AppShutdown", ""), true},
		{"kicked by an operator, or a restart", status("publish", "NetStream.Unpublish.Success", ""), true},
		{"credentials refused, whatever the code", status("connect", "NetConnection.Connect.Failed", "code=403 need auth; authmod=adobe"), false},
		{"likewise", status("publish", "NetStream.Publish.BadName", "?reason=authfailed"), false},
		{"an unknown code while publishing: maintenance", status("publish", "NetStream.Odd", ""), true},
		{"an unknown code before: it will be repeated", status("connect", "NetConnection.Odd", ""), false},
		{"an error of nobody's", errors.New("x"), false},
	} {
		require.Equal(t, c.want, Retryable(c.err), c.name)
		if c.err != nil {
			require.Equal(t, c.want, Retryable(fmt.Errorf("wrapped: %w", &OpError{"connect", "h:1", c.err})), "wrapped: "+c.name)
		}
	}
}

// A server that has spoken RTMP until now is no stranger: nonsense in the middle
// may be a proxy's, and a publisher that runs for days must outlive it.
func TestNonsenseInTheMiddleIsNotForEver(t *testing.T) {
	require.True(t, Retryable(&OpError{opRead, "h:1", &ProtocolError{"nonsense"}}))
	require.True(t, Retryable(&OpError{opWrite, "h:1", &ProtocolError{"nonsense"}}))
	require.False(t, Retryable(&OpError{opPublish, "h:1", &ProtocolError{"nonsense"}}))
}

func TestErrorTexts(t *testing.T) {
	reset := &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	for want, err := range map[string]error{
		"connect h:1: the server refused: Code":                      &OpError{"connect", "h:1", &StatusError{Code: "Code"}},
		"connect h:1: the server refused: words":                     &OpError{"connect", "h:1", &StatusError{Description: "words"}},
		"connect h:1: the server refused: Code: words":               &OpError{"connect", "h:1", &StatusError{Code: "Code", Description: "words"}},
		"connect h:1: the server refused without a reason":           &OpError{"connect", "h:1", &StatusError{}},
		"read h:1: the connection was cut: connection reset by peer": &OpError{"read", "h:1", &peerClosedError{syscall.ECONNRESET, false}},
		"read h:2: the connection was cut: connection reset by peer": &OpError{"read", "h:2", &peerClosedError{reset, false}},
		"read h:3: the connection was cut right after publishing began (connection reset by peer); it may not accept the stream key": &OpError{"read", "h:3", &peerClosedError{reset, true}},
		"write h:1: writev: broken pipe": &OpError{"write", "h:1", &net.OpError{Op: "write", Net: "tcp", Err: os.NewSyscallError("writev", syscall.EPIPE)}},
		"resolve h:1: lookup h: no such host (is the host name right, and the network up?)": &OpError{"resolve", "h:1",
			&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "h", IsNotFound: true}}},
	} {
		require.EqualError(t, err, want)
	}
}
