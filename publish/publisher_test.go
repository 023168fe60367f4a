package publish_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/flv"
	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// What goes out for the simplest stream, to the byte.
func TestHeadersThenFramesToTheByte(t *testing.T) {
	s := start(t, rtmptest.Script{}, nil, videoInBand, rawAAC)
	aud, sei := []byte{0x09, 0xf0}, []byte{0x06, 0x04, 0x01, 0xb5, 0x80}
	s.write(1, 10*time.Second, 10*time.Second, []byte{0x21, 1})
	s.write(0, 10*time.Second, 10*time.Second+80*ms, annexB(aud, smallSPS, pps, sei, idr(1)))
	s.write(1, 10*time.Second+21333*time.Microsecond, 10*time.Second+21333*time.Microsecond, []byte{0x21, 2})
	s.write(0, 10*time.Second+40*ms, 10*time.Second+40*ms, annexB(aud, inter(2)))
	got := s.finish()
	require.Len(t, got, 7)

	metadata := got[0].Command()
	require.Equal(t, "@setDataFrame", metadata.Name)
	require.Equal(t, "onMetaData", metadata.Args[0])
	fields := metadata.Args[1].(amf0.ECMAArray)
	for name, want := range map[string]float64{
		"width": 64, "height": 48, "framerate": 25, "videocodecid": 7,
		"audiocodecid": 10, "audiosamplerate": 48000, "audiochannels": 2,
	} {
		require.Equal(t, want, fields.Number(name), name)
	}
	require.Equal(t, "RTMP Writer", fields.String("encoder"))

	require.Equal(t, append([]byte{0xaf, 0}, asc...), got[1].Body)
	require.Equal(t, []byte{0xaf, 1, 0x21, 1}, got[2].Body)
	require.Equal(t, append([]byte{0x17, 0, 0, 0, 0}, avcC(t, 4)...), got[3].Body)
	require.Equal(t, append([]byte{0x17, 1, 0, 0, 80}, prefixed(4, aud, smallSPS, pps, sei, idr(1))...), got[4].Body, "nothing is left out")
	require.Equal(t, []byte{0xaf, 1, 0x21, 2}, got[5].Body)
	require.Equal(t, append([]byte{0x27, 1, 0, 0, 0}, prefixed(4, aud, inter(2))...), got[6].Body)
	for i, want := range []uint32{0, 0, 0, 0, 0, 21, 40} {
		require.Equal(t, want, got[i].Timestamp, "message %d", i)
	}
	require.Equal(t, []string{"connect", "releaseStream", "FCPublish", "createStream", "publish", "FCUnpublish", "deleteStream"},
		s.session.Commands())
}

func TestNewParameterSetsBringANewHeaderBeforeTheirFrame(t *testing.T) {
	s := start(t, rtmptest.Script{}, nil, videoInBand)
	s.write(0, 0, 0, annexB(smallSPS, pps, idr(1)))
	s.write(0, 40*ms, 40*ms, annexB(smallSPS, pps, idr(2)))
	s.write(0, 80*ms, 80*ms, annexB(largeSPS, pps, idr(3)))
	s.write(0, 120*ms, 120*ms, annexB(inter(4)))
	got := s.finish()
	require.Len(t, got, 8)
	kinds := ""
	for _, m := range got {
		switch {
		case m.Type == 18:
			kinds += "M"
		case video(t, m).PacketType == flv.AVCSequenceHeader:
			kinds += "H"
		default:
			kinds += "f"
		}
	}
	require.Equal(t, "MHffMHff", kinds, "and metadata, because the size has changed")
	require.EqualValues(t, 80, got[5].Timestamp)
	c, err := flv.ParseAVCDecoderConfig(video(t, got[5]).Data)
	require.NoError(t, err)
	require.Equal(t, [][]byte{largeSPS}, c.SPS)
	require.Equal(t, 128.0, got[4].Command().Args[1].(amf0.ECMAArray).Number("width"))
}

// A change that the container or the caller tells, rather than the stream.
func TestNewConfigFromOutside(t *testing.T) {
	track := media.Track{Codec: media.CodecH264, Framing: media.FramingLengthPrefixed, NALLengthSize: 4, Config: avcC(t, 4)}
	s := start(t, rtmptest.Script{}, nil, track)
	large, err := flv.NewAVCDecoderConfig([][]byte{largeSPS}, [][]byte{pps})
	require.NoError(t, err)
	record, err := large.Append(nil)
	require.NoError(t, err)
	s.write(0, 0, 0, prefixed(4, idr(1)))
	require.NoError(t, s.Write(t.Context(), media.Packet{DTS: 40 * ms, PTS: 40 * ms, Config: record, Data: prefixed(4, idr(2))}))
	track.Framing, track.NALLengthSize, track.Config = media.FramingAnnexB, 0, nil
	require.NoError(t, s.SetTracks(track), "the framing may change too")
	s.write(0, 80*ms, 80*ms, annexB(smallSPS, pps, idr(3)))
	got := s.finish()
	headers := [][]byte{}
	for _, m := range got {
		if m.Type == 9 && m.Body[1] == flv.AVCSequenceHeader {
			headers = append(headers, m.Body[5:])
		}
	}
	require.Equal(t, [][]byte{avcC(t, 4), record, avcC(t, 4)}, headers)
	require.Error(t, s.SetTracks(rawAAC), "a video track stays one")
}

