package flv

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Writer writes an FLV file. It is used by one goroutine at a time.
type Writer struct {
	w       io.Writer
	scratch [tagHeaderSize]byte
}

// NewWriter writes the file header to w. Each tag takes several small writes:
// put a bufio.Writer between where these are expensive.
func NewWriter(w io.Writer, hasVideo, hasAudio bool) (*Writer, error) {
	var flags byte
	if hasVideo {
		flags |= flagVideo
	}
	if hasAudio {
		flags |= flagAudio
	}
	_, err := w.Write([]byte{'F', 'L', 'V', 1, flags, 0, 0, 0, fileHeaderSize, 0, 0, 0, 0})
	if err != nil {
		return nil, fmt.Errorf("flv: write the file header: %w", err)
	}
	return &Writer{w: w}, nil
}

// WriteTag writes a tag with the timestamp in milliseconds, whose body is the
// parts one after the other, at most MaxTagSize bytes.
func (w *Writer) WriteTag(kind TagType, timestamp uint32, parts ...[]byte) error {
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	if size > MaxTagSize {
		return fmt.Errorf("flv: write a %s tag: %d bytes, the limit is %d", kind, size, MaxTagSize)
	}
	if err := w.write(appendTagHeader(w.scratch[:0], kind, timestamp, size)); err != nil {
		return err
	}
	for _, p := range parts {
		if err := w.write(p); err != nil {
			return err
		}
	}
	return w.write(binary.BigEndian.AppendUint32(w.scratch[:0], uint32(tagHeaderSize+size)))
}

func (w *Writer) write(b []byte) error {
	if _, err := w.w.Write(b); err != nil {
		return fmt.Errorf("flv: write a tag: %w", err)
	}
	return nil
}
