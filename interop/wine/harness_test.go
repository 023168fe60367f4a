package wine

import (
	"context"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// say is a program that says what it was told, compiled for a machine.
func say(t *testing.T, m *Machine) string {
	t.Helper()
	const program = "say.exe"
	if _, err := os.Stat(filepath.Join(m.Programs(), program)); err != nil {
		require.NoError(t, m.Compile(bounded(t), program, "programs/say.c"))
	}
	return program
}

func TestRun(t *testing.T) {
	bits := map[string]string{"amd64": "bits 64\n", "386": "bits 32\n"}
	onEach(t, func(t *testing.T, m *Machine) {
		program := say(t, m)
		out, code, err := m.Run(bounded(t), program, "7", "one", "two three")
		require.NoError(t, err)
		require.Equal(t, 7, code)
		require.Contains(t, out, "one\ntwo three\n")
		require.Contains(t, out, bits[m.Arch])

		// A path of the computer's, and one that is not there.
		_, code, err = m.Run(bounded(t), filepath.Join(m.Programs(), program), "0")
		require.NoError(t, err)
		require.Zero(t, code)
		_, _, err = m.Run(bounded(t), filepath.Join(m.Programs(), "gone.exe"))
		require.ErrorIs(t, err, os.ErrNotExist)
	})
}

func TestStart(t *testing.T) {
	onEach(t, func(t *testing.T, m *Machine) {
		p := started(t, m, say(t, m), "hang", "a 1", "b 1", "a 2")
		for _, want := range []string{"a 1", "a 2", "b 1"} {
			line, err := p.WaitLine(bounded(t), want[:1])
			require.NoError(t, err)
			require.Equal(t, want, line)
		}

		soon, cancel := context.WithTimeout(t.Context(), 10*lookEvery)
		defer cancel()
		_, err := p.WaitLine(soon, "c")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "b 1")

		p.Kill()
		out, _, err := p.Wait()
		require.ErrorContains(t, err, "killed")
		require.Contains(t, out, "a 2\n")
		_, err = p.WaitLine(bounded(t), "a")
		require.ErrorContains(t, err, "ended")
	})
}

func TestRunIsBounded(t *testing.T) {
	onEach(t, func(t *testing.T, m *Machine) {
		program := say(t, m)
		soon, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, _, err := m.Run(soon, program, "hang")
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestPaths(t *testing.T) {
	onEach(t, func(t *testing.T, m *Machine) {
		top, err := repository()
		require.NoError(t, err)
		for _, path := range []string{m.TempDir(), m.Programs(), t.TempDir(), filepath.Join(top, "go.mod")} {
			succeeds(t, m, "cmd", "/c", "dir", "/b", m.WindowsPath(path))
		}
		_, code, err := m.Run(bounded(t), "cmd", "/c", "dir", "/b", m.WindowsPath(filepath.Join(m.TempDir(), "gone")))
		require.NoError(t, err)
		require.NotZero(t, code)
	})
}

func TestScreenshot(t *testing.T) {
	onEach(t, func(t *testing.T, m *Machine) {
		started(t, m, "notepad")
		path := filepath.Join(t.TempDir(), "screen.png")
		colours := func() int {
			require.NoError(t, m.Screenshot(bounded(t), path))
			file, err := os.Open(path)
			require.NoError(t, err)
			defer file.Close()
			picture, err := png.Decode(file)
			require.NoError(t, err)
			seen := map[any]bool{}
			for x := range picture.Bounds().Dx() {
				for y := range picture.Bounds().Dy() {
					seen[picture.At(x, y)] = true
				}
			}
			return len(seen)
		}
		// An empty display is all black.
		require.Eventually(t, func() bool { return colours() > 3 }, patience, 10*lookEvery, "nothing is shown")
	})
}

func TestLeft(t *testing.T) {
	onEach(t, func(t *testing.T, m *Machine) {
		require.ErrorContains(t, m.left(), "Xvfb", "what runs is seen")
		require.ErrorContains(t, m.left(), m.dir)
		running, err := m.processes()
		require.NoError(t, err)
		require.Greater(t, len(running), 2, "Xvfb, wineserver and Windows' own: %q", running)
	})
	mounts, err := mountsBelow("/proc")
	require.NoError(t, err)
	require.NotEmpty(t, mounts)
}

func TestFindLine(t *testing.T) {
	const output = "one\ntwo 1\ntwo 2\ntw"
	for _, c := range []struct {
		prefix, line string
		length       int
		ok           bool
	}{
		{"one", "one", 4, true},
		{"two", "two 1", 10, true},
		{"", "one", 4, true},
		{"three", "", 16, false},
		{"one more", "", 16, false},
	} {
		line, length, ok := findLine(output, c.prefix)
		require.Equal(t, c.line, line, c.prefix)
		require.Equal(t, c.length, length, c.prefix)
		require.Equal(t, c.ok, ok, c.prefix)
	}
	_, length, ok := findLine(output[16:], "tw")
	require.False(t, ok, "not a whole line")
	require.Zero(t, length)
}

// What is missing is named, with the way to get it.
func TestMissing(t *testing.T) {
	m := &Machine{Arch: "386", dir: t.TempDir()}
	require.NoError(t, os.Mkdir(m.outputs(), 0o755))
	t.Setenv("RTMPWRITER_FILTERS", t.TempDir())
	_, err := filterFile(m.Arch)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "make filter")

	t.Setenv("PATH", t.TempDir())
	require.ErrorContains(t, m.startDisplay(t.Context()), "apt-get install xvfb")
	require.ErrorContains(t, m.Screenshot(t.Context(), "screen.png"), "apt-get install imagemagick")
	require.ErrorContains(t, m.Compile(t.Context(), "say.exe", "programs/say.c"), "apt-get install gcc-mingw-w64-i686-win32")
}
