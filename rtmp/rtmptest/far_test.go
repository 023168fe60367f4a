package rtmptest

import (
	"context"
	"io"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// What is said arrives later, in order and not thinned out, and so does the end.
func TestFar(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answer := Default()
		began := time.Now()
		var at time.Duration
		s := NewPipeServer(t, Script{Delay: func() time.Duration { return 100 * time.Millisecond }, On: map[string]Handler{
			"accept": func(s *Session, m Message) { s.SendBytes([]byte("hello")) },
			"end":    func(s *Session, m Message) { at = time.Since(began); answer(s, m) },
		}})
		conn, err := s.Dial(context.Background(), "tcp", "")
		require.NoError(t, err)
		require.Equal(t, "hello", read(t, conn, 5))
		require.Equal(t, 100*time.Millisecond, time.Since(began))
		_, err = conn.Write([]byte{3})
		require.NoError(t, err)
		require.NoError(t, conn.(*pipeEnd).CloseWrite())
		_, err = io.ReadAll(conn) // the server's end
		require.NoError(t, err)
		require.Equal(t, 200*time.Millisecond, at)
		require.Equal(t, 300*time.Millisecond, time.Since(began))
		require.NoError(t, conn.Close())
		s.Close()
	})
}

func TestFarReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewPipeServer(t, Script{Delay: func() time.Duration { return time.Second }, On: map[string]Handler{"accept": Reset()}})
		conn, err := s.Dial(context.Background(), "tcp", "")
		require.NoError(t, err)
		_, err = conn.Read(make([]byte, 1))
		require.ErrorIs(t, err, syscall.ECONNRESET)
		require.NoError(t, conn.Close())
		s.Close()
	})
}
