package tunnel

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// answers is a server made of what it says to its requests, one connection
// after another. "" closes the connection; "..." says no more; the last is
// repeated.
type answers [][]string

// serve gives the dialing end of a server within a bubble. Every request is
// told to seen.
func (a answers) dial(seen func(*http.Request, []byte)) func(context.Context) (net.Conn, error) {
	return func(context.Context) (net.Conn, error) {
		client, server := net.Pipe()
		says := a[0]
		if len(a) > 1 {
			a = a[1:]
		}
		go func() { // ends with the connection
			defer func() { _ = server.Close() }()
			r := bufio.NewReader(server)
			for i := 0; ; i++ {
				request, err := http.ReadRequest(r)
				if err != nil {
					return
				}
				body, err := io.ReadAll(request.Body)
				if err != nil {
					return
				}
				if seen != nil {
					seen(request, body)
				}
				switch say := says[min(i, len(says)-1)]; say {
				case "":
					return
				case "...":
					_, _ = r.ReadByte() // until the client closes
					return
				default:
					_, err := io.WriteString(server, say)
					if err != nil || !strings.Contains(say, "Length:") && !strings.Contains(say, "chunked") || strings.Contains(say, "Connection: close") {
						return
					}
				}
			}
		}()
		return client, nil
	}
}

// opened is the reply to open, empty that to anything else.
const (
	opened = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab.1\n"
	empty  = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\x01"
)

// begin opens a session with a server, and closes it when the bubble ends.
func begin(t *testing.T, a answers, seen func(*http.Request, []byte)) *Conn {
	t.Helper()
	c, err := Client(context.Background(), a.dial(seen), "example.com")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

// soon is long enough for all that is due, in virtual time.
const soon = time.Minute
