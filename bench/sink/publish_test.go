package sink

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rtmpwriter/flv"
	"rtmpwriter/media"
	"rtmpwriter/publish"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Parameter sets of 1920x1080, High, as x264 writes them.
var (
	sps = []byte{0x67, 0x64, 0x00, 0x28, 0xac, 0xd9, 0x40, 0x78, 0x02, 0x27, 0xe5, 0xc0, 0x44, 0x00, 0x00, 0x03, 0x00, 0x04, 0x00, 0x00, 0x03, 0x00, 0xf0, 0x3c, 0x60, 0xc6, 0x58}
	pps = []byte{0x68, 0xeb, 0xe3, 0xcb, 0x22, 0xc0}
)

// patience is how long a test waits for what comes at once.
func patience(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// fresh is a sink that ends with the test.
func fresh(t testing.TB) *Sink {
	t.Helper()
	s, err := New()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// connected is a publisher with a picture and a sound track that runs.
type connected struct {
	*publish.Publisher
	ended chan error
}

// connect starts a publisher; its Run ends with finish, or with the server.
func connect(t testing.TB, url string, chunkSize int) *connected {
	t.Helper()
	o := publish.DefaultOptions()
	o.URL, o.ChunkSize, o.ReconnectAttempts = url, chunkSize, 0
	p, err := publish.New(o, publish.WithTLSConfig(&tls.Config{InsecureSkipVerify: true}))
	require.NoError(t, err)
	record, err := flv.NewAVCDecoderConfig([][]byte{sps}, [][]byte{pps})
	require.NoError(t, err)
	config, err := record.Append(nil)
	require.NoError(t, err)
	require.NoError(t, p.SetTracks(
		media.Track{Codec: media.CodecH264, Framing: media.FramingLengthPrefixed, NALLengthSize: 4, Config: config},
		media.Track{Codec: media.CodecAAC, Framing: media.FramingRaw, Config: []byte{0x11, 0x90}},
	))
	c := &connected{Publisher: p, ended: make(chan error, 1)}
	ctx := t.Context()
	go func() { c.ended <- p.Run(ctx) }() // ends with Shutdown, or the server
	return c
}

func (c *connected) finish(t testing.TB) {
	t.Helper()
	require.NoError(t, c.Shutdown(patience(t)))
	require.NoError(t, <-c.ended)
}

// send writes pictures and sounds with bodies of these sizes, each track from a
// goroutine of its own.
func (c *connected) send(t testing.TB, pictures, sounds []int, stamped bool) {
	t.Helper()
	ctx := patience(t)
	var both sync.WaitGroup
	var failed [2]error
	both.Go(func() {
		for i, size := range pictures {
			at := time.Duration(i) * time.Second / 30
			p := media.Packet{DTS: at, PTS: at, Keyframe: true, Data: picture(size, stamped)[5:]}
			if failed[0] = c.Write(ctx, p); failed[0] != nil {
				return
			}
		}
		c.EndTrack(0)
	})
	both.Go(func() {
		for i, size := range sounds {
			at := time.Duration(i) * 1024 * time.Second / 48000
			if failed[1] = c.Write(ctx, media.Packet{Track: 1, DTS: at, PTS: at, Data: append([]byte{0x21}, make([]byte, size-3)...)}); failed[1] != nil {
				return
			}
		}
		c.EndTrack(1)
	})
	both.Wait()
	require.NoError(t, failed[0])
	require.NoError(t, failed[1])
}

// picture is a tag body of one slice of an IDR picture.
func picture(size int, stamped bool) []byte {
	b := append([]byte{0x17, 1, 0, 0, 0}, make([]byte, size-5)...)
	for i := range b[5:] {
		b[5+i] = 0x55
	}
	binary.BigEndian.PutUint32(b[5:], uint32(size-9))
	b[9] = 0x65
	if stamped {
		Stamp(b)
	}
	return b
}

// recorded is what a publisher sends to a sink.
func recorded(t testing.TB, chunkSize int, pictures, sounds []int) []byte {
	t.Helper()
	s := fresh(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var taken []byte
	var failed error
	done := make(chan struct{})
	go func() { // ends with the publisher's connection
		defer close(done)
		taken, failed = relay(l, s.Addr())
	}()
	p := connect(t, "rtmp://"+l.Addr().String()+"/live/key", chunkSize)
	p.send(t, pictures, sounds, true)
	p.finish(t)
	<-done
	require.NoError(t, failed)
	require.NoError(t, l.Close())
	return taken
}

// relay connects one publisher with a server, and keeps what it sends.
func relay(l net.Listener, server string) (taken []byte, err error) {
	from, err := l.Accept()
	if err != nil {
		return nil, err
	}
	defer from.Close()
	to, err := net.Dial("tcp", server)
	if err != nil {
		return nil, err
	}
	answers := make(chan struct{})
	go func() { // ends with either connection
		defer close(answers)
		_, _ = io.Copy(from, to)
	}()
	b := make([]byte, 4096)
	for err == nil {
		var n int
		n, err = from.Read(b)
		taken = append(taken, b[:n]...)
		_, _ = to.Write(b[:n]) // the sink is there until from ends
	}
	if err == io.EOF {
		err = nil
	}
	_ = to.Close()
	<-answers
	return taken, err
}

// openFiles counts what the process has open.
func openFiles(t testing.TB) int {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(files)
}
