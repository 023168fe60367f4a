// Package elementary reads media files by ffprobe's and ffmpeg's word and
// compares what one was with what became of it: the same coded frames, the same
// times, the same pictures. Nothing here uses this product's own parsers.
package elementary

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// The kinds of streams, as ffprobe calls them.
const (
	Video = "video"
	Audio = "audio"
)

// File is what a media file holds.
type File struct {
	Path string
	// Streams has at most one stream of a kind, under Video and Audio.
	Streams map[string]*Stream
	// Complaints is what ffmpeg said while it decoded everything.
	Complaints string
}

// Stream is one elementary stream.
type Stream struct {
	Codec         string
	Width, Height int
	FrameRate     float64 // average, frames a second; 0: not known
	SampleRate    int
	Channels      int
	// Timed tells that the container stores times.
	Timed  bool
	Frames []Frame
	// Pictures are hashes of the decoded pictures, in the order of decoding
	// and output; empty for audio.
	Pictures []string

	nalLengthSize int // 0: Annex B
}

// Frame is one access unit or audio frame.
type Frame struct {
	DTS, PTS time.Duration
	// Marked is the container's word for a keyframe, IDR the stream's.
	Marked, IDR bool
	// Sum is the hash of the normal form: NAL units without parameter sets, or
	// AAC without ADTS header.
	Sum [32]byte

	size int // in the container
}

// Read reads a whole file: the container's packets and their bytes, and it
// decodes them all.
func Read(ctx context.Context, path string) (*File, error) {
	probed, err := probe(ctx, path)
	if err != nil {
		return nil, err
	}
	f := &File{Path: path, Streams: map[string]*Stream{}}
	kinds := map[int]string{}
	for _, s := range probed.Streams {
		if _, twice := f.Streams[s.Kind]; twice || (s.Kind != Video && s.Kind != Audio) {
			return nil, fmt.Errorf("%s: stream %d (%s) has no place here", path, s.Index, s.Kind)
		}
		f.Streams[s.Kind] = s.stream()
		kinds[s.Index] = s.Kind
	}
	for _, p := range probed.Packets {
		if err := f.Streams[kinds[p.Stream]].add(p); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return f, f.decode(ctx)
}

// decode takes the packets' bytes and the decoded pictures from one run of
// ffmpeg.
func (f *File) decode(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "elementary")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	bytesOf := func(kind string) string { return filepath.Join(dir, kind) }
	pictures := filepath.Join(dir, "pictures")

	args := []string{"-i", f.Path}
	if _, ok := f.Streams[Video]; ok {
		args = append(args, "-map", "0:v", "-c", "copy", "-copyinkf", "-f", "data", bytesOf(Video),
			"-map", "0:v", "-fps_mode", "passthrough", "-f", "framehash", "-hash", "md5", pictures)
	}
	if _, ok := f.Streams[Audio]; ok {
		args = append(args, "-map", "0:a", "-c", "copy", "-copyinkf", "-f", "data", bytesOf(Audio), "-map", "0:a", "-f", "null", "-")
	}
	if _, f.Complaints, err = run(ctx, "ffmpeg", args...); err != nil {
		return fmt.Errorf("%s: %w", f.Path, err)
	}
	for kind, s := range f.Streams {
		data, err := os.ReadFile(bytesOf(kind))
		if err != nil {
			return err
		}
		if err := s.hash(data); err != nil {
			return fmt.Errorf("%s: %s: %w", f.Path, kind, err)
		}
	}
	if s, ok := f.Streams[Video]; ok {
		s.Pictures, err = hashes(pictures)
	}
	return err
}

// seconds reads ffprobe's decimal seconds, exact to the microsecond.
func seconds(s string) (time.Duration, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, fmt.Errorf("time %q: %w", s, err)
	}
	return time.Duration(v * float64(time.Second)).Round(time.Microsecond), nil
}
