package wine

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
)

// Run runs a Windows program to its end and returns what it printed, on standard
// output and standard error, without carriage returns, and its exit code modulo 256.
// args[0] is the path of a program, the name of one in Programs, or one of Windows'
// own (regsvr32). err tells that it did not run to its end: it could not start, or
// ctx ended it. The output so far is returned then, too.
func (m *Machine) Run(ctx context.Context, args ...string) (output string, code int, err error) {
	output, code, err = m.runOnce(ctx, args...)
	for range moreTries {
		if !m.diedAtEnd(err) {
			break
		}
		if last := lastLine.FindStringSubmatch(output); last != nil {
			fmt.Fprintln(os.Stderr, "wine: it died at the end of", args[0])
			if code = 0; last[1] != "0" {
				code = 1
			}
			return output, code, nil
		}
		if args[0] != "regsvr32" {
			break
		}
		// What regsvr32 does can be done twice.
		fmt.Fprintln(os.Stderr, "wine: regsvr32 once more, since Wine died at its end")
		output, code, err = m.runOnce(ctx, args...)
	}
	return output, code, err
}

// moreTries is how often regsvr32 is run again. On a busy machine, Wine dies one
// time in ten.
const moreTries = 5

// lastLine is what a checker program prints when it is through: how many checks
// have failed.
var lastLine = regexp.MustCompile(`(?m)^\w+: \d+ passed, (\d+) failed\n\z`)

// diedAtEnd tells that Wine 8 of 32 bits may have died while it ended a program that
// was through with its work. A thread that is just being made, as Go's runtime makes
// them, gets the signal to end before Wine has set its %gs, and the handler takes that
// from where it is still 0.
func (m *Machine) diedAtEnd(err error) bool {
	return err != nil && m.Arch == "386" && strings.Contains(err.Error(), "signal: segmentation fault")
}

func (m *Machine) runOnce(ctx context.Context, args ...string) (output string, code int, err error) {
	p, err := m.Start(ctx, args...)
	if err != nil {
		return "", 0, err
	}
	return p.Wait()
}

// Start starts a Windows program as Run does and does not wait for it. When ctx
// ends, the program is ended.
func (m *Machine) Start(ctx context.Context, args ...string) (*Process, error) {
	if len(args) == 0 {
		return nil, fmt.Errorf("no program named")
	}
	program, err := m.program(args[0])
	if err != nil {
		return nil, err
	}
	line, err := m.line(append([]string{m.wine, program}, args[1:]...)...)
	if err != nil {
		return nil, err
	}
	cmd := m.command(ctx, line...)
	return startProcess(ctx, cmd, m.outputs(), strings.Join(args, " "))
}

// program is the Windows name of a program, in full: for another one, Wine starts
// a program that starts it.
func (m *Machine) program(name string) (string, error) {
	if strings.ContainsRune(name, '/') {
		_, err := os.Stat(name)
		return m.WindowsPath(name), err
	}
	for _, file := range []string{name, name + ".exe"} {
		own := filepath.Join(m.Programs(), file)
		if _, err := os.Stat(own); err == nil {
			return m.WindowsPath(own), nil
		}
		// Wine's files are links to where they are for Wine, which may not be there here.
		if _, err := os.Lstat(filepath.Join(m.prefix(), "drive_c", "windows", "system32", file)); err == nil {
			return `C:\windows\system32\` + file, nil
		}
	}
	return name, nil // Wine will tell
}

// line is the command line that runs a command where the machine's Wine is.
func (m *Machine) line(args ...string) ([]string, error) {
	if m.root != "" {
		top, err := repository()
		if err != nil {
			return nil, err
		}
		args = append([]string{filepath.Join(top, "scripts", "wine-root.sh"), m.root, top, os.TempDir(), "--"}, args...)
	}
	return append(fixedAddresses(), args...), nil
}

// fixedAddresses is what a command line begins with for Linux to lay out memory
// the same way each time. Otherwise, one time in some thousands, the heap of Wine's
// loader is where Windows has a page of its own (0x7ffe0000), and a program of 64
// bits ends with 1 before its first instruction. Where that can't be had, in some
// containers, it is nothing.
var fixedAddresses = sync.OnceValue(func() []string {
	start := []string{"setarch", "--addr-no-randomize"}
	if err := exec.Command(start[0], append(start[1:], "true")...).Run(); err != nil {
		return nil
	}
	return start
})

// command is a command of the computer's that belongs to this machine.
func (m *Machine) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = m.Programs()
	cmd.Env = m.environment()
	return cmd
}

// environment of everything that runs in the machine.
func (m *Machine) environment() []string {
	trace := os.Getenv("WINEDEBUG")
	if trace == "" {
		trace = "-all"
	}
	return append(m.surroundings(),
		"LANG=C.UTF-8",
		"WINEPREFIX="+m.prefix(),
		"WINEDEBUG="+trace,
		// Neither .NET nor HTML is needed: the first program would ask for them. And no
		// menu entries on the computer.
		"WINEDLLOVERRIDES=mscoree,mshtml=;winemenubuilder.exe=d",
		"DISPLAY="+m.display,
	)
}

// surroundings are the part of the environment that marks nothing as this
// machine's.
func (m *Machine) surroundings() []string {
	return []string{
		"PATH=" + os.Getenv("PATH") + ":/usr/sbin:/usr/bin:/sbin:/bin",
		"HOME=" + m.home(),
		"TMPDIR=" + m.dir, // Debian's wineserver has its socket there
	}
}
