package server

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
)

// ffmpeg listens for one publish, once for each Expect.
type ffmpeg struct {
	dir, version string

	mu      sync.Mutex
	running []*process
}

// FFmpeg receives with ffmpeg's -listen in the folder dir.
func FFmpeg(ctx context.Context, dir string) (Server, error) {
	said, err := exec.CommandContext(ctx, "ffmpeg", "-version").Output()
	if err != nil {
		return nil, err
	}
	version := regexp.MustCompile(`version (\d+(\.\d+)*)`).FindSubmatch(said)
	if version == nil {
		return nil, fmt.Errorf("ffmpeg -version says %.60q", said)
	}
	return &ffmpeg{dir: dir, version: "ffmpeg -listen (" + string(version[1]) + ")"}, nil
}

// Name names ffmpeg.
func (f *ffmpeg) Name() string { return f.version }

// Expect starts an ffmpeg, which ends with the stream.
func (f *ffmpeg) Expect(ctx context.Context, key string) (*Reception, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	url := fmt.Sprintf("rtmp://127.0.0.1:%d/live/%s", port, key)
	file := filepath.Join(f.dir, key+".flv")
	p, err := startProcess(f.dir, "ffmpeg", "-nostdin", "-v", "error", "-y",
		"-analyzeduration", "1000000", "-listen", "1", "-i", url, "-map", "0", "-c", "copy", "-copyinkf", file)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	f.running = append(f.running, p)
	f.mu.Unlock()
	if err := p.listening(ctx, port); err != nil {
		return nil, err
	}
	return &Reception{URL: url, Wait: func(ctx context.Context) (string, error) { return file, p.wait(ctx) }}, nil
}

// Close ends what still waits for a publish.
func (f *ffmpeg) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var err error
	for _, p := range f.running {
		err = errors.Join(err, p.stop())
	}
	return err
}
