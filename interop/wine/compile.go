package wine

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// compilers are mingw-w64's, without the last letters: gcc and g++.
var compilers = map[string]struct{ prefix, packages string }{
	"amd64": {"x86_64-w64-mingw32-", "gcc-mingw-w64-x86-64-win32 g++-mingw-w64-x86-64-win32"},
	"386":   {"i686-w64-mingw32-", "gcc-mingw-w64-i686-win32 g++-mingw-w64-i686-win32"},
}

// libraries that programs of DirectShow are linked with.
var libraries = []string{
	"-lstrmiids", "-lole32", "-loleaut32", "-luuid", "-ladvapi32", "-luser32", "-lgdi32", "-lversion", "-lws2_32",
}

// Compile makes a Windows program of C or, when one of them is, C++ sources. out
// is its name in Programs, or a path. The folder of public headers is searched. A
// source that begins with a hyphen is a flag of the compiler's, such as -shared.
func (m *Machine) Compile(ctx context.Context, out string, sources ...string) error {
	top, err := repository()
	if err != nil {
		return err
	}
	if !strings.ContainsRune(out, '/') {
		out = filepath.Join(m.Programs(), out)
	}
	name := compilers[m.Arch].prefix + "gcc"
	for _, source := range sources {
		if !strings.HasPrefix(source, "-") && filepath.Ext(source) != ".c" {
			name = compilers[m.Arch].prefix + "g++"
		}
	}
	args := []string{"-O2", "-Wall", "-Wextra", "-static", "-I", filepath.Join(top, "include"), "-o", out}
	args = append(append(args, sources...), libraries...)
	if _, err := exec.LookPath(name); err != nil {
		return fmt.Errorf("%w; on Debian and Ubuntu: apt-get install %s", err, compilers[m.Arch].packages)
	}
	if said, err := exec.CommandContext(ctx, name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, said)
	}
	return nil
}
