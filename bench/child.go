package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// child is a publisher's process.
type child struct {
	cmd   *exec.Cmd
	said  words
	begun time.Time
}

// words are what a process has said. They may be read while it goes on.
type words struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *words) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(b)
}

func (w *words) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

func start(ctx context.Context, args []string) (*child, error) {
	c := &child{cmd: exec.CommandContext(ctx, args[0], args[1:]...)} //nolint:gosec // a publisher of the comparison
	c.cmd.Stdout, c.cmd.Stderr = &c.said, &c.said
	c.begun = time.Now()
	return c, c.cmd.Start()
}

// wait waits for its end, which must be a success, and tells the CPU time that it
// took: its own and the kernel's for it.
func (c *child) wait() (cpu time.Duration, err error) {
	if err := c.cmd.Wait(); err != nil {
		return 0, fmt.Errorf("%s: %w: %s", c.cmd.Path, err, strings.TrimSpace(c.said.String()))
	}
	return c.cmd.ProcessState.UserTime() + c.cmd.ProcessState.SystemTime(), nil
}

// kill ends it, whatever it does.
func (c *child) kill() {
	_ = c.cmd.Process.Kill() // it may have ended
	_ = c.cmd.Wait()
}

// cpu is the CPU time of all its threads until now.
func (c *child) cpu() (time.Duration, error) {
	const ofProcess = 2 // CPUCLOCK_SCHED, and of a process rather than of a thread
	var t unix.Timespec
	if err := unix.ClockGettime(int32(^c.cmd.Process.Pid)<<3|ofProcess, &t); err != nil {
		return 0, fmt.Errorf("the CPU clock of %s: %w: %s", c.cmd.Path, err, c.said.String())
	}
	return time.Duration(t.Nano()), nil
}

// anonymous is its memory that no file backs, in bytes.
func (c *child) anonymous() (int64, error) {
	const name = "Anonymous:"
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", c.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == name {
			kilobytes, err := strconv.ParseInt(f[1], 10, 64)
			return kilobytes << 10, err
		}
	}
	return 0, errors.New("smaps_rollup tells no anonymous memory")
}

// usage is what a process took over a time.
type usage struct {
	share  float64 // of a core
	memory int64   // bytes, at the end
}

// watch looks at a process for a time.
func (c *child) watch(ctx context.Context, d time.Duration) (u usage, err error) {
	before, err := c.cpu()
	begun := time.Now()
	if err == nil {
		err = pause(ctx, d)
	}
	if err != nil {
		return u, err
	}
	after, err := c.cpu()
	if err != nil {
		return u, err
	}
	u.share = float64(after-before) / float64(time.Since(begun))
	u.memory, err = c.anonymous()
	return u, err
}

// pause waits.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// version is the first line that a program says of itself.
func version(ctx context.Context, args ...string) string {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...) //nolint:gosec // a publisher of the comparison
	said, err := cmd.Output()
	if err != nil {
		return ""
	}
	first, _, _ := strings.Cut(string(said), "\n")
	return strings.TrimSpace(first)
}
