package mediatype

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// The structures as the headers of Windows declare them; fields that nothing
// looks at have no name. WAVEFORMATEX is packed there, which Go cannot say, so
// its last field is looked at alone.
type (
	rect       [4]int32
	bitmapInfo struct {
		_, width, height uint32 // biSize, biWidth, biHeight
		_                [7]uint32
	}
	videoInfoHeader struct {
		_, _       rect // rcSource, rcTarget
		bitRate, _ uint32
		frameTime  int64
		bitmap     bitmapInfo
	}
	videoInfoHeader2 struct {
		_, _       rect // rcSource, rcTarget
		bitRate, _ uint32
		frameTime  int64
		_          [6]uint32 // dwInterlaceFlags to dwReserved2
		bitmap     bitmapInfo
	}
	mpeg2VideoInfo struct {
		_            videoInfoHeader2
		_            uint32 // dwStartTimeCode
		sequenceSize uint32
		_, _         uint32 // dwProfile, dwLevel
		flags        uint32
		sequence     [1]uint32
	}
	waveFormatEx struct {
		_, channels          uint16
		sampleRate, byteRate uint32
		_, _, size           uint16
	}
)

func TestLayoutOfStructures(t *testing.T) {
	var v videoInfoHeader
	require.EqualValues(t, videoInfoSize, unsafe.Sizeof(v))
	require.EqualValues(t, bitRateAt, unsafe.Offsetof(v.bitRate))
	require.EqualValues(t, frameTimeAt, unsafe.Offsetof(v.frameTime))
	require.EqualValues(t, videoInfoBitmapAt, unsafe.Offsetof(v.bitmap))
	require.EqualValues(t, bitmapSize, unsafe.Sizeof(v.bitmap))
	require.EqualValues(t, bitmapWidthAt, unsafe.Offsetof(v.bitmap.width))
	require.EqualValues(t, bitmapHeightAt, unsafe.Offsetof(v.bitmap.height))
	require.Equal(t, 48+40, videoInfoSize)

	var v2 videoInfoHeader2
	require.EqualValues(t, videoInfo2Size, unsafe.Sizeof(v2))
	require.EqualValues(t, bitRateAt, unsafe.Offsetof(v2.bitRate))
	require.EqualValues(t, frameTimeAt, unsafe.Offsetof(v2.frameTime))
	require.EqualValues(t, videoInfo2BitmapAt, unsafe.Offsetof(v2.bitmap))
	require.Equal(t, 72+40, videoInfo2Size)

	var m mpeg2VideoInfo
	require.EqualValues(t, sequenceSizeAt, unsafe.Offsetof(m.sequenceSize))
	require.EqualValues(t, lengthSizeAt, unsafe.Offsetof(m.flags))
	require.EqualValues(t, mpeg2VideoSize, unsafe.Offsetof(m.sequence))
	require.Equal(t, 116, sequenceSizeAt)
	require.Equal(t, 132, mpeg2VideoSize)

	var w waveFormatEx
	require.EqualValues(t, channelsAt, unsafe.Offsetof(w.channels))
	require.EqualValues(t, sampleRateAt, unsafe.Offsetof(w.sampleRate))
	require.EqualValues(t, byteRateAt, unsafe.Offsetof(w.byteRate))
	require.EqualValues(t, extraSizeAt, unsafe.Offsetof(w.size))
	require.EqualValues(t, waveFormatSize, unsafe.Offsetof(w.size)+2, "packed: the compiler's padding is not there")
	require.Equal(t, 18, waveFormatSize)
	require.Equal(t, 12, heaacInfoSize)
}

func TestTypeNames(t *testing.T) {
	for name, g := range map[string]string{
		"H264": typeName(SubtypeH264), "avc1": typeName(SubtypeAVC1Lower), "vids": typeName(MajorVideo), "auds": typeName(MajorAudio),
		"0x00FF": typeName(SubtypeRawAAC), "0x1600": typeName(SubtypeADTS), "0x1610": typeName(SubtypeHEAAC), "GUID_NULL": typeName(formatOpen),
		"FORMAT_None": formatName(FormatNone), "{05589F81-C356-11CE-BF01-00AA0055595A}": typeName(FormatWaveFormatEx),
		"{00000007-0000-0010-8000-00AA00389B71}": formatName(fourCC("\x07\x00\x00\x00")), "{07616161-0000-0010-8000-00AA00389B71}": typeName(fourCC("aaa\x07")),
	} {
		require.Equal(t, name, g)
	}
	require.Equal(t, "{34363248-0000-0010-8000-00AA00389B71}", SubtypeH264.String())
	require.Equal(t, "{34363268-0000-0010-8000-00AA00389B71}", SubtypeH264Lower.String())
	require.Equal(t, "{000000FF-0000-0010-8000-00AA00389B71}", SubtypeRawAAC.String())
	require.Equal(t, "{73646976-0000-0010-8000-00AA00389B71}", MajorVideo.String())
	require.Equal(t, "{73647561-0000-0010-8000-00AA00389B71}", MajorAudio.String())
}
