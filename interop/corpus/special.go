package corpus

import (
	"bytes"
	"os"
	"path/filepath"
)

// recipes is raised when a function below changes, so that its clip is made
// again.
const recipes = 1

// temporary is a file beside out that the caller removes.
func temporary(out, name string) string {
	return filepath.Join(filepath.Dir(out), "unfinished-"+name)
}

// encode makes a clip's file without adding it to the corpus.
func (b *builder) encode(file, source, video, audio, mux string) error {
	return b.run(Clip{source: source, video: video, audio: audio, mux: mux}, file)
}

// captions is a clip whose every picture carries two bytes of closed captions
// (ATSC A/53 part 4) in a SEI message, which ffmpeg only copies from an input.
func captions(b *builder, out string) error {
	plain, captioned := temporary(out, "plain.h264"), temporary(out, "captioned.h264")
	defer os.Remove(plain)
	defer os.Remove(captioned)
	if err := b.encode(plain, small, x264("high", "bframes=0"), "", ""); err != nil {
		return err
	}
	stream, err := os.ReadFile(plain)
	if err != nil {
		return err
	}
	if err := os.WriteFile(captioned, addCaptions(stream), 0o644); err != nil {
		return err
	}
	return b.ffmpeg("-fflags", "+genpts", "-framerate", "25", "-i", captioned, "-c", "copy", out)
}

// captionSEI is a NAL unit with user_data_registered_itu_t_t35: country USA,
// provider ATSC, GA94, cc_data with one pair of field 1, "AB" with parity.
var captionSEI = []byte{
	0, 0, 0, 1, 0x06, 0x04, 14, 0xb5, 0x00, 0x31, 'G', 'A', '9', '4', 0x03, 0x41, 0xff, 0xfc, 0xc1, 0xc2, 0xff, 0x80,
}

// addCaptions puts the message before every slice; the pictures have one each.
func addCaptions(stream []byte) []byte {
	startCode := []byte{0, 0, 1}
	var captioned []byte
	for i, nal := range bytes.Split(stream, startCode) {
		if i == 0 {
			continue
		}
		nal = bytes.TrimRight(nal, "\x00")
		if kind := nal[0] & 0x1f; kind == 1 || kind == 5 {
			captioned = append(captioned, captionSEI...)
		}
		captioned = append(append(append(captioned, 0), startCode...), nal...)
	}
	return captioned
}

// parameterSetsChange is a transport stream whose second part has another size,
// profile and depth of reordering than its first.
func parameterSetsChange(b *builder, out string) error {
	one, two := temporary(out, "one.ts"), temporary(out, "two.ts")
	defer os.Remove(one)
	defer os.Remove(two)
	if err := b.encode(one, "size=320x240:rate=25:duration=2", x264("main", "bframes=0"), stereo+" -t 2", ""); err != nil {
		return err
	}
	err := b.encode(two, "size=400x224:rate=25:duration=2", x264("high", "bframes=2:b-adapt=0"), stereo+" -t 2", "-output_ts_offset 2.2")
	if err != nil {
		return err
	}
	return b.ffmpeg("-i", "concat:"+one+"|"+two, "-c", "copy", out)
}

// audioLate is a clip whose sound begins 0.4 s after its picture.
func audioLate(b *builder, out string) error {
	from := b.file(b.clips["high-b3"])
	return b.ffmpeg("-i", from, "-itsoffset", "0.4", "-i", from, "-map", "0:v", "-map", "1:a", "-c", "copy", out)
}
