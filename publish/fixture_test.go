package publish_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rtmpwriter/flv"
	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

const ms = time.Millisecond

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Parameter sets of x264: Constrained Baseline, 64x48 and 128x96, 25 frames/s.
var (
	smallSPS = unhex("6742c00ad9047b011000000300100000030320f122648" + "0")
	largeSPS = unhex("6742c00ad9020db011000003000100000300320f12264" + "8")
	pps      = unhex("68cb83cb20")
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(s[:len(s)/2*2])
	if err != nil {
		panic(err)
	}
	return b
}

// annexB joins NAL units with start codes of 4 and 3 bytes.
func annexB(nals ...[]byte) (b []byte) {
	for i, nal := range nals {
		if i == 0 {
			b = append(b, 0)
		}
		b = append(append(b, 0, 0, 1), nal...)
	}
	return b
}

// prefixed joins NAL units with lengths of size bytes.
func prefixed(size int, nals ...[]byte) (b []byte) {
	for _, nal := range nals {
		for i := size - 1; i >= 0; i-- {
			b = append(b, byte(len(nal)>>(8*i)))
		}
		b = append(b, nal...)
	}
	return b
}

func idr(n byte) []byte   { return []byte{0x65, 0x88, n, 0x80} }
func inter(n byte) []byte { return []byte{0x41, 0x9a, n, 0x80} }

var (
	videoInBand = media.Track{Codec: media.CodecH264, Framing: media.FramingAnnexB}
	asc         = []byte{0x11, 0x90} // AAC LC, 48 kHz, stereo
	rawAAC      = media.Track{Codec: media.CodecAAC, Framing: media.FramingRaw, Config: asc}
	adtsAAC     = media.Track{Codec: media.CodecAAC, Framing: media.FramingADTS}
)

// avcC is the record of 64x48 with lengths of size bytes.
func avcC(t *testing.T, size int) []byte {
	t.Helper()
	c, err := flv.NewAVCDecoderConfig([][]byte{smallSPS}, [][]byte{pps})
	require.NoError(t, err)
	c.NALLengthSize = size
	b, err := c.Append(nil)
	require.NoError(t, err)
	return b
}

// stream is a publisher that runs against a scripted server in memory.
type stream struct {
	*publish.Publisher
	t      *testing.T
	server *rtmptest.Server
	ended  chan error
	// session is the one that finish looked at.
	session *rtmptest.Session
}

func start(t *testing.T, script rtmptest.Script, change func(*publish.Options), tracks ...media.Track) *stream {
	t.Helper()
	server := rtmptest.NewPipeServer(t, script)
	o := publish.DefaultOptions()
	o.URL = server.URL("live+s3cret")
	if change != nil {
		change(&o)
	}
	p, err := publish.New(o, publish.WithDialer(server.Dial))
	require.NoError(t, err)
	require.NoError(t, p.SetTracks(tracks...))
	s := &stream{Publisher: p, t: t, server: server, ended: make(chan error, 1)}
	go func() { s.ended <- p.Run(t.Context()) }()
	return s
}

func (s *stream) write(track int, dts, pts time.Duration, data []byte) {
	s.t.Helper()
	require.NoError(s.t, s.Write(s.t.Context(), media.Packet{Track: track, DTS: dts, PTS: pts, Data: data}))
}

// finish ends the stream and returns its media and data messages.
func (s *stream) finish() []rtmptest.Message {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	require.NoError(s.t, s.Shutdown(ctx))
	require.NoError(s.t, <-s.ended)
	s.session = s.server.Session()
	<-s.session.Ended()
	var list []rtmptest.Message
	for _, m := range s.session.Messages() {
		if m.Type == 8 || m.Type == 9 || m.Type == 18 {
			list = append(list, m)
		}
	}
	return list
}

// video parses a video message.
func video(t *testing.T, m rtmptest.Message) flv.VideoTag {
	t.Helper()
	require.EqualValues(t, 9, m.Type)
	tag, err := flv.ParseVideoTag(m.Body)
	require.NoError(t, err)
	return tag
}

// filler is payload that is no start code, and no zeros that would be trimmed.
func filler(n int) []byte { return bytes.Repeat([]byte{0xaa}, n) }
