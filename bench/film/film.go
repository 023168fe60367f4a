// Package film makes and reads what the publishers are given: a film of 1080p30
// H.264 and AAC at 6 Mbit/s, short for live streams and long for files.
package film

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// Seconds is how long the short film is.
const Seconds = 20

// Films are files of the same frames.
type Films struct {
	// Short is FLV of Seconds; FLV, MP4 and TS go on for as long as was asked.
	Short, FLV, MP4, TS string
	// Length is the long ones' in seconds.
	Length int
}

// Make makes the films in dir, or takes those that are there: the long ones of
// about so many megabytes. ffmpeg codes them, with x264.
func Make(ctx context.Context, dir string, megabytes int) (Films, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return Films{}, err
	}
	loops := max(1, megabytes/(Seconds*bitrate/8/1_000_000))
	f := Films{Short: filepath.Join(dir, "short.flv"), Length: loops * Seconds}
	if err := code(ctx, f.Short); err != nil {
		return Films{}, err
	}
	for name, ext := range map[*string]string{&f.FLV: "flv", &f.MP4: "mp4", &f.TS: "ts"} {
		*name = filepath.Join(dir, fmt.Sprintf("long-%d.%s", loops, ext))
		format := ext
		if ext == "ts" {
			format = "mpegts"
		}
		args := []string{"-stream_loop", strconv.Itoa(loops - 1), "-i", f.Short, "-c", "copy", "-f", format}
		if err := once(ctx, *name, args...); err != nil {
			return Films{}, err
		}
	}
	return f, nil
}

// bitrate is of video and audio together, in bits a second.
const bitrate = 6_128_000

// code codes the short film: moving colours and noise, so that there is something
// to code, at a constant bit rate with a keyframe every 2 s and 2 B frames.
func code(ctx context.Context, name string) error {
	return once(ctx, name,
		"-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=30,noise=alls=12:allf=t",
		"-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000",
		"-t", strconv.Itoa(Seconds), "-pix_fmt", "yuv420p",
		"-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "high", "-bf", "2", "-g", "60", "-keyint_min", "60", "-sc_threshold", "0",
		"-b:v", "6M", "-minrate", "6M", "-maxrate", "6M", "-bufsize", "3M", "-x264-params", "nal-hrd=cbr",
		"-c:a", "aac", "-b:a", "128k", "-ac", "2", "-f", "flv")
}

// once runs ffmpeg unless the file is there.
func once(ctx context.Context, name string, args ...string) error {
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	part := name + ".part"
	args = append(append([]string{"-nostdin", "-v", "error", "-y"}, args...), part)
	said, err := exec.CommandContext(ctx, "ffmpeg", args...).CombinedOutput() //nolint:gosec // the arguments are made here
	if err != nil {
		return fmt.Errorf("ffmpeg makes %s: %w: %s", filepath.Base(name), err, said)
	}
	return os.Rename(part, name)
}

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
		return nil, errors.Join(err, f.Close())
	}
	return r, nil
}

// Next reads the next tag; its body is valid until the next call. The error at the
// end is io.EOF.
func (r *Reader) Next() (Tag, error) {
	h, err := r.r.Peek(tagHeader)
	if err != nil {
		return Tag{}, err
	}
	t, size := parse(h)
	_, _ = r.r.Discard(tagHeader) // they are there
	if cap(r.body) < size+trailer {
		r.body = make([]byte, 2*size+trailer)
	}
	if _, err := io.ReadFull(r.r, r.body[:size+trailer]); err != nil {
		return Tag{}, err
	}
	t.Body = r.body[:size]
	return t, nil
}

// Close closes the file.
func (r *Reader) Close() error { return r.file.Close() }

// Load maps a whole file into memory and returns its frames and sequence headers.
// The memory is none of the Go heap's: how often a publisher's garbage is collected
// must not depend on the film.
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
	var tags []Tag
	for at := fileHeader; at+tagHeader <= len(whole); {
		t, size := parse(whole[at:])
		at += tagHeader
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
