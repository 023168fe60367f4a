package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	// startBound is how long a server may take until it listens.
	startBound = 10 * time.Second
	// stopBound is how long it may take to end when asked to.
	stopBound = 5 * time.Second
	// lookEvery is how often the kernel is asked who listens: servers do not
	// tell.
	lookEvery = 5 * time.Millisecond
)

// process is a program that runs until stop or its own end.
type process struct {
	cmd  *exec.Cmd
	said lockedBuffer
	done chan struct{} // closed when the program has ended; err is set then
	err  error
}

func startProcess(dir, name string, args ...string) (*process, error) {
	p := &process{cmd: exec.Command(name, args...), done: make(chan struct{})}
	p.cmd.Dir = dir
	p.cmd.Stdout, p.cmd.Stderr = &p.said, &p.said
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { // ends with the program
		p.err = p.cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// wait waits for the program's own end, which must be a success.
func (p *process) wait(ctx context.Context) error {
	select {
	case <-p.done:
		if p.err != nil {
			return fmt.Errorf("%s: %w: %s", p.cmd.Path, p.err, p.said.String())
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s has not ended: %w: %s", p.cmd.Path, context.Cause(ctx), p.said.String())
	}
}

// stop ends the program, at last by force.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-p.done:
		return nil
	case <-time.After(stopBound):
		return p.cmd.Process.Kill()
	}
}

// listening waits until the process listens on the port. It asks the kernel and
// does not connect: ffmpeg takes one connection and no more.
func (p *process) listening(ctx context.Context, port int) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startBound, fmt.Errorf("it does not listen after %v", startBound))
	defer cancel()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		table, err := os.ReadFile("/proc/net/tcp")
		if err != nil {
			return err
		}
		if p.owns(listener(string(table), port)) {
			return nil
		}
		select {
		case <-look.C:
		case <-p.done:
			return fmt.Errorf("%s ended: %w: %s", p.cmd.Path, errors.Join(p.err), p.said.String())
		case <-ctx.Done():
			return fmt.Errorf("%s: %w: %s", p.cmd.Path, context.Cause(ctx), p.said.String())
		}
	}
}

// listener is the inode of the socket that listens on a port, of the kernel's
// table; empty: there is none.
func listener(table string, port int) (inode string) {
	local := fmt.Sprintf(":%04X", port)
	for line := range strings.Lines(table) {
		const address, state, socket = 1, 3, 9
		f := strings.Fields(line)
		if len(f) > socket && strings.HasSuffix(f[address], local) && f[state] == "0A" { // 0A: LISTEN
			return f[socket]
		}
	}
	return ""
}

// owns tells whether the process has the socket open, rather than another one
// that happens to listen on the port.
func (p *process) owns(inode string) bool {
	dir := fmt.Sprintf("/proc/%d/fd", p.cmd.Process.Pid)
	open, err := os.ReadDir(dir)
	if err != nil || inode == "" {
		return false
	}
	for _, fd := range open {
		if link, err := os.Readlink(filepath.Join(dir, fd.Name())); err == nil && link == "socket:["+inode+"]" {
			return true
		}
	}
	return false
}

// lockedBuffer collects what a program says.
type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

// Write appends.
func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

// String is all that was written.
func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
