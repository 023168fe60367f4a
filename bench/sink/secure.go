package sink

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"maps"
	"math/big"
	"net"
	"slices"
	"time"
)

// ListenTLS takes publishers over TLS too, with a certificate that nobody signed,
// and returns the listener. It costs more than the sink: a goroutine a connection
// deciphers what comes. Closing the listener takes no more of them; Close ends all.
func (s *Sink) ListenTLS() (net.Listener, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(24 * time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	l, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		return nil, err
	}
	if !s.keep(l, func() { s.welcome(l) }) {
		return nil, errors.Join(net.ErrClosed, l.Close())
	}
	return l, nil
}

// welcome serves who comes until the listener closes.
func (s *Sink) welcome(l net.Listener) {
	defer s.drop(l)
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		if !s.keep(conn, func() { s.serve(conn) }) {
			_ = conn.Close() // too late
			return
		}
	}
}

// serve reads a connection to its end.
func (s *Sink) serve(conn net.Conn) {
	defer s.drop(conn)
	s.change(func() { s.open++ })
	session, buffer := newSession(now()), make([]byte, readSize)
	for session.Err == nil {
		n, err := conn.Read(buffer)
		if err == io.EOF {
			break
		}
		if err == nil {
			err = session.feed(buffer[:n])
			s.note(session)
		}
		if err == nil && len(session.out) > 0 {
			_, err = conn.Write(session.out)
			session.out = session.out[:0]
		}
		session.Err = err
	}
	s.gone(session)
}

// keep starts the goroutine of a listener or a connection, which ends when that is
// closed: Close does so and waits for it. After Close there is none.
func (s *Sink) keep(c io.Closer, work func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.secure[c] = true
	s.join.Go(work)
	return true
}

// drop closes what keep was told of.
func (s *Sink) drop(c io.Closer) {
	_ = c.Close() // nothing is lost
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.secure, c)
}

// closeSecure ends all that is for TLS.
func (s *Sink) closeSecure() {
	s.mu.Lock()
	s.closed = true
	all := slices.Collect(maps.Keys(s.secure))
	s.mu.Unlock()
	for _, c := range all {
		_ = c.Close() // it may be closing
	}
	s.join.Wait()
}
