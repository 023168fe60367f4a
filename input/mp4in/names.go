package mp4in

import "fmt"

// codecNames are the usual names behind four-character codes (mp4ra.org and
// QuickTime), for messages.
var codecNames = map[string]string{
	"avc1": "H.264", "avc2": "H.264", "avc3": "H.264", "avc4": "H.264",
	"hvc1": "HEVC", "hev1": "HEVC", "dvh1": "Dolby Vision HEVC", "dvhe": "Dolby Vision HEVC",
	"dva1": "Dolby Vision H.264", "dvav": "Dolby Vision H.264",
	"vvc1": "VVC", "vvi1": "VVC", "av01": "AV1", "vp08": "VP8", "vp09": "VP9",
	"mp4v": "MPEG-4 Visual", "s263": "H.263", "h263": "H.263", "mp2v": "MPEG-2 video",
	"jpeg": "JPEG", "mjpa": "Motion JPEG", "mjpb": "Motion JPEG", "png ": "PNG",
	"apcn": "ProRes 422", "apch": "ProRes 422 HQ", "apcs": "ProRes 422 LT", "apco": "ProRes 422 Proxy",
	"ap4h": "ProRes 4444", "ap4x": "ProRes 4444 XQ", "AVdn": "DNxHD", "AVdh": "DNxHR", "CFHD": "CineForm",
	"encv": "encrypted video", "enca": "encrypted audio",
	"mp4a": "AAC", ".mp3": "MP3", "ac-3": "AC-3", "ec-3": "E-AC-3", "ac-4": "AC-4", "dtsc": "DTS",
	"Opus": "Opus", "fLaC": "FLAC", "alac": "ALAC", "samr": "AMR", "sawb": "AMR-WB",
	"sowt": "PCM", "twos": "PCM", "lpcm": "PCM", "in24": "PCM", "in32": "PCM", "fl32": "PCM", "ipcm": "PCM",
	"raw ": "PCM", "ulaw": "G.711", "alaw": "G.711", "ima4": "ADPCM",
	"tx3g": "subtitles", "wvtt": "subtitles", "stpp": "subtitles", "c608": "captions", "c708": "captions",
	"text": "text", "tmcd": "timecode", "mett": "metadata", "metx": "metadata", "mebx": "metadata", "gpmd": "metadata",
}

// codecName is the name for a four-character code, with the code itself.
func codecName(code string) string {
	if name, ok := codecNames[code]; ok {
		return fmt.Sprintf("%s (%s)", name, code)
	}
	return fmt.Sprintf("%q", code)
}
