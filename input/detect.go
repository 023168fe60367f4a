package input

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"rtmpwriter/media"
)

// The formats that Open reads.
const (
	formatMP4  = "mp4"
	formatFLV  = "flv"
	formatTS   = "ts"
	formatH264 = "h264"
	formatAAC  = "aac"
)

// headSize is how many first bytes tell the format: a transport stream that
// begins inside a packet needs the most, four packets and a bit.
const headSize = 1024

// detect finds the format by the first bytes, at most headSize of them. What it
// knows but the writer cannot publish is an error that names it.
func detect(head []byte) (string, error) {
	switch {
	case bytes.HasPrefix(head, []byte("FLV\x01")):
		return formatFLV, nil
	case isMP4(head):
		if what := imageBrand(head); what != "" {
			return "", unsupported(what)
		}
		return formatMP4, nil
	case isTS(head, 188), isTS(head, 192), isTS(head, 204): // plain, M2TS, with parity
		return formatTS, nil
	}
	if what := foreign(head); what != "" {
		return "", unsupported(what)
	}
	if at := startCode(head); at >= 0 {
		return annexB(head[at:])
	}
	return frames(head)
}

// unsupported names a format, with the way out that fits all of them.
func unsupported(what string) error {
	return &media.UnsupportedError{
		What: what,
		Hint: "inputs are MP4, MOV, FLV, MPEG-TS, raw H.264 and ADTS AAC; convert it, for example with ffmpeg",
	}
}

// isMP4 looks for a box that files begin with (ISO/IEC 14496-12, 4.2).
func isMP4(head []byte) bool {
	if len(head) < 8 {
		return false
	}
	switch size := binary.BigEndian.Uint32(head); string(head[4:8]) {
	case "ftyp", "moov", "moof", "mdat", "styp", "sidx", "free", "skip", "wide", "pnot":
		return size == 0 || size == 1 || size >= 8
	}
	return false
}

// imageBrand names the image formats that share the boxes of MP4.
func imageBrand(head []byte) string {
	if len(head) < 12 || string(head[4:8]) != "ftyp" {
		return ""
	}
	switch string(head[8:12]) {
	case "heic", "heix", "mif1", "msf1", "hevc":
		return "a HEIF image"
	case "avif", "avis":
		return "an AVIF image"
	}
	return ""
}

// isTS looks for the sync byte 0x47 at distances of size, as often as head has
// room for; a stream that does not begin with it must show four.
func isTS(head []byte, size int) bool {
	for from := 0; from < min(size, len(head)); from++ {
		n := 0
		for at := from; at < len(head) && head[at] == 0x47; at += size {
			n++
		}
		whole := (len(head) - from + size - 1) / size
		if n == whole && (n >= 4 || from == 0 && n > 0 && len(head) >= size) {
			return true
		}
	}
	return false
}

// startCode is the place behind the start code that head begins with, after any
// number of zero bytes, or -1.
func startCode(head []byte) int {
	zeros := 0
	for zeros < len(head) && head[zeros] == 0 {
		zeros++
	}
	if zeros < 2 || zeros+1 >= len(head) || head[zeros] != 1 {
		return -1
	}
	return zeros + 1
}

// annexB tells what follows a start code: H.264 or an older or newer coding.
func annexB(b []byte) (string, error) {
	switch b[0] {
	case 0xba:
		return "", unsupported("an MPEG program stream")
	case 0xb3:
		return "", unsupported("MPEG-1 or MPEG-2 video")
	case 0xb0, 0xb5:
		return "", unsupported("MPEG-4 Visual")
	case 0x40, 0x42, 0x44, 0x46: // VPS, SPS, PPS, AUD; no H.264 begins so
		return "", unsupported("raw HEVC")
	}
	t := media.NALType(b)
	if b[0]&0x80 == 0 && (t == media.NALSlice || t >= media.NALIDR && t <= media.NALAUD) {
		return formatH264, nil
	}
	return "", unknown(b)
}

// frames tells ADTS from MPEG audio, whose frames begin with the same bits, by
// the layer (ISO/IEC 13818-7, 6.2; 11172-3, 2.4.2.3).
func frames(b []byte) (string, error) {
	if len(b) < 7 || b[0] != 0xff {
		return "", unknown(b)
	}
	switch layer := b[1] >> 1 & 3; {
	case b[1]&0xf0 == 0xf0 && layer == 0:
		size := int(b[3]&3)<<11 | int(b[4])<<3 | int(b[5])>>5
		if size >= 7 && (size+1 >= len(b) || b[size] == 0xff && b[size+1]&0xf6 == 0xf0) {
			return formatAAC, nil
		}
	case b[1]&0xe0 == 0xe0 && layer == 1:
		return "", unsupported("MP3")
	case b[1]&0xe0 == 0xe0 && layer > 1:
		return "", unsupported("MPEG audio (layer I or II)")
	}
	return "", unknown(b)
}

func unknown(b []byte) error {
	return unsupported(fmt.Sprintf("an unknown format that begins with % x", b[:min(8, len(b))]))
}
