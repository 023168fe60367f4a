package film

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// Tag is a tag of an FLV file.
type Tag struct {
	Kind      uint8 // 8 audio, 9 video, 18 data
	Timestamp uint32
	Body      []byte
}

// frame tells whether it is a frame or a sequence header: no metadata, nor the mark
// at the end of a sequence.
func (t *Tag) frame() bool { return t.Kind != 18 && len(t.Body) > 1 && t.Body[1] < 2 }

// Header tells whether it is a sequence header.
func (t *Tag) Header() bool { return t.Kind != 18 && len(t.Body) > 1 && t.Body[1] == 0 }

// Reader reads the tags of a file that is known to be sound.
type Reader struct {
	file io.Closer
	r    *bufio.Reader
	body []byte
}

// Open opens an FLV file.
func Open(name string) (*Reader, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	r := &Reader{file: f, r: bufio.NewReaderSize(f, 256<<10)}
	if _, err := r.r.Discard(fileHeader); err != nil {
		return nil, errors.Join(broken(err), f.Close())
	}
	return r, nil
}

// Next reads the next tag; its body is valid until the next call. The error at the
// end is io.EOF, within a tag io.ErrUnexpectedEOF.
func (r *Reader) Next() (Tag, error) {
	h, err := r.r.Peek(tagHeader)
	if err != nil {
		if len(h) > 0 {
			err = broken(err)
		}
		return Tag{}, err
	}
	t, size := parse(h)
	_, _ = r.r.Discard(tagHeader) // they are there
	if cap(r.body) < size+trailer {
		r.body = make([]byte, 2*size+trailer)
	}
	if _, err := io.ReadFull(r.r, r.body[:size+trailer]); err != nil {
		return Tag{}, broken(err)
	}
	t.Body = r.body[:size]
	return t, nil
}

// broken is the error of an end within a tag.
func broken(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Close closes the file.
func (r *Reader) Close() error { return r.file.Close() }

// Load maps a whole file into memory and returns its frames and sequence headers.
// The memory is none of the Go heap's: how often a publisher's garbage is collected
// must not depend on the film. It is never given back. A file that ends within a tag
// gives io.ErrUnexpectedEOF.
func Load(name string) ([]Tag, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	whole, err := unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mmap %s: %w", name, err)
	}
	tags, err := frames(whole)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), unix.Munmap(whole))
	}
	return tags, nil
}

// frames finds the frames and sequence headers of a whole file.
func frames(whole []byte) (tags []Tag, err error) {
	if len(whole) < fileHeader {
		return nil, io.ErrUnexpectedEOF
	}
	for at := fileHeader; at < len(whole); {
		if at+tagHeader > len(whole) {
			return nil, io.ErrUnexpectedEOF
		}
		t, size := parse(whole[at:])
		at += tagHeader
		if at+size+trailer > len(whole) {
			return nil, io.ErrUnexpectedEOF
		}
		t.Body = whole[at : at+size]
		at += size + trailer
		if t.frame() {
			tags = append(tags, t)
		}
	}
	return tags, nil
}

// The sizes of what stands around the bodies of an FLV file.
const (
	fileHeader = 9 + trailer
	tagHeader  = 11
	trailer    = 4
)

// parse reads a tag's header; its body follows.
func parse(h []byte) (t Tag, size int) {
	at := binary.BigEndian.Uint32(h[4:])
	return Tag{Kind: h[0] & 0x1f, Timestamp: at>>8 | at<<24}, int(binary.BigEndian.Uint32(h) & 0xffffff)
}

// Frames counts the frames of audio and video in a file, and their sequence headers.
func Frames(name string) (n int, err error) {
	r, err := Open(name)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	for {
		t, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return n, nil
		case err != nil:
			return n, err
		case t.frame():
			n++
		}
	}
}
