// Command floor is what nothing in Go can go below: every frame is one vectored
// write of a header of twelve bytes and the frame itself. It knows as much of RTMP as
// is needed for being let in, and looks at no answer.
package main

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"strings"

	"rtmpwriter/amf0"
	"rtmpwriter/bench/drive"
	"rtmpwriter/bench/film"
)

func main() { drive.Main(open) }

type stream struct {
	conn   net.Conn
	header [12]byte
	both   [2][]byte
	joined []byte // for TLS, which writes no vectors
}

func open(job drive.Job, address string) (drive.Stream, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	s := &stream{}
	if u.Scheme == "rtmps" {
		d := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: job.Insecure}} //nolint:gosec // the sink's own
		s.conn, err = d.DialContext(context.Background(), "tcp", u.Host)
	} else {
		s.conn, err = new(net.Dialer).DialContext(context.Background(), "tcp", u.Host)
	}
	if err != nil {
		return nil, err
	}
	app, key, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	return s, s.begin(app, key)
}

// begin sends all that comes before the first frame in one go, and takes the
// answers to the handshake.
func (s *stream) begin(app, key string) error {
	hello := append([]byte{3}, make([]byte, 1536)...)
	if _, err := s.conn.Write(hello); err != nil {
		return err
	}
	if _, err := io.ReadFull(s.conn, make([]byte, 1+2*1536)); err != nil {
		return err
	}
	b := make([]byte, 1536)
	b = message(b, 1, 0, binary.BigEndian.AppendUint32(nil, 0xffffff)) // chunks as long as any frame
	for _, c := range [][]any{
		{"connect", 1.0, amf0.Object{{Name: "app", Value: app}}},
		{"createStream", 2.0, nil},
		{"publish", 3.0, nil, key, "live"},
	} {
		body, err := amf0.Append(nil, c...)
		if err != nil {
			return err
		}
		b = message(b, 20, 0, body)
	}
	_, err := s.conn.Write(b)
	return err
}

func message(b []byte, kind uint8, stream uint32, body []byte) []byte {
	b = append(b, 3, 0, 0, 0, byte(len(body)>>16), byte(len(body)>>8), byte(len(body)), kind)
	return append(binary.LittleEndian.AppendUint32(b, stream), body...)
}

func (s *stream) Write(t film.Tag) error {
	h := append(s.header[:0], 4, byte(t.Timestamp>>16), byte(t.Timestamp>>8), byte(t.Timestamp))
	h = append(h, byte(len(t.Body)>>16), byte(len(t.Body)>>8), byte(len(t.Body)), t.Kind)
	h = binary.LittleEndian.AppendUint32(h, 1)
	if _, plain := s.conn.(*net.TCPConn); !plain {
		s.joined = append(append(s.joined[:0], h...), t.Body...)
		_, err := s.conn.Write(s.joined)
		return err
	}
	s.both = [2][]byte{h, t.Body}
	vector := net.Buffers(s.both[:])
	_, err := vector.WriteTo(s.conn)
	return err
}

// Close takes the answers, so that none is there when the socket closes: that would
// be a reset.
func (s *stream) Close() error {
	if half, ok := s.conn.(interface{ CloseWrite() error }); ok {
		if err := half.CloseWrite(); err != nil {
			return err
		}
	}
	_, _ = io.Copy(io.Discard, s.conn)
	return s.conn.Close()
}
