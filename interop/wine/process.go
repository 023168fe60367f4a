package wine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

const (
	// lookEvery is how often an output file is read for a line.
	lookEvery = 10 * time.Millisecond
	// endBound is how long a program may take to end that was killed.
	endBound = 5 * time.Second
)

// Process is a Windows program that runs, or ran.
type Process struct {
	cmd    *exec.Cmd
	told   string        // the command line, for messages
	output string        // a file, never a pipe: Wine's own processes would keep that open
	done   chan struct{} // closed when the program has ended; err is set then
	err    error         // why it did not come to its own end

	mu   sync.Mutex
	seen map[string]int // bytes of output that WaitLine has looked through, by prefix
}

// startProcess starts a command whose output is collected in a file in folder.
func startProcess(ctx context.Context, cmd *exec.Cmd, folder, told string) (*Process, error) {
	output, err := os.CreateTemp(folder, "output-*")
	if err != nil {
		return nil, err
	}
	defer output.Close() // the program has its own
	p := &Process{cmd: cmd, told: told, output: output.Name(), done: make(chan struct{}), seen: map[string]int{}}
	cmd.Stdout, cmd.Stderr = output, output
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", told, err)
	}
	go func() { // ends with the program
		p.err = p.failure(ctx, cmd.Wait())
		close(p.done)
	}()
	return p, nil
}

// failure tells why the program did not come to its own end. Ending with a code
// is its own end.
func (p *Process) failure(ctx context.Context, err error) error {
	var exit *exec.ExitError
	if err == nil || errors.As(err, &exit) && exit.Exited() {
		return nil
	}
	return fmt.Errorf("%s: %w; its output:\n%s", p.told, errors.Join(err, context.Cause(ctx)), p.Output())
}

// Output is what the program has printed so far, without carriage returns. A C
// program prints into a file here, so it has to flush what is to be seen before its end.
func (p *Process) Output() string {
	data, err := os.ReadFile(p.output)
	if err != nil {
		return "" // the machine is closed
	}
	return string(bytes.ReplaceAll(data, []byte("\r"), nil))
}

// WaitLine waits for a whole line of output that begins with prefix and returns
// it. The next call with the same prefix returns the next such line. It fails when the
// program ends without one, or ctx ends.
func (p *Process) WaitLine(ctx context.Context, prefix string) (line string, err error) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		ended := p.ended() // before the look: all is written then
		if line, ok := p.next(prefix); ok {
			return line, nil
		}
		if ended {
			return "", fmt.Errorf("%s ended with %d and printed no line %q; its output:\n%s", p.told, p.cmd.ProcessState.ExitCode(), prefix, p.Output())
		}
		select {
		case <-look.C:
		case <-p.done:
		case <-ctx.Done():
			return "", fmt.Errorf("%s has printed no line %q: %w; its output:\n%s", p.told, prefix, context.Cause(ctx), p.Output())
		}
	}
}

func (p *Process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// next is the next line with a prefix, behind the one returned before.
func (p *Process) next(prefix string) (line string, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	output := p.Output()
	line, length, ok := findLine(output[min(p.seen[prefix], len(output)):], prefix)
	p.seen[prefix] += length
	return line, ok
}

// findLine finds the first whole line with a prefix. length is what was looked
// through: up to the end of that line, or of the last whole one.
func findLine(output, prefix string) (line string, length int, ok bool) {
	for line := range strings.Lines(output) {
		if !strings.HasSuffix(line, "\n") {
			break
		}
		length += len(line)
		if strings.HasPrefix(line, prefix) {
			return strings.TrimSuffix(line, "\n"), length, true
		}
	}
	return "", length, false
}

// Wait waits for the program's end. Its results are those of Machine.Run.
func (p *Process) Wait() (output string, code int, err error) {
	<-p.done
	return p.Output(), p.cmd.ProcessState.ExitCode(), p.err
}

// Kill ends the program as the task manager does, and returns when it has ended.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	select {
	case <-p.done:
	case <-time.After(endBound):
	}
}
