// Package film makes and reads what the publishers are given: a film of 1080p30
// H.264 and AAC at 6 Mbit/s, short for live streams and long for files.
package film

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
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
