package mp4in

import (
	"errors"
	"fmt"
	"io"

	"rtmpwriter/media"
)

// file is the input. It holds no place in it: tracks read it in turns.
type file struct {
	r     io.ReaderAt
	size  int64
	whole int64 // bytes of the boxes that were read whole
}

// cutError tells that the file ends before something that should be there. It
// is kept apart from other damage because it is told at the end, when every
// track has given what is whole.
type cutError struct {
	at   int64  // where the missing thing begins
	what string // what it is
}

func (e *cutError) Error() string { return e.what + " is cut off" }

// damaged is the error for bytes that make no sense.
func damaged(at int64, format string, args ...any) error {
	return &media.DamageError{Offset: at, Reason: fmt.Sprintf(format, args...)}
}

// read fills p from the place at. A *cutError means that the file ends first.
func (f *file) read(p []byte, at int64) error {
	if at < 0 || at > f.size-int64(len(p)) {
		return &cutError{at, "the file"}
	}
	n, err := f.r.ReadAt(p, at)
	switch {
	case n == len(p):
		return nil
	case err == nil || errors.Is(err, io.EOF):
		// Shorter than it was when it was opened.
		return &cutError{at, "the file"}
	default:
		return fmt.Errorf("read %d bytes at byte %d: %w", len(p), at, err)
	}
}

// window is a piece of the file in memory, moved forward as it is walked.
type window struct {
	f   *file
	buf []byte
	at  int64
	n   int
}

// windowSize is the size of a table's window: 1024 sample sizes are half a
// minute of video, so a table costs a read every half minute.
const windowSize = 4096

func newWindow(f *file, size int64) *window {
	return &window{f: f, buf: make([]byte, max(min(size, windowSize), 16))}
}

// bytes returns n bytes at the place at, n at most 16. They are valid until the
// next call.
func (w *window) bytes(at int64, n int) ([]byte, error) {
	if at < w.at || at+int64(n) > w.at+int64(w.n) {
		want := min(int64(len(w.buf)), w.f.size-at)
		if at < 0 || want < int64(n) {
			return nil, &cutError{at, "the file"}
		}
		w.n = 0
		if err := w.f.read(w.buf[:want], at); err != nil {
			return nil, err
		}
		w.at, w.n = at, int(want)
	}
	i := int(at - w.at)
	return w.buf[i : i+n], nil
}
