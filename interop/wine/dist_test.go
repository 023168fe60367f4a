package wine

import (
	"archive/zip"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/interop/server"
)

// distributed is what scripts/dist.sh has made.
type distributed struct {
	archive string            // the zip
	setup   map[string]string // the installer that is a program of an architecture
	folder  map[string]string // where filter and sample of an architecture lie
}

// distTime is the time of everything in the archive.
var distTime = time.Date(2020, time.February, 2, 2, 2, 2, 0, time.UTC)

// distribute runs scripts/dist.sh.
func distribute(t *testing.T) distributed {
	t.Helper()
	require.NoError(t, server.Installed("makensis", "zip")(), "on Debian and Ubuntu: apt-get install nsis zip")
	top, err := repository()
	require.NoError(t, err)
	out := t.TempDir()
	const patience = 10 * time.Minute // the compression takes its time
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	script := exec.CommandContext(ctx, filepath.Join(top, "scripts", "dist.sh"))
	script.Env = append(os.Environ(), "OUT="+out, "SOURCE_DATE_EPOCH="+strconv.FormatInt(distTime.Unix(), 10))
	said, err := script.CombinedOutput()
	require.NoError(t, err, "%s", said)
	only := func(pattern string) string {
		found, err := filepath.Glob(filepath.Join(out, pattern))
		require.NoError(t, err)
		require.Len(t, found, 1, "%s", said)
		return found[0]
	}
	return distributed{
		archive: only("nRtmpRenderer-*.zip"),
		setup:   map[string]string{"386": only("nRtmpRenderer-*-setup.exe"), "amd64": only("nRtmpRenderer-*-setup-x64.exe")},
		folder:  map[string]string{"386": "x86", "amd64": "x64"},
	}
}

// TestDistribution takes the archive and the installer to a fresh machine of each
// architecture: register or install, publish, update, and take it away again.
// After that the machine must be as it was.
//
// The 32-bit installer runs on the 32-bit machine, the 64-bit one on the 64-bit
// machine, which runs no 32-bit programs.
func TestDistribution(t *testing.T) {
	d := distribute(t)
	t.Run("contents", func(t *testing.T) { contents(t, d) })
	s, clip := launched(t), flvClip(t, "8")
	for _, arch := range architectures {
		t.Run(arch, func(t *testing.T) {
			m := freshMachine(t, arch)
			tooOld(t, m, d)
			before := machineKey(t, m)
			t.Run("archive", func(t *testing.T) { useArchive(t, m, d, s, clip) })
			require.Equal(t, before, machineKey(t, m), "the archive left something in the registry")
			t.Run("installer", func(t *testing.T) { useInstaller(t, m, d, s, clip) })
			require.Equal(t, before, machineKey(t, m), "the installer left something in the registry")
		})
	}
}

// contents looks at the archive without unpacking it.
func contents(t *testing.T, d distributed) {
	z, err := zip.OpenReader(d.archive)
	require.NoError(t, err)
	defer z.Close()
	var names []string
	texts := map[string]string{}
	for _, f := range z.File {
		_, name, _ := strings.Cut(f.Name, "/")
		names = append(names, name)
		require.True(t, f.Modified.UTC().Equal(distTime), "%s: %v", name, f.Modified)
		if ext := filepath.Ext(name); ext == ".txt" || ext == ".cmd" {
			r, err := f.Open()
			require.NoError(t, err)
			text, err := io.ReadAll(r)
			require.NoError(t, err)
			require.Equal(t, strings.Count(string(text), "\n"), strings.Count(string(text), "\r\n"), "%s: lines end with CR LF", name)
			texts[name] = string(text)
		}
	}
	require.True(t, slices.IsSorted(names), "%q", names)
	for _, name := range []string{
		"README.txt", "LICENSE.txt", "THIRD-PARTY.txt", "register.cmd", "unregister.cmd",
		"x64/nRtmpRenderer.ax", "x64/publish.exe", "x64/rtmpwriter.exe", "x86/nRtmpRenderer.ax", "x86/publish.exe",
		"include/RTMPWriterOptions.h", "include/RTMPWriterOptions.idl", "include/RTMPWriterOptions.cs",
		"include/x64/RTMPWriterOptions.tlb", "include/x86/RTMPWriterOptions.tlb",
		"docs/directshow.md", "docs/directshow-options.md",
		"examples/directshow/main.cpp", "examples/directshow/README.md", "examples/directshow-csharp/Publish.cs",
	} {
		require.Contains(t, names, name)
	}
	for _, part := range []string{
		"The Go programming language go1.", "github.com/bluenviron/mediacommon/v2 v", "golang.org/x/net v", "golang.org/x/sys v", "mingw-w64",
	} {
		require.Contains(t, texts["THIRD-PARTY.txt"], part)
	}
}

// freshMachine is a machine of the test's own, in which nothing is registered.
func freshMachine(t *testing.T, arch string) *Machine {
	t.Helper()
	const patience = 15 * time.Minute // for the first time on a computer
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	m, err := newMachine(ctx, arch)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, m.Close()) })
	succeeds(t, m, "regsvr32", "/u", FilterName)
	require.NoError(t, os.Remove(filepath.Join(m.Programs(), FilterName)))
	return m
}

