package rtmp

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// proxyServer is a small proxy. Its goroutines end with the test.
type proxyServer struct {
	addr    string
	running sync.WaitGroup

	mu      sync.Mutex
	conns   []net.Conn
	targets []string // what it was asked for
}

// newProxyServer accepts connections and gives each to serve, which returns the
// connection to the server, or nil.
func newProxyServer(t *testing.T, serve func(p *proxyServer, conn net.Conn) net.Conn) *proxyServer {
	t.Helper()
	return serveProxy(t, func(conn net.Conn) net.Conn { return conn }, serve)
}

// newSecureProxyServer is one that speaks TLS.
func newSecureProxyServer(t *testing.T, cert tls.Certificate, serve func(p *proxyServer, conn net.Conn) net.Conn) *proxyServer {
	t.Helper()
	config := &tls.Config{Certificates: []tls.Certificate{cert}}
	return serveProxy(t, func(conn net.Conn) net.Conn { return tls.Server(conn, config) }, serve)
}

func serveProxy(t *testing.T, wrap func(net.Conn) net.Conn, serve func(p *proxyServer, conn net.Conn) net.Conn) *proxyServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &proxyServer{addr: l.Addr().String()}
	p.running.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			p.keep(conn)
			p.running.Go(func() { p.splice(wrap(conn), serve) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		p.mu.Lock()
		for _, conn := range p.conns {
			_ = conn.Close()
		}
		p.mu.Unlock()
		p.running.Wait()
	})
	return p
}

func (p *proxyServer) keep(conn net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns = append(p.conns, conn)
}

// asked are the targets, in their order.
func (p *proxyServer) asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.targets...)
}

// dial connects to what a client asked for.
func (p *proxyServer) dial(target string) (net.Conn, error) {
	p.mu.Lock()
	p.targets = append(p.targets, target)
	p.mu.Unlock()
	_, port, _ := net.SplitHostPort(target) // whatever the name: all servers are here
	server, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", port))
	if err == nil {
		p.keep(server)
	}
	return server, err
}

func (p *proxyServer) splice(conn net.Conn, serve func(*proxyServer, net.Conn) net.Conn) {
	defer conn.Close()
	server := serve(p, conn)
	if server == nil {
		return
	}
	defer server.Close()
	var both sync.WaitGroup
	forward := func(to, from net.Conn) {
		_, _ = io.Copy(to, from)
		_ = to.(interface{ CloseWrite() error }).CloseWrite()
	}
	both.Go(func() { forward(server, conn) })
	both.Go(func() { forward(conn, server) })
	both.Wait()
}

// socks5 is RFC 1928 and 1929 for CONNECT; user may be empty.
func socks5(user, password string) func(*proxyServer, net.Conn) net.Conn {
	return func(p *proxyServer, conn net.Conn) net.Conn {
		read := func(n int) []byte {
			b := make([]byte, n)
			_, _ = io.ReadFull(conn, b)
			return b
		}
		text := func() string { return string(read(int(read(1)[0]))) }
		read(1)
		methods := text()
		method := byte(0)
		if user != "" {
			method = 2
		}
		if !containsByte(methods, method) {
			_, _ = conn.Write([]byte{5, 0xff})
			return nil
		}
		_, _ = conn.Write([]byte{5, method})
		if user != "" {
			read(1)
			if u, pw := text(), text(); u != user || pw != password {
				_, _ = conn.Write([]byte{1, 1})
				return nil
			}
			_, _ = conn.Write([]byte{1, 0})
		}
		var host string
		switch head := read(4); head[3] {
		case 1:
			host = net.IP(read(4)).String()
		case 3:
			host = text()
		case 4:
			host = net.IP(read(16)).String()
		}
		port := read(2)
		server, err := p.dial(net.JoinHostPort(host, strconv.Itoa(int(port[0])<<8|int(port[1]))))
		if err != nil {
			_, _ = conn.Write([]byte{5, 5, 0, 1, 0, 0, 0, 0, 0, 0})
			return nil
		}
		_, _ = conn.Write([]byte{5, 0, 0, 1, 127, 0, 0, 1, 0, 1})
		return server
	}
}

func containsByte(s string, b byte) bool {
	for i := range len(s) {
		if s[i] == b {
			return true
		}
	}
	return false
}

// httpConnect is RFC 9110, section 9.3.6; user may be empty.
func httpConnect(user, password string) func(*proxyServer, net.Conn) net.Conn {
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
	return func(p *proxyServer, conn net.Conn) net.Conn {
		r, err := http.ReadRequest(bufio.NewReader(conn))
		if err != nil || r.Method != http.MethodConnect || r.Host != r.RequestURI {
			return tell(conn, "HTTP/1.1 400 Bad Request\r\n\r\n")
		}
		if user != "" && r.Header.Get("Proxy-Authorization") != want {
			return tell(conn, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 2\r\n\r\nno")
		}
		server, err := p.dial(r.Host)
		if err != nil {
			return tell(conn, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
		}
		fmt.Fprint(conn, "HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n")
		return server
	}
}

// says answers the first bytes, whatever they are, in these words.
func says(words string) func(*proxyServer, net.Conn) net.Conn {
	return func(_ *proxyServer, conn net.Conn) net.Conn {
		_, _ = conn.Read(make([]byte, 1024))
		return tell(conn, words)
	}
}

// tell says the last words and waits until the other side closes, so that
// nothing is lost to a reset.
func tell(conn net.Conn, words string) net.Conn {
	_, _ = io.WriteString(conn, words)
	_, _ = io.Copy(io.Discard, conn)
	return nil
}
