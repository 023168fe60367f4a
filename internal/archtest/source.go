package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"iter"
	"strconv"
	"strings"
)

// mainModule is the module whose rooms have an order.
const mainModule = "rtmpwriter"

// sources yields every Go file of every module with its package.
func (t *Tree) sources() iter.Seq2[*Package, *Source] {
	return func(yield func(*Package, *Source) bool) {
		for _, p := range t.Packages {
			for _, s := range p.Sources {
				if !yield(p, s) {
					return
				}
			}
		}
	}
}

// at writes one message with the place of pos.
func (s *Source) at(pos token.Pos, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: %s", s.Path, s.positions.Position(pos).Line, fmt.Sprintf(format, args...))
}

// room is the first element of the package's folder.
func (p *Package) room() string {
	first, _, _ := strings.Cut(p.Dir, "/")
	return first
}

// main tells whether the package is a program.
func (p *Package) main() bool { return strings.TrimSuffix(p.Sources[0].Name.Name, "_test") == "main" }

// imported is the path of an import.
func imported(spec *ast.ImportSpec) string {
	name, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return spec.Path.Value // the parser accepted it, so it cannot be
	}
	return name
}

// localName is what the file calls the package that it imports as name; empty
// when it does not import it.
func (s *Source) localName(name string) string {
	for _, spec := range s.Imports {
		switch {
		case imported(spec) != name:
		case spec.Name != nil:
			return spec.Name.Name
		default:
			return name[strings.LastIndex(name, "/")+1:]
		}
	}
	return ""
}

// calls tells whether the call is of qualifier.name, and name one of names.
func calls(call *ast.CallExpr, qualifiers []string, names ...string) bool {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := selector.X.(*ast.Ident)
	if !ok {
		return false
	}
	for _, q := range qualifiers {
		for _, n := range names {
			if q != "" && x.Name == q && selector.Sel.Name == n {
				return true
			}
		}
	}
	return false
}
