package wine

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// The pins of the program publishfile.
const (
	videoPin = iota
	audioPin
)

// sampleFile is what the program publishfile plays: samples and media types in
// the order in which they come, as lines, and the samples' bytes in another file.
type sampleFile struct {
	lines strings.Builder
	data  bytes.Buffer
}

// mediaType is a media type; the program makes the format block from the numbers.
type mediaType struct {
	subtype string // four characters, or the format tag in hexadecimal
	format  string // none, mpeg2, videoinfo, videoinfo2, wave, heaac
	// Width, height, time a frame in 100 ns and dwFlags of video; channels, rate
	// and payload type of audio.
	numbers [4]int64
	header  []byte // the sequence header, or what stands behind WAVEFORMATEX
}

// setType gives a pin its media type: before any sample that of the connection,
// later one that comes with the next sample.
func (f *sampleFile) setType(pin int, m mediaType) {
	header := "-"
	if len(m.header) > 0 {
		header = fmt.Sprintf("%x", m.header)
	}
	n := m.numbers
	fmt.Fprintf(&f.lines, "type %d %s %s %d %d %d %d %s\n", pin, m.subtype, m.format, n[0], n[1], n[2], n[3], header)
}

// add appends a sample, which has a presentation time and no decode time.
func (f *sampleFile) add(pin int, start, length time.Duration, sync bool, data []byte) {
	const unit = 100 * time.Nanosecond
	begin := int64(start.Round(unit) / unit)
	key := 0
	if sync {
		key = 1
	}
	fmt.Fprintf(&f.lines, "sample %d %d %d %d %d %d\n", pin, f.data.Len(), len(data), begin, begin+int64(length/unit), key)
	f.data.Write(data)
}

// write makes both files in the folder dir; the path is that of the lines, that
// of the bytes has .data behind it.
func (f *sampleFile) write(dir, name string) (path string, err error) {
	path = filepath.Join(dir, name+".samples")
	if err := os.WriteFile(path+".data", f.data.Bytes(), 0o600); err != nil {
		return "", err
	}
	return path, os.WriteFile(path, []byte(f.lines.String()), 0o600)
}
