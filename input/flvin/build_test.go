package flvin

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/flv"
	"rtmpwriter/media"
)

// Configurations of x264 for 64x64 at 25 frames a second, and of AAC.
var (
	highConfig = unhex("0164000affe100186764000aacd94426c044000003000400000300c83c48965801000668ebe3cb22c0fdf8f800")
	mainConfig = unhex("014d400affe10017674d400aeca2136022000003000200000300641e244b2c01000568ebe3cb20")
	stereo44   = []byte{0x12, 0x10}
	mono48     = []byte{0x11, 0x88}
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// builder builds an FLV file tag by tag.
type builder struct {
	t testing.TB
	b bytes.Buffer
	w *flv.Writer
}

func build(t testing.TB, hasVideo, hasAudio bool) *builder {
	f := &builder{t: t}
	var err error
	f.w, err = flv.NewWriter(&f.b, hasVideo, hasAudio)
	require.NoError(t, err)
	return f
}

func (f *builder) tag(kind flv.TagType, ts uint32, body ...byte) *builder {
	require.NoError(f.t, f.w.WriteTag(kind, ts, body))
	return f
}

func (f *builder) video(ts uint32, frame flv.FrameType, packet uint8, cts int32, data ...byte) *builder {
	header := flv.VideoTag{FrameType: frame, PacketType: packet, CompositionTime: cts}.AppendHeader(nil)
	return f.tag(flv.TagVideo, ts, append(header, data...)...)
}

func (f *builder) audio(ts uint32, packet uint8, data ...byte) *builder {
	return f.tag(flv.TagAudio, ts, append(flv.AudioTag{PacketType: packet}.AppendHeader(nil), data...)...)
}

func (f *builder) metadata(m flv.Metadata) *builder {
	body, err := m.Append(nil)
	require.NoError(f.t, err)
	return f.tag(flv.TagScript, 0, body...)
}

func (f *builder) configs() *builder {
	return f.video(0, flv.FrameKey, flv.AVCSequenceHeader, 0, highConfig...).audio(0, flv.AACSequenceHeader, stereo44...)
}

// gops writes n groups of 10 pictures, 40 ms each, with audio every 20 ms. The
// bytes of each frame tell its time.
func (f *builder) gops(n int) *builder {
	for i := range uint32(10 * n) {
		frame := flv.FrameInter
		if i%10 == 0 {
			frame = flv.FrameKey
		}
		f.video(40*i, frame, flv.AVCNALU, 80, 0, 0, 0, 2, 0x41, byte(i))
		f.audio(40*i+1, flv.AACRaw, 0x21, byte(2*i)).audio(40*i+21, flv.AACRaw, 0x21, byte(2*i+1))
	}
	return f
}

func (f *builder) bytes() []byte { return f.b.Bytes() }

// pipe hides that the bytes could be sought in.
func (f *builder) pipe() io.Reader { return io.MultiReader(bytes.NewReader(f.bytes())) }

func (f *builder) file() io.ReadSeeker { return bytes.NewReader(f.bytes()) }

// plain is a packet with data that outlives its buffer, times in ms.
type plain struct {
	track    int
	dts, pts int64
	key      bool
	data     string
	config   string
}

// drain reads to the end and closes.
func drain(t testing.TB, s *Source) (packets []plain, damages []*media.DamageError, end error) {
	defer func() { require.NoError(t, s.Close()) }()
	for range 1 << 20 {
		p, err := s.Next()
		var damage *media.DamageError
		switch {
		case err == nil:
			require.Less(t, p.Track, len(s.Tracks()))
			packets = append(packets, plain{p.Track, p.DTS.Milliseconds(), p.PTS.Milliseconds(), p.Keyframe, string(p.Data), string(p.Config)})
			p.Release()
		case errors.As(err, &damage):
			damages = append(damages, damage)
		default:
			return packets, damages, err
		}
	}
	require.Fail(t, "the source comes to no end")
	return nil, nil, nil
}

// readWhole opens and reads what must be free of errors.
func readWhole(t testing.TB, r io.Reader, start time.Duration) (*Source, []plain) {
	s, err := Open(r, Options{Start: start})
	require.NoError(t, err)
	packets, damages, err := drain(t, s)
	require.Equal(t, io.EOF, err)
	require.Empty(t, damages)
	return s, packets
}