// tooOld shows that the installer refuses a Windows that Go's runtime refuses, and
// leaves a newer one.
func tooOld(t *testing.T, m *Machine, d distributed) {
	t.Helper()
	succeeds(t, m, "winecfg", "-v", "win7")
	out, code, err := m.Run(bounded(t), d.setup[m.Arch], "/S")
	require.NoError(t, err)
	const oldVersion = 1150 // ERROR_OLD_WIN_VERSION
	require.Equal(t, oldVersion%256, code, out)
	succeeds(t, m, "winecfg", "-v", "win10")
}

// machineKey is what programs have written down for the whole machine.
func machineKey(t *testing.T, m *Machine) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "machine.reg")
	succeeds(t, m, "reg", "export", `HKLM\Software`, m.WindowsPath(path), "/y")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Greater(t, len(text), 10_000)
	return string(text)
}

// useArchive unpacks the archive, registers from it, publishes, and unregisters.
func useArchive(t *testing.T, m *Machine, d distributed, s server.Server, clip string) {
	dir := filepath.Join(m.TempDir(), "it's unpacked (here)")
	z, err := zip.OpenReader(d.archive)
	require.NoError(t, err)
	defer z.Close()
	require.NoError(t, os.CopyFS(dir, z))
	top, err := filepath.Glob(filepath.Join(dir, "nRtmpRenderer-*"))
	require.NoError(t, err)
	require.Len(t, top, 1)

	out := succeeds(t, m, "cmd", "/c", "call", m.WindowsPath(filepath.Join(top[0], "register.cmd")), "/q")
	require.Regexp(t, `\d\d-bit programs: registered`, out)
	require.Contains(t, succeeds(t, m, "reg", "query", filterKey+`\InprocServer32`), m.WindowsPath(filepath.Join(top[0], d.folder[m.Arch], FilterName)))
	delivers(t, m, s, filepath.Join(top[0], d.folder[m.Arch], "publish.exe"), clip, "archive"+m.Arch, "--fast")
	out = succeeds(t, m, "cmd", "/c", "call", m.WindowsPath(filepath.Join(top[0], "unregister.cmd")), "/q")
	require.Regexp(t, `\d\d-bit programs: unregistered`, out)
	unregistered(t, m)

	// What can't be loaded is told.
	require.NoError(t, os.WriteFile(filepath.Join(top[0], d.folder[m.Arch], FilterName), []byte("no filter"), 0o600))
	out, code, err := m.Run(bounded(t), "cmd", "/c", "call", m.WindowsPath(filepath.Join(top[0], "register.cmd")), "/q")
	require.NoError(t, err)
	require.Equal(t, 1, code)
	require.Contains(t, out, "NOT registered: regsvr32 ended with 3")
}

// The installer's key, besides what the filter registers.
const uninstallKey = `HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall\nRtmpRenderer`

// useInstaller installs, publishes, installs once more while that runs, and
// uninstalls.
func useInstaller(t *testing.T, m *Machine, d distributed, s server.Server, clip string) {
	version, err := os.ReadFile("../../VERSION")
	require.NoError(t, err)
	folder := filepath.Join(m.prefix(), "drive_c", "Program Files", "RTMP Writer")
	program := filepath.Join(folder, d.folder[m.Arch], "publish.exe")
	menu := filepath.Join(m.prefix(), "drive_c", "ProgramData", "Microsoft", "Windows", "Start Menu", "Programs", "RTMP Writer")

	succeeds(t, m, d.setup[m.Arch], "/S")
	require.Contains(t, succeeds(t, m, "reg", "query", filterKey+`\InprocServer32`), `C:\Program Files\RTMP Writer\`+d.folder[m.Arch]+`\`+FilterName)
	require.Regexp(t, `DisplayVersion\s+REG_SZ\s+`+strings.TrimSpace(string(version)), succeeds(t, m, "reg", "query", uninstallKey))
	require.FileExists(t, filepath.Join(folder, "docs", "directshow.md"))
	require.FileExists(t, filepath.Join(menu, "Documentation.lnk"))
	delivers(t, m, s, program, clip, "installed"+m.Arch, "--fast")

	// A newer version comes while a program has the filter loaded.
	reception, err := s.Expect(bounded(t), "update"+m.Arch)
	require.NoError(t, err)
	playing := started(t, m, program, m.WindowsPath(clip), reception.URL)
	_, err = playing.WaitLine(bounded(t), "   0.000  status 0: connected")
	require.NoError(t, err)
	succeeds(t, m, d.setup[m.Arch], "/S")
	require.FileExists(t, program)
	out, code, err := playing.Wait()
	require.NoError(t, err)
	require.Zero(t, code, out)
	require.Contains(t, out, allSent)
	delivers(t, m, s, program, clip, "updated"+m.Arch, "--fast")

	// The uninstaller works from a copy of its own, and goes on behind its caller.
	succeeds(t, m, filepath.Join(folder, "uninstall.exe"), "/S")
	require.Eventually(t, func() bool {
		_, err := os.Stat(folder)
		return os.IsNotExist(err)
	}, patience, 10*lookEvery, "files are left")
	require.NoDirExists(t, menu)
	unregistered(t, m)
}
