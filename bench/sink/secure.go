package sink

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"time"
)

// ListenTLS takes publishers over TLS too, with a certificate that nobody signed,
// and returns the address. It costs more than the sink: a goroutine a connection
// deciphers what comes. Closing the listener ends it.
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
	go func() { // ends with the listener
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.change(func() { s.open++ })
			go s.serve(conn) // ends with the connection
		}
	}()
	return l, nil
}

func (s *Sink) serve(conn net.Conn) {
	defer conn.Close()
	session, buffer := newSession(now()), make([]byte, readSize)
	for {
		n, err := conn.Read(buffer)
		if err != nil {
			break // the end, mostly
		}
		if session.Err = session.feed(buffer[:n]); session.Err != nil {
			break
		}
		s.note(session)
		if len(session.out) > 0 {
			if _, session.Err = conn.Write(session.out); session.Err != nil {
				break
			}
			session.out = session.out[:0]
		}
	}
	s.gone(session)
}
