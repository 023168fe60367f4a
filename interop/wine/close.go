package wine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// closeBound is how long the end of a machine may take.
const closeBound = 30 * time.Second

// watch ends the machine's processes and removes its folder: when the pipe is
// closed, by Close or by the death of this process.
type watch struct {
	cmd  *exec.Cmd
	pipe io.Closer
}

// startWatch starts the watch, before anything that it has to end.
func (m *Machine) startWatch(context.Context) error {
	top, err := repository()
	if err != nil {
		return err
	}
	end, err := m.line(m.server, "-k")
	if err != nil {
		return err
	}
	cmd := exec.Command(filepath.Join(top, "scripts", "wine-watch.sh"), append([]string{m.dir}, end...)...)
	cmd.Dir = m.dir
	cmd.Env = m.surroundings()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // what ends this process need not end it
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	m.watch = &watch{cmd: cmd, pipe: pipe}
	return nil
}

// startServer starts the wineserver, to stay until the machine is closed: each
// program would wait for the start of a new one.
func (m *Machine) startServer(ctx context.Context) error {
	line, err := m.line(m.server, "-p")
	if err != nil {
		return err
	}
	p, err := startProcess(ctx, m.command(ctx, line...), m.outputs(), "wineserver -p")
	if err != nil {
		return err
	}
	out, code, err := p.Wait()
	if err != nil || code != 0 {
		return errors.Join(fmt.Errorf("wineserver -p ended with %d: %s", code, out), err)
	}
	return nil
}

// Close ends everything that runs in the machine and removes its folder. It fails
// when something is left. It may be called more than once.
func (m *Machine) Close() error { return m.close() }

// end is Close, once.
func (m *Machine) end() error {
	if m.watch == nil {
		return os.RemoveAll(m.dir)
	}
	late := time.AfterFunc(closeBound, func() { _ = m.watch.cmd.Process.Kill() })
	defer late.Stop()
	err := errors.Join(m.watch.pipe.Close(), m.watch.cmd.Wait())
	return errors.Join(err, m.left())
}

// CloseAll closes the machines that were made in this process; a TestMain calls it
// at the end.
func CloseAll() error {
	opened.Lock()
	defer opened.Unlock()
	errs := make([]error, len(opened.machines))
	var all sync.WaitGroup
	for i, m := range opened.machines {
		all.Go(func() { errs[i] = m.Close() })
	}
	all.Wait()
	return errors.Join(errs...)
}

// left tells what is left of a machine: processes, mounts, its folder.
func (m *Machine) left() error {
	var errs []error
	processes, err := m.processes()
	for _, p := range processes {
		errs = append(errs, fmt.Errorf("still runs in the %s machine: %s", m.Arch, p))
	}
	mounts, mountsErr := mountsBelow(m.dir, m.root)
	for _, mount := range mounts {
		errs = append(errs, fmt.Errorf("still mounted for the %s machine: %s", m.Arch, mount))
	}
	if _, err := os.Stat(m.dir); err == nil {
		errs = append(errs, fmt.Errorf("still there: %s", m.dir))
	}
	return errors.Join(errors.Join(errs...), err, mountsErr)
}

// processes are the command lines of the processes that have the machine's prefix.
func (m *Machine) processes() (found []string, err error) {
	all, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		return nil, err
	}
	mark := []byte("WINEPREFIX=" + m.prefix() + "\x00")
	for _, path := range all {
		environ, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(environ, mark) {
			continue // it has ended, or is somebody else's
		}
		dir := filepath.Dir(path)
		line, _ := os.ReadFile(filepath.Join(dir, "cmdline"))
		found = append(found, filepath.Base(dir)+" "+strings.TrimSpace(string(bytes.ReplaceAll(line, []byte{0}, []byte{' '}))))
	}
	return found, nil
}

// mountsBelow are the mount points in folders, those without a name left out.
func mountsBelow(folders ...string) (found []string, err error) {
	table, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(table)) {
		const point = 4
		fields := strings.Fields(line)
		for _, folder := range folders {
			if folder != "" && len(fields) > point && strings.HasPrefix(fields[point], folder) {
				found = append(found, fields[point])
			}
		}
	}
	return found, nil
}
