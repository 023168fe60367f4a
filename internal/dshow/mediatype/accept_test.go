package mediatype

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/internal/com"
)

var (
	videoSubtypes = []com.GUID{SubtypeH264, SubtypeH264Lower, SubtypeAVC1, SubtypeAVC1Lower}
	audioSubtypes = []com.GUID{SubtypeRawAAC, SubtypeADTS, SubtypeHEAAC}
)

func TestAccept(t *testing.T) {
	for _, subtype := range videoSubtypes {
		for name, m := range map[string]MediaType{
			"no block":                 {Format: FormatNone},
			"no block but bytes":       {Format: FormatNone, Block: []byte{1}},
			"partial":                  {},
			"MPEG2, no header":         {Format: FormatMPEG2Video, Block: mpeg2Video(0, nil)},
			"MPEG2, a compiler's size": {Format: FormatMPEG2Video, Block: append(mpeg2Video(4, nil), 0, 0, 0, 0)},
			"MPEG2, garbage header":    {Format: FormatMPEG2Video, Block: mpeg2Video(4, []byte{1, 2, 3})},
			"MPEG2, start codes":       {Format: FormatMPEG2Video, Block: mpeg2Video(1, annexB(4, sps, pps))},
			"MPEG2, lengths":           {Format: FormatMPEG2Video, Block: mpeg2Video(2, prefixed(2, sps, pps))},
			"MPEG2, record":            {Format: FormatMPEG2Video, Block: mpeg2Video(4, avcC)},
			"VideoInfo":                {Format: FormatVideoInfo, Block: videoInfo(nil)},
			"VideoInfo, extra":         {Format: FormatVideoInfo, Block: videoInfo(avcC)},
			"VideoInfo2":               {Format: FormatVideoInfo2, Block: videoInfo2(nil)},
		} {
			m.Major, m.Subtype = MajorVideo, subtype
			before := bytes.Clone(m.Block)
			require.NoError(t, Accept(Video, m), name)
			require.Equal(t, before, m.Block, "only read")
			require.Error(t, Accept(Audio, m), name)
			publishable(t, NewStream(Video, m).Track())
		}
	}
	for _, subtype := range audioSubtypes {
		for name, m := range map[string]MediaType{
			"no block":     {Format: FormatNone},
			"partial":      {},
			"no config":    {Format: FormatWaveFormatEx, Block: waveFormat(0xff, 2, 44100, nil)},
			"config":       {Format: FormatWaveFormatEx, Block: waveFormat(0xff, 2, 44100, []byte{0x12, 0x10})},
			"garbage":      {Format: FormatWaveFormatEx, Block: waveFormat(0xff, 0, 0, []byte{0xff, 0xff, 0xff})},
			"mono":         {Format: FormatWaveFormatEx, Block: waveFormat(0xff, 1, 8000, nil)},
			"bytes behind": {Format: FormatWaveFormatEx, Block: append(waveFormat(0xff, 2, 44100, nil), 1, 2, 3)},
			"HE raw":       {Format: FormatWaveFormatEx, Block: waveFormat(0x1610, 2, 24000, heaac(0, []byte{0x13, 0x10}))},
			"HE ADTS":      {Format: FormatWaveFormatEx, Block: waveFormat(0x1610, 2, 24000, heaac(1, nil))},
		} {
			m.Major, m.Subtype = MajorAudio, subtype
			require.NoError(t, Accept(Audio, m), name)
			require.Error(t, Accept(Video, m), name)
			publishable(t, NewStream(Audio, m).Track())
		}
	}
}

func TestAcceptLegalOddities(t *testing.T) {
	block := mpeg2Video(0, nil)
	binary.LittleEndian.PutUint32(block[72+8:], 0xfffffef2) // height of -270
	require.NoError(t, Accept(Video, MediaType{MajorVideo, SubtypeH264, FormatMPEG2Video, block}))
	block = bytes.Repeat([]byte{0xff}, 132)
	binary.LittleEndian.PutUint32(block[116:], 0)
	require.NoError(t, Accept(Video, MediaType{MajorVideo, SubtypeH264, FormatMPEG2Video, block}), "dwFlags counts for AVC1 alone")
	require.NoError(t, Accept(Video, MediaType{MajorVideo, SubtypeH264, FormatVideoInfo, bytes.Repeat([]byte{0xff}, 88)}))
}

