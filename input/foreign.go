package input

import "bytes"

// signatures are first bytes of formats that are not read, so that the error
// can name them.
var signatures = []struct {
	at   int
	mark string
	what string
}{
	{0, "\x1aE\xdf\xa3", "Matroska or WebM"},
	{8, "AVI ", "AVI"},
	{8, "WAVE", "WAV"},
	{8, "WEBP", "a WebP image"},
	{0, "OggS", "Ogg"},
	{0, "fLaC", "FLAC"},
	{0, "ID3", "audio behind an ID3 tag (most likely MP3)"},
	{0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11", "ASF (WMV, WMA)"},
	{0, "\x06\x0e\x2b\x34", "MXF"},
	{0, "DKIF", "IVF"},
	{0, ".RMF", "RealMedia"},
	{0, "MThd", "MIDI"},
	{0, "#!AMR", "AMR"},
	{0, "YUV4MPEG2", "uncompressed video (YUV4MPEG2)"},
	{0, "\xff\xd8\xff", "a JPEG image"},
	{0, "\x89PNG", "a PNG image"},
	{0, "GIF8", "a GIF image"},
	{0, "BM", "a BMP image"},
	{0, "%PDF", "a PDF document"},
	{0, "PK\x03\x04", "a ZIP archive"},
	{0, "\x1f\x8b", "a gzip archive"},
	{0, "#EXTM3U", "an M3U or HLS playlist"},
	{0, "v=0", "an SDP description"},
	{0, "\x7fELF", "a program"},
	{0, "MZ", "a program"},
}

// foreign names the format of head, if it is one that is not read.
func foreign(head []byte) string {
	for _, s := range signatures {
		if len(head) > s.at && bytes.HasPrefix(head[s.at:], []byte(s.mark)) {
			return s.what
		}
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case bytes.HasPrefix(text, []byte("<MPD")) || bytes.HasPrefix(text, []byte("<?xml")) && bytes.Contains(text, []byte("<MPD")):
		return "a DASH manifest"
	case bytes.HasPrefix(text, []byte("<")):
		return "an XML or HTML text"
	}
	return ""
}
