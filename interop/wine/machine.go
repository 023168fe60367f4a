package wine

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
	"time"
)

// Machine is a Windows of one architecture, with the filter registered. Its
// methods may be called from several goroutines.
type Machine struct {
	// Arch is "amd64" or "386".
	Arch string

	dir     string // everything of this machine's: prefix, programs, outputs
	wine    string // the program that runs Windows programs
	server  string // its wineserver
	root    string // the folder that is / for both, empty for the computer's own
	display string // of the X server, like ":7"; empty before it runs
	watch   *watch
	close   func() error
}

// architectures of the machines, in Go's names.
var architectures = []string{"amd64", "386"}

// opened are the machines that CloseAll ends.
var opened struct {
	sync.Mutex
	machines []*Machine
}

// Machines are the machines of both architectures, made once per process.
func Machines() ([]*Machine, error) { return machines() }

var machines = sync.OnceValues(func() ([]*Machine, error) {
	const patience = 15 * time.Minute // for the first time on a computer
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	made := make([]*Machine, len(architectures))
	errs := make([]error, len(architectures))
	var all sync.WaitGroup
	for i, arch := range architectures {
		all.Go(func() {
			if made[i], errs[i] = newMachine(ctx, arch); errs[i] != nil {
				errs[i] = fmt.Errorf("the %s machine: %w", arch, errs[i])
			}
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, errors.Join(err, CloseAll())
	}
	return made, nil
})

// newMachine makes a machine ready, up to the registered filter.
func newMachine(ctx context.Context, arch string) (*Machine, error) {
	m := &Machine{Arch: arch}
	m.close = sync.OnceValue(m.end)
	opened.Lock()
	opened.machines = append(opened.machines, m)
	opened.Unlock()

	for _, step := range []func(context.Context) error{
		m.makeFolders, m.layDown, m.startWatch, m.startDisplay, m.startServer, m.installFilter,
	} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// Programs is the folder of this machine's programs: the filter and what Compile
// makes. It is where programs run, too.
func (m *Machine) Programs() string { return filepath.Join(m.dir, "programs") }

// TempDir is a folder that the machine's programs can use. It is removed with the
// machine. Those of testing.T.TempDir can be used as well.
func (m *Machine) TempDir() string { return filepath.Join(m.dir, "files") }

// WindowsPath is the Windows name of a file of the computer's.
func (m *Machine) WindowsPath(path string) string {
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	return "Z:" + strings.ReplaceAll(path, "/", `\`)
}

func (m *Machine) prefix() string { return filepath.Join(m.dir, "prefix") }

func (m *Machine) outputs() string { return filepath.Join(m.dir, "outputs") }

func (m *Machine) home() string { return filepath.Join(m.dir, "home") }

// makeFolders makes the machine's folder; the prefix in it is the script's.
func (m *Machine) makeFolders(context.Context) error {
	dir, err := os.MkdirTemp("", "rtmpwriter-wine-"+m.Arch+"-")
	if err != nil {
		return err
	}
	m.dir = dir
	for _, folder := range []string{m.Programs(), m.TempDir(), m.outputs(), m.home()} {
		if err := os.Mkdir(folder, 0o755); err != nil {
			return err
		}
	}
	return nil
}

// layDown makes the machine's prefix and learns the programs that use it.
func (m *Machine) layDown(ctx context.Context) error {
	top, err := repository()
	if err != nil {
		return err
	}
	script := exec.CommandContext(ctx, filepath.Join(top, "scripts", "wine.sh"), m.Arch, m.prefix())
	var said bytes.Buffer
	script.Stderr = &said
	out, err := script.Output()
	if err != nil {
		return fmt.Errorf("scripts/wine.sh %s: %w\n%s", m.Arch, err, said.String())
	}
	for line := range strings.Lines(string(out)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch name {
		case "wine":
			m.wine = value
		case "server":
			m.server = value
		case "root":
			m.root = value
		}
	}
	if m.wine == "" || m.server == "" {
		return fmt.Errorf("scripts/wine.sh %s named no programs:\n%s%s", m.Arch, out, said.String())
	}
	return nil
}

// repository is the top of the tree that this process runs in.
var repository = sync.OnceValues(func() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "scripts", "wine.sh")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no scripts/wine.sh above %s: run the tests within the repository", start)
		}
	}
})