func TestAcceptRefuses(t *testing.T) {
	wave := waveFormat(0xff, 2, 44100, nil)
	for _, c := range []struct {
		pin  Pin
		t    MediaType
		want string
	}{
		{Video, MediaType{}, "GUID_NULL / GUID_NULL with GUID_NULL: the video pin takes H.264"},
		{Video, MediaType{Major: MajorVideo, Format: FormatNone}, "GUID_NULL with FORMAT_None"},
		{Video, MediaType{MajorVideo, fourCC("YUY2"), FormatVideoInfo, videoInfo(nil)}, "vids / YUY2"},
		{Video, MediaType{MajorVideo, fourCC("H265"), FormatNone, nil}, "H265"},
		{Video, MediaType{MajorVideo, com.MustGUID("{E436EB7D-524F-11CE-9F53-0020AF0BA770}"), FormatVideoInfo, videoInfo(nil)}, "{E436EB7D"}, // RGB24
		{Video, MediaType{MajorAudio, SubtypeH264, FormatNone, nil}, "takes the major type vids"},
		{Video, MediaType{formatOpen, SubtypeH264, FormatNone, nil}, "takes the major type vids"},
		{Video, MediaType{MajorVideo, SubtypeH264, FormatWaveFormatEx, wave}, "with FORMAT_WaveFormatEx"},
		{Video, MediaType{MajorVideo, SubtypeH264, com.MustGUID("{05589F84-C356-11CE-BF01-00AA0055595A}"), videoInfo(nil)}, "{05589F84"}, // FORMAT_DvInfo
		{Video, MediaType{MajorVideo, SubtypeAVC1, FormatMPEG2Video, mpeg2Video(3, nil)}, "lengths of 3 bytes"},
		{Video, MediaType{MajorVideo, SubtypeAVC1Lower, FormatMPEG2Video, mpeg2Video(5, nil)}, "lengths of 5 bytes"},
		{Video, MediaType{MajorVideo, SubtypeAVC1, FormatMPEG2Video, mpeg2Video(0xffffffff, nil)}, "lengths of 4294967295 bytes"},
		{Audio, MediaType{MajorAudio, com.FourCC(1), FormatWaveFormatEx, waveFormat(1, 2, 44100, nil)}, "auds / 0x0001"},    // PCM
		{Audio, MediaType{MajorAudio, com.FourCC(0x55), FormatWaveFormatEx, waveFormat(1, 2, 44100, nil)}, "auds / 0x0055"}, // MP3
		{Audio, MediaType{MajorAudio, com.FourCC(0x1602), FormatNone, nil}, "auds / 0x1602"},                                // LOAS
		{Audio, MediaType{Major: MajorAudio, Format: FormatNone}, "GUID_NULL with FORMAT_None"},
		{Audio, MediaType{MajorVideo, SubtypeRawAAC, FormatNone, nil}, "takes the major type auds"},
		{Audio, MediaType{MajorAudio, SubtypeRawAAC, FormatVideoInfo, videoInfo(nil)}, "with FORMAT_VideoInfo"},
		{Audio, MediaType{MajorAudio, SubtypeRawAAC, FormatMPEG2Video, mpeg2Video(0, nil)}, "with FORMAT_MPEG2_VIDEO"},
		{Audio, MediaType{MajorAudio, SubtypeHEAAC, FormatWaveFormatEx, waveFormat(0x1610, 2, 24000, heaac(2, nil))}, "payload type 2"},
		{Audio, MediaType{MajorAudio, SubtypeHEAAC, FormatWaveFormatEx, waveFormat(0x1610, 2, 24000, heaac(3, []byte{0x13, 0x10}))}, "payload type 3"},
		{Audio, MediaType{MajorAudio, SubtypeRawAAC, FormatWaveFormatEx, waveFormat(0x1610, 2, 24000, heaac(3, nil))}, "payload type 3"},
	} {
		require.ErrorContains(t, Accept(c.pin, c.t), c.want)
	}
}

