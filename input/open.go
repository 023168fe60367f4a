package input

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rtmpwriter/input/mp4in"
	"rtmpwriter/media"
)

// Options say what to open and where to begin.
type Options struct {
	// Start is where to begin, from 0 at the start of the input: with the last
	// keyframe at or before it, where the format allows to find that.
	Start time.Duration
	// Audio is the AAC file beside raw H.264. Empty takes the file of the same
	// name with the ending .aac, if there is one.
	Audio string
	// FrameRate is that of raw H.264, in frames a second; 0 takes what the
	// stream says.
	FrameRate float64
	// Stdin is what the name "-" reads; nil is os.Stdin.
	Stdin io.Reader
	// Format is one of Formats; empty finds it out by the content.
	Format string
}

// Formats lists the formats that Open reads, by the names that Options.Format
// takes: MP4 and MOV, FLV, MPEG transport stream, raw H.264 (Annex B) and raw
// AAC (ADTS).
func Formats() []string { return []string{formatMP4, formatFLV, formatTS, formatH264, formatAAC} }

// Open opens the file name, or standard input for "-". The format is found by
// the first bytes, never by the ending of the name. Pipes and standard input
// can be FLV and transport stream, which need no going back.
//
// What the writer cannot publish is refused with *media.UnsupportedError, which
// names it. Closing the source closes the files that Open opened.
func Open(name string, opts Options) (Source, error) {
	if opts.Format != "" && !isFormat(opts.Format) {
		return nil, fmt.Errorf("input format %q: must be one of %s", opts.Format, strings.Join(Formats(), ", "))
	}
	switch scheme, _, isURL := strings.Cut(name, "://"); {
	case name == "":
		return nil, errors.New("no input: give the name of a file, or - for standard input")
	case name == "-":
		in := opts.Stdin
		if in == nil {
			in = os.Stdin
		}
		s, err := openPipe(in, opts)
		return named("standard input", s, err)
	case isURL:
		return nil, &media.UnsupportedError{
			What: fmt.Sprintf("input from a network address (%s)", scheme),
			Hint: "pipe it in, for example: ffmpeg -i URL -c copy -f mpegts - | rtmpwriter publish -",
		}
	}
	s, err := openPath(name, opts)
	return named(name, s, err)
}

// named puts the input's name before the error.
func named(name string, s Source, err error) (Source, error) {
	if err != nil {
		return nil, fmt.Errorf("input %s: %w", name, err)
	}
	return s, nil
}

func isFormat(s string) bool {
	for _, f := range Formats() {
		if f == s {
			return true
		}
	}
	return false
}

// openPath opens a file or a named pipe.
func openPath(name string, opts Options) (Source, error) {
	f, err := os.Open(name)
	if err != nil {
		var path *os.PathError
		if errors.As(err, &path) {
			err = path.Err // the name stands before it already
		}
		return nil, err
	}
	o := &opened{files: []io.Closer{f}}
	info, err := f.Stat()
	switch {
	case err != nil:
	case info.IsDir():
		err = errors.New("is a directory: name a file in it")
	case !info.Mode().IsRegular():
		o.Source, err = openPipe(f, opts)
	case info.Size() == 0:
		err = errors.New("the file is empty")
	default:
		err = o.openFile(f, name, info.Size(), opts)
	}
	if err != nil {
		return nil, errors.Join(err, o.closeFiles())
	}
	return o, nil
}

// openFile opens a regular file.
func (o *opened) openFile(f *os.File, name string, size int64, opts Options) (err error) {
	if opts.Format == "" {
		head := make([]byte, min(size, headSize))
		if _, err := f.ReadAt(head, 0); err != nil {
			return fmt.Errorf("read its first bytes: %w", err)
		}
		if opts.Format, err = detect(head); err != nil {
			return err
		}
	}
	if opts.Format != formatH264 && opts.Audio != "" {
		return fmt.Errorf("an audio file goes with raw H.264 only, this is %s", opts.Format)
	}
	switch opts.Format {
	case formatMP4:
		o.Source, err = mp4in.Open(f, size, mp4in.Options{Start: opts.Start})
		return err
	case formatH264, formatAAC:
		return o.openRaw(f, name, opts)
	default:
		o.Source, err = openStream(f, opts)
		return err
	}
}

// audioBeside is the name of the audio file that belongs to a raw video file,
// empty when there is none.
func audioBeside(name string, opts Options) string {
	if opts.Audio != "" {
		return opts.Audio
	}
	beside := strings.TrimSuffix(name, filepath.Ext(name)) + ".aac"
	if info, err := os.Stat(beside); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	return beside
}
