package archtest

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// optionRooms are where the effect of an option can be seen.
var optionRooms = []string{"publish", "rtmp", "cmd", "interop", "internal"}

// OptionsWithoutTest takes the names of all options and reports those whose
// effect no test shows. Such a test is called TestOption and the option's name,
// with whatever capitals: TestOptionChunkSize, TestOptionTLSCAFile; one for two
// of them TestOptionUsernameAndPassword.
func OptionsWithoutTest(t *Tree, names []string) (broken []string) {
	tested := map[string]bool{}
	for p, s := range t.sources() {
		if !s.Test || !slices.Contains(optionRooms, p.room()) {
			continue
		}
		for _, decl := range s.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil {
				if names, ok := strings.CutPrefix(f.Name.Name, "TestOption"); ok {
					for name := range strings.SplitSeq(names, "And") {
						tested[strings.ToLower(name)] = true
					}
				}
			}
		}
	}
	for _, name := range names {
		if !tested[strings.ReplaceAll(name, "-", "")] {
			broken = append(broken, fmt.Sprintf("option %s: no test shows its effect; write %s in one of %v", name, testName(name), optionRooms))
		}
	}
	return broken
}

// testName is chunk-size as TestOptionChunkSize.
func testName(option string) string {
	var b strings.Builder
	b.WriteString("TestOption")
	for word := range strings.SplitSeq(option, "-") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}
