package input

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"rtmpwriter/input/flvin"
	"rtmpwriter/input/rawin"
	"rtmpwriter/input/tsin"
	"rtmpwriter/media"
)

// opened is a source with the files that it reads.
type opened struct {
	Source
	files []io.Closer
}

// Close closes the source, then its files.
func (o *opened) Close() error {
	return errors.Join(o.Source.Close(), o.closeFiles())
}

func (o *opened) closeFiles() (err error) {
	for _, f := range o.files {
		err = errors.Join(err, f.Close())
	}
	return err
}

// Skipped tells what of an input is not published, one sentence each, for
// sources that Open made; for others it is empty.
func Skipped(s Source) []string {
	if o, ok := s.(*opened); ok {
		s = o.Source
	}
	if k, ok := s.(interface{ Skipped() []string }); ok {
		return k.Skipped()
	}
	return nil
}

// openRaw opens raw H.264 with the audio file beside it, or raw AAC.
func (o *opened) openRaw(f *os.File, name string, opts Options) (err error) {
	raw := rawin.Options{Start: opts.Start, FrameRate: opts.FrameRate}
	if opts.Format == formatAAC {
		o.Source, err = rawin.Open(nil, f, raw)
		return err
	}
	beside := audioBeside(name, opts)
	if beside == "" {
		o.Source, err = rawin.Open(f, nil, raw)
		return err
	}
	audio, err := os.Open(beside)
	if err != nil {
		return fmt.Errorf("audio beside it: %w", err)
	}
	o.files = append(o.files, audio)
	o.Source, err = rawin.Open(f, audio, raw)
	return err
}

// openStream opens a format that needs no going back.
func openStream(r io.Reader, opts Options) (Source, error) {
	switch opts.Format {
	case formatFLV:
		return source(flvin.Open(r, flvin.Options{Start: opts.Start}))
	case formatTS:
		return source(tsin.Open(r, tsin.Options{Start: opts.Start}))
	default:
		return nil, &media.UnsupportedError{
			What: opts.Format + " from a pipe",
			Hint: "a pipe cannot go back: give the name of a file, or pipe FLV (-f flv) or a transport stream (-f mpegts)",
		}
	}
}

// source keeps a nil pointer of a reader from becoming a Source that is not nil.
func source[S Source](s S, err error) (Source, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

// openPipe opens standard input or a named pipe.
func openPipe(r io.Reader, opts Options) (Source, error) {
	if opts.Audio != "" {
		return nil, errors.New("an audio file goes with raw H.264 from a file only")
	}
	if opts.Format != "" {
		return openStream(r, opts)
	}
	b := bufio.NewReaderSize(r, pipeBuffer)
	// A live producer may send little more than a header at first, so no more
	// is waited for than is needed.
	head, err := b.Peek(len("FLV") + 1)
	if len(head) == 0 {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("is empty: nothing came before its end")
		}
		return nil, fmt.Errorf("read its first bytes: %w", err)
	}
	if string(head[:min(3, len(head))]) != "FLV" {
		head, _ = b.Peek(headSize) // what there is, if it ends before
	}
	if opts.Format, err = detect(head); err != nil {
		return nil, err
	}
	return openStream(b, opts)
}

// pipeBuffer is what is read from a pipe at once: as much as a Linux pipe holds.
const pipeBuffer = 64 << 10
