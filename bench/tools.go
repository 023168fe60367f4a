package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
)

// tools are the programs that take part, by name; missing says why one does not.
type tools struct {
	dir      string
	programs map[string]string
	versions map[string]string
	missing  map[string]string
}

// Names of the contenders.
const (
	ours    = "rtmpwriter"
	library = "rtmpwriter, library"
	floorGo = "floor, Go"
	floorC  = "floor, C"
	librtmp = "librtmp"
	lal     = "lal"
	goRTMP  = "go-rtmp"
	ffmpeg  = "ffmpeg"
	gst     = "gst rtmp2sink"
)

// build builds what is built and finds what is installed.
func build(ctx context.Context, dir, program string) (*tools, error) {
	t := &tools{dir: dir, programs: map[string]string{ours: program}, versions: map[string]string{}, missing: map[string]string{}}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	if _, err := os.Stat(program); err != nil {
		return nil, fmt.Errorf("%w; make build makes it", err)
	}
	t.versions[ours] = strings.TrimPrefix(version(ctx, program, "--version"), "rtmpwriter version ")
	for name, folder := range map[string]string{library: "rtmpwriter", floorGo: "floor", lal: "lal", goRTMP: "gortmp"} {
		t.compile(ctx, name, folder, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", t.path(folder), "./peers/"+folder)
	}
	t.compile(ctx, floorC, "floor-c", "cc", "-O2", "-o", t.path("floor-c"), "peers/c/floor.c")
	t.compile(ctx, librtmp, "librtmp", "cc", "-O2", "-o", t.path("librtmp"), "peers/c/librtmp.c", "-lrtmp")
	t.find(ctx, ffmpeg, "ffmpeg", "-version")
	t.find(ctx, gst, "gst-launch-1.0", "--version")
	if t.missing[gst] == "" && exec.CommandContext(ctx, "gst-inspect-1.0", "--exists", "rtmp2sink").Run() != nil {
		t.missing[gst] = "no element rtmp2sink"
		delete(t.programs, gst)
	}
	if b, ok := debug.ReadBuildInfo(); ok {
		for _, m := range b.Deps {
			t.versions[map[string]string{"github.com/q191201771/lal": lal, "github.com/yutopp/go-rtmp": goRTMP}[m.Path]] = m.Version
		}
	}
	return t, t.needed(library, floorGo)
}

// needed fails for what nothing can be measured without.
func (t *tools) needed(names ...string) (err error) {
	for _, n := range names {
		if why := t.missing[n]; why != "" {
			err = errors.Join(err, fmt.Errorf("%s: %s", n, why))
		}
	}
	return err
}

func (t *tools) path(name string) string { return filepath.Join(t.dir, name) }

func (t *tools) compile(ctx context.Context, name, program string, args ...string) {
	said, err := exec.CommandContext(ctx, args[0], args[1:]...).CombinedOutput() //nolint:gosec // a compiler, named above
	if err != nil {
		t.missing[name] = strings.TrimSpace(fmt.Sprintf("%v %s", err, said))
		return
	}
	t.programs[name] = t.path(program)
}

func (t *tools) find(ctx context.Context, name, program string, args ...string) {
	path, err := exec.LookPath(program)
	if err != nil {
		t.missing[name] = "not installed"
		return
	}
	t.programs[name] = path
	t.versions[name] = strings.TrimPrefix(version(ctx, append([]string{path}, args...)...), program+" version ")
	t.versions[name], _, _ = strings.Cut(t.versions[name], " Copyright")
}
