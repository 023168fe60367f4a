package rtmptest

import (
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func bubble(t *testing.T, size int, test func(t *testing.T, a, b net.Conn)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		a, b := Pipe(size)
		test(t, a, b)
		_, _ = a.Close(), b.Close()
	})
}

func read(t *testing.T, c net.Conn, n int) string {
	t.Helper()
	b := make([]byte, n)
	_, err := io.ReadFull(c, b)
	require.NoError(t, err)
	return string(b)
}

func TestPipeHoldsWhatIsUnderWay(t *testing.T) {
	bubble(t, 8, func(t *testing.T, a, b net.Conn) {
		begun := time.Now()
		got := make([]byte, 16)
		go func() {
			time.Sleep(time.Second) // virtual
			_, _ = io.ReadFull(b, got)
		}()
		n, err := a.Write([]byte("01234567"))
		require.NoError(t, err)
		require.Equal(t, 8, n)
		require.Zero(t, time.Since(begun), "the first eight bytes need no reader")
		n, err = a.Write([]byte("89abcdef"))
		require.NoError(t, err)
		require.Equal(t, 8, n)
		require.Equal(t, time.Second, time.Since(begun))
		synctest.Wait()
		require.Equal(t, "0123456789abcdef", string(got))
	})
}

func TestPipeDeadlines(t *testing.T) {
	bubble(t, 4, func(t *testing.T, a, b net.Conn) {
		begun := time.Now()
		require.NoError(t, a.SetWriteDeadline(begun.Add(time.Second)))
		n, err := a.Write([]byte("0123456"))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, 4, n, "what fitted has gone")
		require.Equal(t, time.Second, time.Since(begun))

		require.NoError(t, a.SetDeadline(time.Now().Add(time.Second)))
		_, err = a.Read(make([]byte, 1))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, 2*time.Second, time.Since(begun))
		require.NoError(t, a.SetReadDeadline(time.Time{}))
		_, err = b.Write([]byte("x"))
		require.NoError(t, err)
		require.Equal(t, "x", read(t, a, 1))
	})
}

func TestPipeHalfClose(t *testing.T) {
	bubble(t, 10, func(t *testing.T, a, b net.Conn) {
		_, err := a.Write([]byte("last"))
		require.NoError(t, err)
		require.NoError(t, a.(*pipeEnd).CloseWrite())
		require.Equal(t, "last", read(t, b, 4))
		_, err = b.Read(make([]byte, 1))
		require.ErrorIs(t, err, io.EOF)
		_, err = b.Write([]byte("answer"))
		require.NoError(t, err)
		require.Equal(t, "answer", read(t, a, 6))
		require.NoError(t, b.Close())
		_, err = a.Write([]byte("more"))
		require.ErrorIs(t, err, syscall.EPIPE)
	})
}

func TestPipeResets(t *testing.T) {
	for name, end := range map[string]func(net.Conn){
		"linger 0":     func(c net.Conn) { _ = c.(*pipeEnd).SetLinger(0) },
		"bytes unread": func(net.Conn) {},
	} {
		bubble(t, 10, func(t *testing.T, a, b net.Conn) {
			if name != "linger 0" {
				_, err := a.Write([]byte("unread"))
				require.NoError(t, err)
			}
			_, err := b.Write([]byte("lost"))
			require.NoError(t, err)
			end(b)
			require.NoError(t, b.Close())
			_, err = a.Read(make([]byte, 1))
			require.ErrorIs(t, err, syscall.ECONNRESET)
			_, err = a.Write([]byte("x"))
			require.ErrorIs(t, err, syscall.ECONNRESET)
			_, err = b.Read(make([]byte, 1))
			require.ErrorIs(t, err, net.ErrClosed)
			_, err = b.Write([]byte("x"))
			require.ErrorIs(t, err, net.ErrClosed)
		})
	}
}

func TestPipeCloseInterrupts(t *testing.T) {
	bubble(t, 1, func(t *testing.T, a, b net.Conn) {
		time.AfterFunc(time.Second, func() { _ = a.Close() })
		_, err := a.Read(make([]byte, 1))
		require.ErrorIs(t, err, net.ErrClosed)
		_, err = b.Read(make([]byte, 1))
		require.ErrorIs(t, err, io.EOF)
		require.Equal(t, "client", a.LocalAddr().String())
		require.Equal(t, "server", a.RemoteAddr().String())
	})
}
