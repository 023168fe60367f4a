package network

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
	"unicode"
)

const (
	// maxAnswer bounds the header of a proxy's answer; usual ones have a few
	// hundred bytes.
	maxAnswer = 64 << 10
	// maxStatus is how much of a proxy's status line is shown.
	maxStatus = 100
)

// HTTPConnect asks the HTTP proxy at the other end of conn to go on to addr,
// host:port; it resolves the name (RFC 9110, section 9.3.6). The error is a
// *ProxyError, or that of reading and writing. ctx bounds it, and conn is not
// closed.
func HTTPConnect(ctx context.Context, conn net.Conn, addr string, login *Login) error {
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	err := httpConnect(conn, addr, login)
	if !stop() { // the deadline is set, or will be
		return context.Cause(ctx)
	}
	return err
}

func httpConnect(conn net.Conn, addr string, login *Login) error {
	request := &http.Request{
		Method: http.MethodConnect, URL: &url.URL{Opaque: addr}, Host: addr,
		Header: http.Header{"User-Agent": {""}}, // empty: none is sent
	}
	if login != nil {
		request.Header.Set("Proxy-Authorization", "Basic "+login.Basic())
	}
	if err := request.Write(conn); err != nil {
		return closedByProxy(err)
	}
	answer := &io.LimitedReader{R: conn, N: maxAnswer}
	reader := bufio.NewReader(answer)
	// The body is neither read nor closed, which would read it to its end: that
	// to a CONNECT that succeeds has none, whatever its header says, and a
	// refusal is one before its page has come.
	response, err := http.ReadResponse(reader, request) //nolint:bodyclose // see above; it holds nothing
	if err != nil {
		return answerError(err, answer.N <= 0)
	}
	if err := statusError(response, login); err != nil {
		return err
	}
	if reader.Buffered() > 0 {
		return &ProxyError{"the proxy sent more than its answer", ProxyBroken}
	}
	return nil
}

// answerError tells what is wrong with an answer that is none. What the proxy
// said is not shown: it may be anything.
func answerError(err error, tooLong bool) error {
	switch {
	case tooLong:
		return &ProxyError{fmt.Sprintf("the proxy's answer has a header of more than %d bytes", maxAnswer), ProxyBroken}
	case errors.As(err, new(net.Error)), errors.Is(err, os.ErrDeadlineExceeded):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return closedByProxy(io.EOF)
	default:
		return &ProxyError{"the proxy does not speak HTTP", ProxyBroken}
	}
}

func closedByProxy(err error) error {
	if errors.Is(err, io.EOF) {
		return &ProxyError{"the proxy closed the connection without an answer; is it an HTTP proxy?", ProxyUnreachable}
	}
	return err
}

// statusError is nil for any success (RFC 9110, section 9.3.6).
func statusError(response *http.Response, login *Login) error {
	status := shownStatus(login.masked(response.Status))
	switch code := response.StatusCode; {
	case code/100 == 2:
		return nil
	case code == http.StatusProxyAuthRequired && login != nil:
		return &ProxyError{"the proxy refused the user name or the password (" + status + ")", ProxyLogin}
	case code == http.StatusProxyAuthRequired:
		return &ProxyError{"the proxy wants a user name and a password: write them as user:password@ before its host (" + status + ")", ProxyLogin}
	case code/100 == 5:
		return &ProxyError{"the proxy could not connect: " + status, ProxyUnreachable}
	default:
		return &ProxyError{"the proxy refused: " + status, ProxyForbids}
	}
}

// shownStatus makes a foreign line fit for a log.
func shownStatus(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '.'
		}
		return r
	}, s)
	return strings.ToValidUTF8(s[:min(len(s), maxStatus)], "")
}
