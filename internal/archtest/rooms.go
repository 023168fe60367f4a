package archtest

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// storeys gives each room its storey: a room imports only rooms below it.
var storeys = map[string]int{
	"media": 1, "amf0": 2, "flv": 3, "rtmp": 4, "publish": 5, "input": 6, "internal": 7, "cmd": 8, "examples": 8,
}

// inside lists who may import whom below internal/; every other pair there is
// strangers.
var inside = map[string][]string{
	"daemon": {"web", "receiver", "clip"},
	"dshow":  {"com", "tracelog"},
}

// rtmptest is for tests alone, as net/http/httptest is.
const rtmptest = "rtmp/rtmptest"

// importsDownward checks the imports of all files but tests, which may look
// wherever the compiler lets them.
func importsDownward(t *Tree) (broken []string) {
	for p, s := range t.sources() {
		if s.Test || p.Module != mainModule {
			continue
		}
		if storeys[p.room()] == 0 {
			broken = append(broken, fmt.Sprintf("%s: the house has no room %q; put the package into a room, or give the new room its storey in storeys and in docs/architecture.md", s.Path, p.room()))
			continue
		}
		for _, spec := range s.Imports {
			to, ours := strings.CutPrefix(imported(spec), mainModule+"/")
			if !ours {
				continue
			}
			if why := forbidden(p.Dir, to); why != "" {
				broken = append(broken, s.at(spec.Pos(), "imports %s: %s", to, why))
			}
		}
	}
	return broken
}

// forbidden tells why the package at from may not import the one at to, and
// what to do; empty when it may.
func forbidden(from, to string) string {
	fromRoom, fromRest, _ := strings.Cut(from, "/")
	toRoom, toRest, _ := strings.Cut(to, "/")
	switch {
	case to == rtmptest && from != rtmptest:
		return "rtmptest is for tests alone; move what you need of it, or import it in a _test.go file"
	case fromRoom == "examples" && toRoom == "internal":
		return "an example shows what any program can import; use a public package"
	case fromRoom == "internal" && toRoom == "internal":
		a, b := firstElement(fromRest), firstElement(toRest)
		if a == b || slices.Contains(inside[a], b) {
			return ""
		}
		return fmt.Sprintf("internal/%s and internal/%s are strangers; let their caller join them, or add the pair to inside and to docs/architecture.md", a, b)
	case fromRoom == toRoom:
		return ""
	case storeys[toRoom] == 0:
		return fmt.Sprintf("the house has no room %q", toRoom)
	case storeys[toRoom] >= storeys[fromRoom]:
		return fmt.Sprintf("%s is above %s, and imports point only downward; move the code down, or take an interface from the caller", toRoom, fromRoom)
	}
	return ""
}

func firstElement(name string) string {
	first, _, _ := strings.Cut(name, "/")
	return first
}

// within tells whether dir is the folder parent or below it.
func within(dir, parent string) bool {
	return dir == parent || strings.HasPrefix(dir, path.Clean(parent)+"/")
}
