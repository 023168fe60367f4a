// Package publisher runs the program under test.
package publisher

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Publisher is a program that publishes a file.
type Publisher struct {
	// Name is the program's name and version.
	Name string
	// Args are the program and its arguments; Input and URL stand for themselves.
	Args []string
}

// Input and URL are the places of the input and the URL in Args.
const (
	Input = "INPUT"
	URL   = "URL"
)

// Find returns the program that RTMPWRITER_BIN names, or builds rtmpwriter from
// the module above into dir. With RTMPWRITER_BIN=ffmpeg the tests measure
// ffmpeg instead: it tells whether a fault is the tests' own.
func Find(ctx context.Context, dir string) (*Publisher, error) {
	program := os.Getenv("RTMPWRITER_BIN")
	if program == "ffmpeg" {
		return &Publisher{Name: "ffmpeg", Args: []string{
			"ffmpeg", "-nostdin", "-v", "error", "-i", Input, "-map", "0", "-c", "copy", "-copyinkf", "-f", "flv", URL,
		}}, nil
	}
	if program == "" {
		program = filepath.Join(dir, "rtmpwriter")
		build := exec.CommandContext(ctx, "go", "build", "-C", "..", "-o", program, "./cmd/rtmpwriter")
		if said, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("go build ./cmd/rtmpwriter: %w: %s", err, said)
		}
	}
	// Many servers at once on a machine of few cores may need more than the
	// default second for an answer.
	return &Publisher{Name: "rtmpwriter", Args: []string{program, "publish", "--pace", "max", "--quiet", "--receive-timeout", "10000", Input, URL}}, nil
}

// With returns the same program with more flags, which win over those before.
func (p *Publisher) With(flags ...string) *Publisher {
	with := *p
	with.Args = slices.Insert(slices.Clone(p.Args), len(p.Args)-2, flags...)
	return &with
}

// Publish publishes a file. The error is nil if and only if the exit code is 0;
// it tells what the program said.
func (p *Publisher) Publish(ctx context.Context, file, url string) error {
	code, said, err := p.Run(ctx, file, url)
	if err == nil && code != 0 {
		err = fmt.Errorf("exit code %d: %s", code, strings.TrimSpace(said))
	}
	return err
}

// Run publishes a file and returns the exit code and what the program said.
func (p *Publisher) Run(ctx context.Context, file, url string) (code int, said string, err error) {
	args := make([]string, len(p.Args))
	for i, a := range p.Args {
		switch a {
		case Input:
			a = file
		case URL:
			a = url
		}
		args[i] = a
	}
	var output bytes.Buffer
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdout, cmd.Stderr = &output, &output
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = context.Cause(ctx)
	}
	return cmd.ProcessState.ExitCode(), output.String(), err
}
