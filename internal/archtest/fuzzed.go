package archtest

import (
	"fmt"
	"go/ast"
	"regexp"
	"strings"
)

// fuzzRequired are packages that take foreign bytes, whatever their functions
// are called; every package below input/ is one besides.
var fuzzRequired = []string{"amf0", "flv", "media", "media/h264", "rtmp", "rtmp/internal/auth", "rtmp/internal/chunk", "rtmp/internal/handshake"}

// fuzzedElsewhere are packages whose parser another package's target reaches.
var fuzzedElsewhere = map[string]string{}

// parserName is how a function that takes foreign bytes is called.
var parserName = regexp.MustCompile(`^(?i:parse|decode|unmarshal)([A-Z0-9].*)?$`)

// fuzzTarget is what the go command takes for one.
var fuzzTarget = regexp.MustCompile(`^Fuzz([^a-z].*)?$`)

// foreignBytes are the types that foreign bytes come in.
var foreignBytes = map[string]bool{
	"[]byte": true, "io.Reader": true, "io.ReaderAt": true, "io.ReadSeeker": true, "bufio.Reader": true,
}

func parsersFuzzed(t *Tree) (broken []string) {
	byDir := map[string]*Package{}
	for _, p := range t.Packages {
		if p.Module != mainModule {
			continue
		}
		byDir[p.Dir] = p
		parser := takesForeignBytes(p)
		if parser == "" && strings.HasPrefix(p.Dir, "input/") {
			parser = "its input"
		}
		if parser != "" && fuzzedElsewhere[p.Dir] == "" && !hasFuzzTarget(p) {
			broken = append(broken, fmt.Sprintf("%s: no FuzzXxx for %s; add one with seeds, or name the target that reaches it in fuzzedElsewhere", p.Dir, parser))
		}
	}
	for _, dir := range fuzzRequired {
		p := byDir[dir]
		switch {
		case p == nil:
			broken = append(broken, fmt.Sprintf("%s: is in fuzzRequired and is gone; take it out", dir))
		case takesForeignBytes(p) == "" && !hasFuzzTarget(p):
			broken = append(broken, fmt.Sprintf("%s: no FuzzXxx; add one with seeds", dir))
		}
	}
	return broken
}

// takesForeignBytes names the first function that parses bytes or a reader.
func takesForeignBytes(p *Package) string {
	for _, s := range p.Sources {
		if s.Test {
			continue
		}
		for _, decl := range s.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || !parserName.MatchString(f.Name.Name) {
				continue
			}
			for _, param := range f.Type.Params.List {
				if foreignBytes[typeName(param.Type)] {
					return f.Name.Name
				}
			}
		}
	}
	return ""
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

func hasFuzzTarget(p *Package) bool {
	for _, s := range p.Sources {
		for _, decl := range s.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && s.Test && fuzzTarget.MatchString(f.Name.Name) {
				return true
			}
		}
	}
	return false
}
