package tunnel

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
)

// wire is one HTTP/1.1 connection of a tunnel.
type wire struct {
	conn net.Conn
	feed feed
	r    *bufio.Reader
	// used tells that a reply has come on it: the server may have closed it
	// since, as a server may between requests.
	used bool
}

func newWire(conn net.Conn) *wire {
	w := &wire{conn: conn}
	w.feed.conn = conn
	w.r = bufio.NewReader(&w.feed)
	return w
}

// stale tells that the request that just failed met a connection which the
// server had closed before: it has been used, and nothing came. Such a request
// is sent again, as HTTP's clients do; should the server have taken it all the
// same, the number says that it is the same one.
func (w *wire) stale() bool {
	var timeout net.Error
	return w.used && !w.feed.heard && w.feed.err != nil && (!errors.As(w.feed.err, &timeout) || !timeout.Timeout())
}

// head reads the status line and the headers of a reply.
func (w *wire) head() (*http.Response, error) {
	w.feed.left, w.feed.what = maxHead, "head"
	for {
		reply, err := http.ReadResponse(w.r, nil)
		if err != nil {
			return nil, w.feed.failure()
		}
		if reply.StatusCode >= 200 || reply.StatusCode == http.StatusSwitchingProtocols {
			w.feed.left, w.feed.what = maxBody, "body"
			return reply, nil
		}
	}
}

// spent tells that no further reply can come after this one.
func (w *wire) spent(reply *http.Response) bool { return reply.Close || w.r.Buffered() > 0 }

// feed reads from the transport, within bounds, and keeps what failed.
type feed struct {
	conn  net.Conn
	left  int    // bytes that may come yet
	what  string // is being read
	heard bool   // a byte of this reply has come
	err   error
}

var errTooLong = errors.New("too long") // failure says what

// Read reads what may come.
func (f *feed) Read(b []byte) (int, error) {
	if f.left <= 0 {
		return 0, errTooLong // io.EOF would be the good end of a body without a length
	}
	n, err := f.conn.Read(b[:min(len(b), f.left)])
	f.left -= n
	f.heard = f.heard || n > 0
	if err != nil {
		f.err = err
	}
	return n, err
}

// failure says why a reply could not be read.
func (f *feed) failure() error {
	switch {
	case f.left <= 0:
		return &FormatError{fmt.Sprintf("the %s of the server's HTTP reply is too long", f.what)}
	case f.err != nil:
		return f.err
	default:
		return &FormatError{"the server's reply is not HTTP"}
	}
}

// appendHead writes the head of a request whose body has n bytes.
func (c *Conn) appendHead(b []byte, n int) []byte {
	b = append(b, "POST /"...)
	b = append(b, c.verb...)
	if c.id == "" {
		b = append(b, "/1"...)
	} else {
		b = append(b, '/')
		b = append(b, c.id...)
		b = append(b, '/')
		b = strconv.AppendUint(b, c.number, 10)
	}
	b = append(b, " HTTP/1.1\r\nHost: "...)
	b = append(b, c.host...)
	b = append(b, "\r\nUser-Agent: Shockwave Flash\r\nConnection: Keep-Alive\r\nCache-Control: no-cache\r\n"+
		"Content-Type: application/x-fcs\r\nContent-Length: "...)
	b = strconv.AppendInt(b, int64(n), 10)
	return append(b, "\r\n\r\n"...)
}
