package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"regexp"
)

// namedTest is a test as documents name it.
var namedTest = regexp.MustCompile("`((?:Test|Fuzz|Benchmark)[A-Z][A-Za-z0-9]*)`")

// namedTestsExist finds tests that a document gives as a proof and that are none.
func namedTestsExist(t *Tree) (broken []string) {
	exist := map[string]bool{}
	for _, s := range t.sources() {
		for _, decl := range s.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && s.Test {
				exist[f.Name.Name] = true
			}
		}
	}
	for _, f := range t.Files {
		if path.Ext(f.Path) != ".md" || f.Binary {
			continue
		}
		for number, line := range lines(f.Data) {
			for _, match := range namedTest.FindAllSubmatch(line, -1) {
				if name := string(match[1]); !exist[name] {
					broken = append(broken, fmt.Sprintf("%s:%d: there is no test %s; name the one that shows it, or write it", f.Path, number, name))
				}
			}
		}
	}
	return broken
}
