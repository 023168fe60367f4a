package archtest

import "go/ast"

// skipsAllowed gives the files that may leave a test out, with the reason.
var skipsAllowed = map[string]string{}

// testsAwake finds sleeps in tests. In a bubble of testing/synctest a sleep is
// the way to move its clock, and costs nothing.
func testsAwake(t *Tree) (broken []string) {
	for p, s := range t.sources() {
		if !s.Test {
			continue
		}
		clock, bubbles := s.localName("time"), p.bubbles()
		ast.Inspect(s.File, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if name, ok := call.Fun.(*ast.Ident); s.startsBubble(call) || ok && bubbles[name.Name] {
				return false
			}
			if calls(call, []string{clock}, "Sleep") {
				broken = append(broken, s.at(call.Pos(), "sleeps: slow when it works and wrong when it is loaded; wait for a channel, or run in a testing/synctest bubble"))
			}
			return true
		})
	}
	return broken
}

// startsBubble tells a call of synctest.Test.
func (s *Source) startsBubble(call *ast.CallExpr) bool {
	return calls(call, []string{s.localName("testing/synctest")}, "Test")
}

// bubbles names the package's functions that run what they are given in a
// bubble.
func (p *Package) bubbles() map[string]bool {
	found := map[string]bool{}
	for _, s := range p.Sources {
		for _, decl := range s.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv != nil {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && s.startsBubble(call) {
					found[f.Name.Name] = true
				}
				return true
			})
		}
	}
	return found
}

// testsRun finds tests that leave themselves out. A check that lacks a program
// fails and names it; make test installs what it can.
func testsRun(t *Tree) (broken []string) {
	for _, s := range t.sources() {
		if !s.Test || skipsAllowed[s.Path] != "" {
			continue
		}
		testing := s.localName("testing")
		ast.Inspect(s.File, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if calls(call, []string{"t", "b", "f", "tb"}, "Skip", "Skipf", "SkipNow") || calls(call, []string{testing}, "Short") {
				broken = append(broken, s.at(call.Pos(), "leaves a test out; fail and say what is missing, in a fuzz target return, or add the file to skipsAllowed with the reason"))
			}
			return true
		})
	}
	return broken
}
