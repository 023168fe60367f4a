package archtest

import (
	"fmt"
	"go/ast"
	"iter"
	"regexp"
	"slices"
	"strings"
)

// fuzzRequired are packages that take foreign bytes, whatever their functions
// are called; every package below input/ is one besides.
var fuzzRequired = []string{
	"amf0", "flv", "media", "media/aac", "media/h264", "input", "publish", "publish/internal/timecode",
	"rtmp", "rtmp/internal/auth", "rtmp/internal/chunk", "rtmp/internal/handshake", "rtmp/internal/network", "rtmp/internal/tunnel",
	"internal/settings", "internal/dshow/mediatype", "internal/dshow/store", "cmd/rtmpwriter",
}

// fuzzedElsewhere are packages whose parser another package's target reaches.
var fuzzedElsewhere = map[string]string{}

// parserName is how a function that takes foreign bytes is called.
var parserName = regexp.MustCompile(`^(?i:parse|decode|unmarshal)([A-Z0-9].*)?$`)

// fuzzTarget is what the go command takes for one.
var fuzzTarget = regexp.MustCompile(`^Fuzz([^a-z].*)?$`)

// foreignBytes are the types that foreign bytes come in.
var foreignBytes = map[string]bool{
	"[]byte": true, "string": true, "chunk.Message": true, "io.Reader": true, "io.ReaderAt": true, "io.ReadSeeker": true, "bufio.Reader": true,
}

// parsersFuzzed finds functions that take foreign bytes and that no fuzz target
// of their package reaches.
func parsersFuzzed(t *Tree) (broken []string) {
	byDir := map[string]*Package{}
	for _, p := range t.Packages {
		if p.Module != mainModule {
			continue
		}
		byDir[p.Dir] = p
		if fuzzedElsewhere[p.Dir] != "" {
			continue
		}
		reached := reachedByFuzzing(p)
		for _, parser := range takingForeignBytes(p) {
			if !reached[parser] {
				broken = append(broken, fmt.Sprintf("%s: no FuzzXxx reaches %s; add one with seeds, or name the target that does in fuzzedElsewhere", p.Dir, parser))
			}
		}
		if strings.HasPrefix(p.Dir, "input/") && len(reached) == 0 {
			broken = append(broken, p.Dir+": no FuzzXxx for its input; add one with seeds")
		}
	}
	for _, dir := range fuzzRequired {
		p := byDir[dir]
		switch {
		case p == nil:
			broken = append(broken, fmt.Sprintf("%s: is in fuzzRequired and is gone; take it out", dir))
		case len(reachedByFuzzing(p)) == 0:
			broken = append(broken, fmt.Sprintf("%s: no FuzzXxx; add one with seeds", dir))
		}
	}
	return broken
}

// takingForeignBytes names the functions that parse bytes or a reader.
func takingForeignBytes(p *Package) (names []string) {
	for f, test := range functions(p) {
		if test || !parserName.MatchString(f.Name.Name) {
			continue
		}
		if slices.ContainsFunc(f.Type.Params.List, func(param *ast.Field) bool { return foreignBytes[typeName(param.Type)] }) {
			names = append(names, f.Name.Name)
		}
	}
	return names
}

// reachedByFuzzing are the names that fuzz targets use, and those that the
// package's functions of these names use in turn. Names stand for functions here:
// one too many may count as reached, none too few.
func reachedByFuzzing(p *Package) map[string]bool {
	bodies := map[string][]ast.Node{}
	var next []ast.Node
	for f, test := range functions(p) {
		switch {
		case f.Body == nil:
		case test && fuzzTarget.MatchString(f.Name.Name):
			next = append(next, f.Body)
		default:
			bodies[f.Name.Name] = append(bodies[f.Name.Name], f.Body)
		}
	}
	reached := map[string]bool{}
	if len(next) > 0 {
		reached["testing"] = true // a target that uses nothing is one all the same
	}
	for len(next) > 0 {
		body := next[0]
		next = next[1:]
		ast.Inspect(body, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && !reached[id.Name] {
				reached[id.Name] = true
				next = append(next, bodies[id.Name]...)
			}
			return true
		})
	}
	return reached
}

// functions yields a package's functions and methods, and whether a test's file
// has them.
func functions(p *Package) iter.Seq2[*ast.FuncDecl, bool] {
	return func(yield func(*ast.FuncDecl, bool) bool) {
		for _, s := range p.Sources {
			for _, decl := range s.Decls {
				if f, ok := decl.(*ast.FuncDecl); ok && !yield(f, s.Test) {
					return
				}
			}
		}
	}
}

// typeName writes the few types that matter here; the others are empty.
func typeName(expr ast.Expr) string {
	switch e := expr.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.ArrayType:
		if e.Len == nil {
			return "[]" + typeName(e.Elt)
		}
	case *ast.SelectorExpr:
		return typeName(e.X) + "." + e.Sel.Name
	}
	return ""
}
