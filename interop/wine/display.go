package wine

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// startDisplay starts an X server that shows nothing, on a display that it finds
// free itself. It ends with the machine: see watch.
func (m *Machine) startDisplay(context.Context) error {
	// The watch ends it, so no context does.
	server := m.command(context.Background(), "Xvfb", "-displayfd", "1", "-screen", "0", "1024x768x24", "-noreset")
	said, err := server.StdoutPipe()
	if err != nil {
		return err
	}
	complaints, err := os.Create(filepath.Join(m.outputs(), "Xvfb"))
	if err != nil {
		return err
	}
	defer complaints.Close() // the server has its own
	server.Stderr = complaints
	if err := server.Start(); err != nil {
		return fmt.Errorf("an X server without a screen: %w; on Debian and Ubuntu: apt-get install xvfb", err)
	}
	number, err := bufio.NewReader(said).ReadString('\n')
	if err != nil {
		text, _ := os.ReadFile(complaints.Name())
		return fmt.Errorf("the X server Xvfb found no free display: %w %s", err, text)
	}
	m.display = ":" + strings.TrimSpace(number)
	go func() { _ = server.Wait() }() // ends with the server
	return nil
}

// Screenshot writes what the machine's display shows, as a PNG file.
func (m *Machine) Screenshot(ctx context.Context, path string) error {
	out, err := exec.CommandContext(ctx, "import", "-display", m.display, "-window", "root", "png:"+path).CombinedOutput()
	if err != nil {
		return fmt.Errorf("import: %w %s; on Debian and Ubuntu: apt-get install imagemagick", err, out)
	}
	return nil
}
