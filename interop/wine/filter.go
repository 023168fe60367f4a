package wine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// FilterName is the file name of the filter, in Programs.
const FilterName = "nRtmpRenderer.ax"

// filterFile is where the filter under test was built for an architecture.
func filterFile(arch string) (string, error) {
	dir := os.Getenv("RTMPWRITER_FILTERS")
	if dir == "" {
		top, err := repository()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(top, "build")
	}
	path := filepath.Join(dir, "windows-"+arch, FilterName)
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("the filter is not built: %w; run: make filter", err)
	}
	return path, nil
}

// installFilter puts the filter into the machine and registers it.
func (m *Machine) installFilter(ctx context.Context) error {
	path, err := filterFile(m.Arch)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(m.Programs(), FilterName), data, 0o755); err != nil {
		return err
	}
	out, code, err := m.Run(ctx, "regsvr32", FilterName)
	if err == nil && code != 0 {
		err = fmt.Errorf("regsvr32 %s ended with %d: %s", FilterName, code, out)
	}
	return errors.Join(err)
}