// Every block is cut at every length: what lacks a byte of the structure, or of
// what it promises behind it, is refused. A stream of it may be made all the same.
func TestAcceptRefusesShortBlocks(t *testing.T) {
	for _, c := range []struct {
		pin   Pin
		t     MediaType
		least int
	}{
		{Video, MediaType{MajorVideo, SubtypeH264, FormatVideoInfo, videoInfo(avcC)}, 88},
		{Video, MediaType{MajorVideo, SubtypeH264, FormatVideoInfo2, videoInfo2(avcC)}, 112},
		{Video, MediaType{MajorVideo, SubtypeH264, FormatMPEG2Video, mpeg2Video(4, nil)}, 132},
		{Video, MediaType{MajorVideo, SubtypeAVC1, FormatMPEG2Video, mpeg2Video(4, avcC)}, 132 + len(avcC)},
		{Video, MediaType{MajorVideo, SubtypeAVC1, FormatMPEG2Video, mpeg2Video(4, prefixed(2, sps, pps))}, 132 + 2 + len(sps) + 2 + len(pps)},
		{Audio, MediaType{MajorAudio, SubtypeRawAAC, FormatWaveFormatEx, waveFormat(0xff, 2, 48000, nil)}, 18},
		{Audio, MediaType{MajorAudio, SubtypeRawAAC, FormatWaveFormatEx, waveFormat(0xff, 2, 48000, []byte{0x11, 0x90})}, 20},
		{Audio, MediaType{MajorAudio, SubtypeHEAAC, FormatWaveFormatEx, waveFormat(0x1610, 2, 24000, heaac(0, []byte{0x13, 0x10}))}, 32},
	} {
		whole := c.t.Block
		for n := range len(whole) + 1 {
			// A copy of its own, so that a byte read behind it is noticed.
			c.t.Block = append(make([]byte, 0, n), whole[:n]...)
			err := Accept(c.pin, c.t)
			require.Equal(t, n >= c.least, err == nil, "%s of %d bytes: %v", formatName(c.t.Format), n, err)
			publishable(t, NewStream(c.pin, c.t).Track())
		}
		c.t.Block = nil
		require.ErrorContains(t, Accept(c.pin, c.t), "of 0 bytes")
	}
}

func TestAcceptRefusesHugeSizes(t *testing.T) {
	for _, size := range []uint32{1, 5, 0x7fffffff, 0x80000000, 0xffffffff} {
		block := mpeg2Video(4, nil)
		binary.LittleEndian.PutUint32(block[116:], size)
		require.ErrorContains(t, Accept(Video, MediaType{MajorVideo, SubtypeAVC1, FormatMPEG2Video, block}), "sequence header of")
		block = videoInfo(avcC)
		binary.LittleEndian.PutUint32(block[48:], size) // biSize promises nothing
		require.NoError(t, Accept(Video, MediaType{MajorVideo, SubtypeH264, FormatVideoInfo, block}))
	}
	for _, size := range []uint16{1, 3, 0x7fff, 0x8000, 0xffff} {
		block := waveFormat(0xff, 2, 48000, nil)
		binary.LittleEndian.PutUint16(block[16:], size)
		require.ErrorContains(t, Accept(Audio, MediaType{MajorAudio, SubtypeRawAAC, FormatWaveFormatEx, block}), "cbSize")
	}
}

func TestTypesAreTheDocumentedOnes(t *testing.T) {
	require.Equal(t, []MediaType{{Major: MajorVideo, Subtype: SubtypeH264}, {Major: MajorVideo, Subtype: SubtypeH264Lower}}, Types(Video))
	require.Equal(t, []MediaType{{Major: MajorAudio, Subtype: SubtypeRawAAC}}, Types(Audio))
	for _, pin := range []Pin{Video, Audio} {
		for _, m := range Types(pin) {
			require.NoError(t, Accept(pin, m))
		}
	}
	require.Equal(t, "video audio", Video.String()+" "+Audio.String())
}
