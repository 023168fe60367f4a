package rtmp

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// vectoredPair is a vectored writer and what it writes to.
func vectoredPair(t *testing.T) (*vectored, *net.TCPConn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	conn, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	peer, err := l.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = conn.Close(), peer.Close() })
	v, err := newVectored(conn.(*net.TCPConn))
	require.NoError(t, err)
	return v, peer.(*net.TCPConn)
}

// slicesOf cuts bytes at random places, with slices of nothing between.
func slicesOf(b []byte, n int) (vector net.Buffers) {
	r := rand.New(rand.NewPCG(uint64(len(b)), uint64(n)))
	for range n - 1 {
		cut := r.IntN(len(b)/n + 1)
		vector = append(vector, b[:cut:cut], nil)
		b = b[cut:]
	}
	return append(vector, b)
}

func someBytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i) ^ byte(i>>8) ^ byte(i>>16)
	}
	return b
}

// TestVectored: all of a vector arrives, in order, and nothing of it is left.
func TestVectored(t *testing.T) {
	v, peer := vectoredPair(t)
	for _, n := range []int{1, 2, 256} {
		want := someBytes(4_000_000 + n)
		got := make(chan []byte)
		go func() {
			b := make([]byte, len(want))
			_, _ = io.ReadFull(peer, b)
			got <- b
		}()
		vector := slicesOf(want, n)
		sent, err := v.write(&vector)
		require.NoError(t, err)
		require.EqualValues(t, len(want), sent)
		require.Empty(t, vector)
		require.True(t, bytes.Equal(want, <-got))
	}
	nothing := net.Buffers{nil, {}}
	sent, err := v.write(&nothing)
	require.NoError(t, err)
	require.Zero(t, sent)
}

// TestVectoredStalls: at the deadline the rest is left, and can be written later.
func TestVectoredStalls(t *testing.T) { stallsAndGoesOn(t, false) }

func stallsAndGoesOn(t *testing.T, blocking bool) {
	t.Helper()
	v, peer := vectoredPair(t)
	if blocking {
		file, err := v.conn.File()
		require.NoError(t, err)
		defer file.Close()
		_ = file.Fd() // both are of one socket
	}
	want := someBytes(32_000_000) // more than any socket's buffers hold
	vector := slicesOf(want, 100)
	require.NoError(t, v.conn.SetWriteDeadline(time.Now().Add(50*time.Millisecond)))
	first, err := v.write(&vector)
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.Positive(t, first)

	got := make(chan []byte)
	go func() {
		b := make([]byte, len(want))
		_, _ = io.ReadFull(peer, b)
		got <- b
	}()
	require.NoError(t, v.conn.SetWriteDeadline(time.Now().Add(time.Minute)))
	second, err := v.write(&vector)
	require.NoError(t, err)
	require.EqualValues(t, len(want), first+second)
	require.True(t, bytes.Equal(want, <-got))
}

// TestVectoredTellsItsPeer: a failure names the peer and what it was.
func TestVectoredTellsItsPeer(t *testing.T) {
	v, peer := vectoredPair(t)
	require.NoError(t, peer.SetLinger(0))
	require.NoError(t, peer.Close()) // resets
	require.Eventually(t, func() bool {
		vector := net.Buffers{someBytes(1000)}
		_, err := v.write(&vector)
		if err == nil {
			return false
		}
		var op *net.OpError
		require.ErrorAs(t, err, &op)
		require.Equal(t, v.conn.RemoteAddr(), op.Addr)
		return true
	}, 10*time.Second, time.Millisecond)

	require.NoError(t, v.conn.Close())
	vector := net.Buffers{someBytes(1000)}
	_, err := v.write(&vector)
	require.ErrorIs(t, err, net.ErrClosed)
	require.Regexp(t, "^write(v)? tcp 127.0.0.1:", err.Error())
}
