package sink

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// sound is a message of audio, of one chunk.
func sound(body ...byte) []byte {
	return append([]byte{4, 0, 0, 0, 0, 0, byte(len(body)), typeAudio, 1, 0, 0, 0}, body...)
}

// raw is a connection that has sent its handshake, and a sound.
func raw(t *testing.T, s *Sink) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", s.Addr())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_, err = conn.Write(append(make([]byte, 1+2*handshakeSize), sound(0xaf, 1, 0)...))
	require.NoError(t, err)
	_, err = io.ReadFull(conn, make([]byte, 1+2*handshakeSize))
	require.NoError(t, err)
	return conn
}

func TestGarbageEndsItsPublisherAlone(t *testing.T) {
	s := fresh(t)
	good := connect(t, "rtmp://"+s.Addr()+"/live/good", 4096)
	bad := raw(t, s)
	require.NoError(t, s.Await(patience(t), 1))
	_, err := bad.Write([]byte{0, 1, 2, 3})
	require.NoError(t, err)
	require.NoError(t, bad.SetReadDeadline(time.Now().Add(30*time.Second)))
	_, err = io.Copy(io.Discard, bad)
	require.False(t, isTimeout(err), "the sink has hung up")

	good.send(t, pictures, sounds, true)
	good.finish(t)
	all, err := s.Collect(patience(t), 2)
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.ErrorIs(t, all[0].Err, errBasicHeader)
	require.Equal(t, 1, all[0].Audio)
	require.NoError(t, all[1].Err)
	require.Equal(t, "good", all[1].Key)
	require.Equal(t, 1+len(pictures), all[1].Video)
}

func isTimeout(err error) bool {
	var e net.Error
	return errors.As(err, &e) && e.Timeout()
}

func TestGarbageOverTLS(t *testing.T) {
	s := fresh(t)
	l, err := s.ListenTLS()
	require.NoError(t, err)
	conn, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{InsecureSkipVerify: true})
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.Write(append(append(make([]byte, 1+2*handshakeSize), sound(0xaf, 1, 0)...), 1))
	require.NoError(t, err)
	all, err := s.Collect(patience(t), 1)
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.ErrorIs(t, all[0].Err, errBasicHeader)
}

func TestWaitsEndWithTheContext(t *testing.T) {
	s, why := fresh(t), errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	_, err := s.Collect(ctx, 1)
	require.ErrorIs(t, err, why)
	require.ErrorContains(t, err, "0 of 1")
	require.ErrorIs(t, s.Await(ctx, 1), why)

	silent, err := net.Dial("tcp", s.Addr())
	require.NoError(t, err)
	require.NoError(t, silent.Close())
	all, err := s.Collect(patience(t), 0)
	require.NoError(t, err)
	require.Empty(t, all, "who sends no media is not told of")
}

func TestCloseEndsEverything(t *testing.T) {
	goroutines, files := goleak.IgnoreCurrent(), openFiles(t)
	s, err := New()
	require.NoError(t, err)
	l, err := s.ListenTLS()
	require.NoError(t, err)
	plain := raw(t, s)
	secure, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{InsecureSkipVerify: true})
	require.NoError(t, err)
	_, err = secure.Write(append(make([]byte, 1+2*handshakeSize), sound(0xaf, 1, 0)...))
	require.NoError(t, err)
	silent, err := net.Dial("tcp", l.Addr().String()) // no handshake of TLS
	require.NoError(t, err)
	require.NoError(t, s.Await(patience(t), 2))

	require.NoError(t, s.Close())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	all, err := s.Collect(ctx, 2)
	require.NoError(t, err, "Close has waited for all")
	require.Len(t, all, 2)
	for _, r := range all {
		require.ErrorIs(t, r.Err, net.ErrClosed)
		require.Equal(t, 1, r.Audio)
	}
	for _, conn := range []net.Conn{plain, secure, silent} {
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(30*time.Second)))
		_, err := io.Copy(io.Discard, conn)
		require.False(t, isTimeout(err), "the sink has hung up")
		_ = conn.Close()
	}
	_, err = s.ListenTLS()
	require.ErrorIs(t, err, net.ErrClosed)
	require.NoError(t, goleak.Find(goroutines))
	require.Equal(t, files, openFiles(t))
}
