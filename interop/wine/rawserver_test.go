package wine

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// raw is a server that speaks no RTMP.
type raw struct {
	net.Listener
	serving sync.WaitGroup // accept, and one for each connection
}

// newRaw listens; serve has each connection, which is closed with the test at
// the latest.
func newRaw(t testing.TB, serve func(net.Conn)) *raw {
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	r := &raw{Listener: l}
	var mu sync.Mutex
	var open []net.Conn
	r.serving.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, conn)
			mu.Unlock()
			r.serving.Go(func() { serve(conn) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		mu.Lock()
		for _, conn := range open {
			_ = conn.Close()
		}
		mu.Unlock()
		r.serving.Wait()
	})
	return r
}

func (r *raw) url(key string) string { return fmt.Sprintf("rtmp://%s/live+%s", r.Addr(), key) }

// rawPlays are what servers do that speak no RTMP, or not for long.
var rawPlays = map[string]func(net.Conn){"silent": silent, "hangup": hangup, "garbage": garbage, "babble": babble}

// silent accepts, and says nothing.
func silent(conn net.Conn) {
	buffer := make([]byte, 1<<16)
	for {
		if _, err := conn.Read(buffer); err != nil {
			return
		}
	}
}

// hangup closes at once.
func hangup(conn net.Conn) { _ = conn.Close() }

// garbage answers with what no server says.
func garbage(conn net.Conn) {
	_, _ = conn.Write([]byte(strings.Repeat("HTTP/1.1 400 Bad Request\r\n\r\n\xff\x00\x80", 200)))
	silent(conn)
}

// babble shakes hands and then sends garbage.
func babble(conn net.Conn) {
	hello := make([]byte, 1+2*1536)
	hello[0] = 3
	_, _ = conn.Write(hello)
	_, _ = conn.Write([]byte(strings.Repeat("\xc3\xff\xff\xff\x7f\x00garbage\x01", 500)))
	silent(conn)
}

// dead is an address that nobody listens on.
func dead(t testing.TB) string {
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return l.Addr().String()
}