func TestShortLengthsBecomeFourBytes(t *testing.T) {
	for _, size := range []int{1, 2} {
		s := start(t, rtmptest.Script{}, nil, media.Track{
			Codec: media.CodecH264, Framing: media.FramingLengthPrefixed, NALLengthSize: size, Config: avcC(t, size),
		})
		s.write(0, 0, 0, prefixed(size, []byte{6, 1, 1, 1}, idr(1)))
		got := s.finish()
		require.Equal(t, avcC(t, 4), video(t, got[1]).Data)
		require.Equal(t, prefixed(4, []byte{6, 1, 1, 1}, idr(1)), video(t, got[2]).Data)
	}
}

func TestADTS(t *testing.T) {
	frame := func(rateIndex, fill byte) []byte {
		return []byte{0xff, 0xf1, 1<<6 | rateIndex<<2, 2 << 6, 0, 9 << 5 & 0xff, 0xfc, 0x21, fill}
	}
	// The length of 9 bytes stands in 13 bits over three bytes.
	adts := func(rateIndex, fill byte) []byte {
		b := frame(rateIndex, fill)
		b[4], b[5] = 9>>3, 9<<5&0xff|0x1f
		return b
	}
	s := start(t, rtmptest.Script{}, nil, adtsAAC)
	s.write(0, 0, 0, append(append(adts(3, 1), adts(3, 2)...), adts(3, 3)...))
	s.write(0, 64*ms, 64*ms, adts(3, 4))
	s.write(0, 85*ms, 85*ms, adts(4, 5)) // 44.1 kHz from here
	err := s.Write(t.Context(), media.Packet{DTS: 100 * ms, PTS: 100 * ms, Data: []byte("no ADTS header")})
	var refused *publish.PacketError
	require.ErrorAs(t, err, &refused)
	got := s.finish()
	var bodies [][]byte
	var times []uint32
	for _, m := range got {
		if m.Type == 8 {
			bodies = append(bodies, m.Body)
			times = append(times, m.Timestamp)
		}
	}
	require.Equal(t, [][]byte{
		{0xaf, 0, 0x11, 0x90}, {0xaf, 1, 0x21, 1}, {0xaf, 1, 0x21, 2}, {0xaf, 1, 0x21, 3}, {0xaf, 1, 0x21, 4},
		{0xaf, 0, 0x12, 0x10}, {0xaf, 1, 0x21, 5},
	}, bodies)
	require.Equal(t, []uint32{0, 0, 21, 43, 64, 85, 85}, times)
}

// Video that cannot be decoded yet is not sent, and counted.
func TestVideoBeginsWithAKeyframe(t *testing.T) {
	recovery := []byte{0x06, 0x06, 0x01, 0x84, 0x80}
	for name, key := range map[string][]byte{
		"IDR":            annexB(smallSPS, pps, idr(1)),
		"recovery point": annexB(smallSPS, pps, recovery, inter(1)),
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, rtmptest.Script{}, nil, videoInBand)
			s.write(0, 0, 0, annexB(inter(7)))
			s.write(0, 40*ms, 40*ms, annexB(idr(8))) // no parameter sets yet
			s.write(0, 80*ms, 80*ms, key)
			got := s.finish()
			require.Len(t, got, 3)
			require.EqualValues(t, 0x17, got[2].Body[0], "marked as a keyframe")
			require.Zero(t, got[2].Timestamp)
			require.Equal(t, 2, s.Stats().FramesSkipped)
		})
	}
}

// Rates that nobody told are measured, and told after five seconds.
func TestMeasuredRates(t *testing.T) {
	s := start(t, rtmptest.Script{}, nil, videoInBand, rawAAC)
	for i := range 200 {
		at := time.Duration(i) * 40 * ms
		data := annexB(append(inter(1), filler(1000-8)...)) // 1000 bytes with its length
		if i == 0 {
			data = annexB(smallSPS, pps, idr(1))
		}
		s.write(1, at, at, filler(100))
		s.write(0, at, at, data)
	}
	var told []amf0.ECMAArray
	for _, m := range s.finish() {
		if m.Type == 18 {
			told = append(told, m.Command().Args[1].(amf0.ECMAArray))
		}
	}
	require.Len(t, told, 2)
	_, known := told[0].Get("videodatarate")
	require.False(t, known, "not invented")
	require.InDelta(t, 200, told[1].Number("videodatarate"), 5)
	require.InDelta(t, 20, told[1].Number("audiodatarate"), 0.5)
	require.Equal(t, 25.0, told[1].Number("framerate"))
}
