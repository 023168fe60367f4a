package handshake

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// pattern is a source of bytes that are known.
type pattern byte

func (p *pattern) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(*p)
		*p++
	}
	return len(b), nil
}

// answers reads prepared bytes and records what is written.
type answers struct {
	in  *bytes.Reader
	out bytes.Buffer
}

func (a *answers) Read(b []byte) (int, error)  { return a.in.Read(b) }
func (a *answers) Write(b []byte) (int, error) { return a.out.Write(b) }

func serverBytes() []byte {
	b := make([]byte, 1+2*Size)
	s1 := pattern(100)
	_, _ = s1.Read(b)
	b[0] = Version
	return b
}

func TestClientWireForm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rest := []byte("what follows is not the handshake's")
		rw := &answers{in: bytes.NewReader(append(serverBytes(), rest...))}
		start := time.Now()
		time.Sleep(258 * time.Millisecond) // virtual: the time fields say 0x0102
		require.NoError(t, Client(rw, new(pattern), start, Simple))

		sent := rw.out.Bytes()
		require.Len(t, sent, 1+2*Size)
		require.EqualValues(t, Version, sent[0])
		c1, c2 := sent[1:1+Size], sent[1+Size:]
		require.Equal(t, []byte{0, 0, 1, 2, 0, 0, 0, 0}, c1[:8], "time, then zero: the simple form")
		require.Equal(t, []byte{0, 1, 2, 3}, c1[8:12], "random part")

		s1 := serverBytes()[1 : 1+Size]
		require.Equal(t, s1[:4], c2[:4], "C2 begins with the time of S1")
		require.EqualValues(t, 0x0102, binary.BigEndian.Uint32(c2[4:]), "then when S1 was read")
		require.Equal(t, s1[8:], c2[8:], "then the random part of S1")

		left, err := io.ReadAll(rw)
		require.NoError(t, err)
		require.Equal(t, rest, left)
	})
}

func TestClientTruncatedAtEveryLength(t *testing.T) {
	whole := serverBytes()
	for n := range whole {
		rw := &answers{in: bytes.NewReader(whole[:n])}
		err := Client(rw, new(pattern), time.Now(), Simple)
		require.Error(t, err)
		require.NotErrorIs(t, err, ErrVersion)
		if n <= Size {
			require.Equal(t, 1+Size, rw.out.Len(), "C2 is not sent before S1 is whole")
		}
	}
}

func TestClientRefusesOtherProtocols(t *testing.T) {
	for _, first := range []byte{0, 2, 6, 'H', 0x15, 255} {
		rw := &answers{in: bytes.NewReader(bytes.Repeat([]byte{first}, 1+2*Size))}
		require.ErrorIs(t, Client(rw, new(pattern), time.Now(), Simple), ErrVersion)
	}
}

func TestClientIsBoundByTheDeadline(t *testing.T) {
	for _, sent := range []int{0, 1, 1 + Size, 2 * Size} {
		synctest.Test(t, func(t *testing.T) {
			client, server := net.Pipe()
			defer client.Close()
			defer server.Close()
			start := time.Now()
			require.NoError(t, client.SetDeadline(start.Add(3*time.Second)))
			go func() { _, _ = io.Copy(io.Discard, server) }()
			go func() { _, _ = server.Write(serverBytes()[:sent]) }()
			require.ErrorIs(t, Client(client, new(pattern), start, Simple), os.ErrDeadlineExceeded)
			require.Equal(t, 3*time.Second, time.Since(start))
		})
	}
}

// FuzzClient checks that no answer panics, and that only one which begins with
// the version and is long enough is taken.
func FuzzClient(f *testing.F) {
	f.Add(serverBytes())
	f.Add([]byte("HTTP/1.1 400 Bad Request\r\n"))
	f.Add([]byte{3})
	f.Add(signedServerBytes(schemaA))
	f.Add(signedServerBytes(schemaB))
	f.Fuzz(func(t *testing.T, b []byte) {
		good := len(b) >= 1+2*Size && b[0] == Version
		for _, form := range []Form{Simple, Digest} {
			err := Client(&answers{in: bytes.NewReader(b)}, new(pattern), time.Now(), form)
			require.Equal(t, good, err == nil)
		}
	})
}
