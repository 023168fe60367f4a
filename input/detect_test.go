package input

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

// transport is n packets of a transport stream, of size bytes each, with lead
// bytes before the first.
func transport(n, size, lead int) []byte {
	b := bytes.Repeat([]byte{9}, lead)
	for range n {
		b = append(append(b, 0x47), make([]byte, size-1)...)
	}
	return b
}

func TestDetect(t *testing.T) {
	for _, c := range []struct {
		name, format string
		head         []byte
	}{
		{"MP4", formatMP4, []byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00")},
		{"MOV without ftyp", formatMP4, []byte("\x00\x00\x00\x08wide\x00\x00\x00\x00mdat")},
		{"mdat to the end", formatMP4, []byte("\x00\x00\x00\x00mdat")},
		{"fragment", formatMP4, []byte("\x00\x00\x00\x18stypmsdh")},
		{"FLV", formatFLV, []byte("FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00")},
		{"FLV, first bytes", formatFLV, []byte("FLV\x01")},
		{"TS", formatTS, transport(5, 188, 0)},
		{"TS of one packet", formatTS, transport(1, 188, 0)},
		{"TS inside a packet", formatTS, transport(5, 188, 77)},
		{"M2TS", formatTS, transport(5, 192, 4)},
		{"TS with parity", formatTS, transport(5, 204, 0)},
		{"Annex B with AUD", formatH264, []byte{0, 0, 0, 1, 9, 0xf0, 0, 0, 0, 1, 0x67}},
		{"Annex B with SPS", formatH264, []byte{0, 0, 1, 0x67, 0x42, 0, 30}},
		{"Annex B with zeros", formatH264, []byte{0, 0, 0, 0, 0, 0, 1, 0x06, 5}},
		{"ADTS", formatAAC, []byte{0xff, 0xf1, 0x50, 0x80, 0x01, 0x1f, 0xfc, 0, 0xff, 0xf1, 0x50, 0x80}},
	} {
		got, err := detect(c.head)
		require.NoError(t, err, c.name)
		require.Equal(t, c.format, got, c.name)
	}
}

func TestDetectNamesOthers(t *testing.T) {
	for _, c := range []struct {
		want string
		head []byte
	}{
		{"Matroska", []byte("\x1aE\xdf\xa3\x01\x00\x00\x00")},
		{"AVI", []byte("RIFF\x10\x00\x00\x00AVI LIST")},
		{"WAV", []byte("RIFF\x10\x00\x00\x00WAVEfmt ")},
		{"Ogg", []byte("OggS\x00\x02\x00\x00")},
		{"ID3", []byte("ID3\x04\x00\x00\x00\x00")},
		{"MP3", []byte{0xff, 0xfb, 0x90, 0x64, 0, 0, 0, 0}},
		{"layer I or II", []byte{0xff, 0xfd, 0x90, 0x64, 0, 0, 0, 0}},
		{"JPEG", []byte("\xff\xd8\xff\xe0\x00\x10JFIF")},
		{"HEIF", []byte("\x00\x00\x00\x18ftypheic\x00\x00")},
		{"AVIF", []byte("\x00\x00\x00\x18ftypavif\x00\x00")},
		{"HLS", []byte("#EXTM3U\n#EXT-X-VERSION:3\n")},
		{"DASH", []byte("<?xml version=\"1.0\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\">")},
		{"XML or HTML", []byte("\n<!DOCTYPE html>")},
		{"raw HEVC", []byte{0, 0, 0, 1, 0x40, 1, 12, 1}},
		{"program stream", []byte{0, 0, 1, 0xba, 0x44, 0}},
		{"MPEG-1 or MPEG-2", []byte{0, 0, 1, 0xb3, 0x14, 0}},
		{"MPEG-4 Visual", []byte{0, 0, 1, 0xb0, 0x01, 0}},
		{"begins with 7a 7a 7a 7a", []byte("zzzz")},
		{"begins with 00 00 00 00", make([]byte, 1000)},
		{"begins with ff f1 00 00", []byte{0xff, 0xf1, 0, 0, 0, 0, 0, 0}},
	} {
		_, err := detect(c.head)
		var unsupported *media.UnsupportedError
		require.ErrorAs(t, err, &unsupported, c.want)
		require.ErrorContains(t, err, c.want)
		require.NotEmpty(t, unsupported.Hint)
	}
}

// FuzzDetect checks that any first bytes get a format or an error with a name.
func FuzzDetect(f *testing.F) {
	f.Add([]byte{0, 0, 1})
	f.Add([]byte("\x00\x00\x00\x18ftyp"))
	f.Add(transport(5, 188, 3))
	f.Add([]byte{0xff, 0xf1, 0x50, 0x80, 0xff, 0xff, 0xfc})
	f.Fuzz(func(t *testing.T, head []byte) {
		format, err := detect(head)
		if err != nil {
			require.Empty(t, format)
			require.NotEqual(t, "not supported: ", err.Error())
			return
		}
		require.Contains(t, Formats(), format)
	})
}
