package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strings"
)

// empty are words that say nothing of what a thing is.
var empty = []string{
	"util", "utils", "utility", "utilities", "common", "commons", "helper", "helpers", "manager", "managers", "misc",
}

// wordBreak finds the words of a name: at capitals and at marks.
var wordBreak = regexp.MustCompile(`[A-Z]?[a-z0-9]+|[A-Z]+`)

func emptyWord(name string) string {
	for _, word := range wordBreak.FindAllString(name, -1) {
		if slices.Contains(empty, strings.ToLower(word)) {
			return word
		}
	}
	return ""
}

// namesSpeak looks at folders, Go files and types.
func namesSpeak(t *Tree) (broken []string) {
	for p, s := range t.sources() {
		if word := emptyWord(path.Base(p.Dir)); word != "" {
			broken = append(broken, fmt.Sprintf("%s: %q says nothing; name the package for what it provides", s.Path, word))
		}
		if word := emptyWord(strings.TrimSuffix(path.Base(s.Path), ".go")); word != "" {
			broken = append(broken, fmt.Sprintf("%s: %q says nothing; name the file for what is in it", s.Path, word))
		}
		ast.Inspect(s.File, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if word := emptyWord(spec.Name.Name); word != "" {
					broken = append(broken, s.at(spec.Pos(), "type %s: %q says nothing; name it for what it does", spec.Name.Name, word))
				}
			}
			return true
		})
	}
	return broken
}
