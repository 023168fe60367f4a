package archtest

import (
	"fmt"
	"strings"
)

// codecParsers are the one library that the engine's rooms may use.
const codecParsers = "github.com/bluenviron/mediacommon/v2/pkg/"

// socksClient is the transport's: SOCKS5 without a protocol of our own.
const (
	socksClient = "golang.org/x/net/proxy"
	networkRoom = "rtmp/internal/network"
)

// libraries lists what a room may import besides the standard library. A folder
// below a room has its own entry where it needs more. Rooms without an entry
// take what they like.
var libraries = map[string][]string{
	"media":       {codecParsers},
	"amf0":        {},
	"flv":         {codecParsers},
	"rtmp":        {},
	networkRoom:   {socksClient},
	rtmptest:      {"github.com/stretchr/testify/"},
	"publish":     {codecParsers},
	"input":       {codecParsers},
	"input/mp4in": {codecParsers, "github.com/abema/go-mp4"},
	"input/tsin":  {codecParsers, "github.com/asticode/go-astits"},
	"examples":    {},
}

// testLibraries have no place in the program.
var testLibraries = []string{
	"github.com/stretchr/testify/", "go.uber.org/goleak", "github.com/rogpeppe/go-internal/", "testing",
}

// forTests are the packages that are not tests and still are for tests alone.
var forTests = []string{rtmptest, "internal/archtest"}

func importsLibraries(t *Tree) (broken []string) {
	for p, s := range t.sources() {
		allowed, limited := librariesOf(p.Dir)
		if s.Test || p.Module != mainModule || !limited {
			continue
		}
		for _, spec := range s.Imports {
			if name := imported(spec); foreign(name) && !anyPrefix(name, allowed) {
				broken = append(broken, s.at(spec.Pos(), "imports %s, which %s may not use: who imports this room compiles it too; use the standard library, move the code up, or add it to libraries with a reason", name, p.Dir))
			}
		}
	}
	return broken
}

func importsTestLibraries(t *Tree) (broken []string) {
	for p, s := range t.sources() {
		if s.Test || p.Module != mainModule || anyWithin(p.Dir, forTests) {
			continue
		}
		for _, spec := range s.Imports {
			if name := imported(spec); anyPrefix(name, testLibraries) {
				broken = append(broken, s.at(spec.Pos(), "imports %s, a library for tests; move the code into a _test.go file", name))
			}
		}
	}
	return broken
}

// StrangersBelow takes import paths of all that a program compiles for the
// engine, the standard library apart, and reports those that do not belong to
// it.
func StrangersBelow(compiled []string) (broken []string) {
	for _, name := range compiled {
		dir, ours := strings.CutPrefix(name, mainModule+"/")
		fine := name == socksClient || name == "golang.org/x/net/internal/socks" || // pulls in nothing more
			strings.HasPrefix(name, codecParsers+"bits") || strings.HasPrefix(name, codecParsers+"codecs/")
		if ours {
			storey := storeys[firstElement(dir)]
			fine = storey > 0 && storey <= storeys["publish"] && dir != rtmptest
		}
		if !fine {
			broken = append(broken, fmt.Sprintf("a program that imports publish compiles %s; the engine is for programs that want no more than the standard library, the codec parsers and the SOCKS5 client", name))
		}
	}
	return broken
}

// librariesOf finds the entry of the nearest folder.
func librariesOf(dir string) ([]string, bool) {
	best, found := "", false
	for folder := range libraries {
		if within(dir, folder) && len(folder) > len(best) {
			best, found = folder, true
		}
	}
	return libraries[best], found
}

// foreign tells an import path outside the standard library and the module: its
// first element is a host name, or that of another module.
func foreign(name string) bool {
	return strings.Contains(firstElement(name), ".")
}

func anyPrefix(name string, prefixes []string) bool {
	for _, p := range prefixes {
		if name == p || strings.HasPrefix(name, strings.TrimSuffix(p, "/")+"/") {
			return true
		}
	}
	return false
}

func anyWithin(dir string, folders []string) bool {
	for _, f := range folders {
		if within(dir, f) {
			return true
		}
	}
	return false
}
