package archtest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSleep(t *testing.T) {
	runAll(t, []ruleCase{
		{"sleeps", testsAwake, fixture{"flv/f_test.go": `package flv
import "time"
func f() { time.Sleep(1) }`}, []string{"f_test.go:3: sleeps"}},
		{"under another name", testsAwake, fixture{"flv/f_test.go": `package flv
import clock "time"
func f() { clock.Sleep(1) }`}, []string{"f_test.go:3: sleeps"}},
		{"in a bubble", testsAwake, fixture{"flv/f_test.go": `package flv
import ("testing/synctest"; "time")
func f() { synctest.Test(nil, func(t *testing.T) { time.Sleep(1) }) }`}, nil},
		{"in a bubble of the package's", testsAwake, fixture{"flv/b_test.go": `package flv
import "testing/synctest"
func bubble(f func()) { synctest.Test(nil, f) }`, "flv/f_test.go": `package flv
import "time"
func f() { bubble(func() { time.Sleep(1) }); other(func() { time.Sleep(1) }) }`}, []string{"f_test.go:3: sleeps"}},
		{"beside a bubble", testsAwake, fixture{"flv/f_test.go": `package flv
import ("testing/synctest"; "time")
func f() { synctest.Test(nil, nil); time.Sleep(1) }`}, []string{"sleeps"}},
		{"the program may", testsAwake, fixture{"flv/f.go": `package flv
import "time"
func f() { time.Sleep(1) }`}, nil},
	})
}

func TestSkip(t *testing.T) {
	const file = "flv/f_test.go"
	head := "package flv\nimport \"testing\"\n"
	runAll(t, []ruleCase{
		{"test", testsRun, fixture{file: head + "func TestX(tb *testing.T) { tb.Skipf(``) }"}, []string{"f_test.go:3: leaves a test out"}},
		{"fuzz", testsRun, fixture{file: head + "func FuzzX(f *testing.F) { f.SkipNow() }"}, []string{"leaves a test out"}},
		{"short", testsRun, fixture{file: head + "func TestX(t *testing.T) { if testing.Short() { return } }"}, []string{"leaves a test out"}},
		{"another skip", testsRun, fixture{file: head + "func TestX(t *testing.T) { reader.Skip(4) }"}, nil},
	})
	skipsAllowed[file] = "for this test"
	defer delete(skipsAllowed, file)
	require.Empty(t, testsRun(fixture{file: head + "func TestX(tb *testing.T) { tb.Skipf(``) }"}.load(t)))
}

func TestFuzzed(t *testing.T) {
	defer func(all []string) { fuzzRequired = all }(fuzzRequired)
	fuzzRequired = nil
	target := `package x; import "testing"; func FuzzX(f *testing.F) { f.Fuzz(func(b []byte) { read(b) }) }`
	parser := "package x; func ParseTag(b []byte) {}"
	runAll(t, []ruleCase{
		{"fuzzed", parsersFuzzed, fixture{"flv/f.go": parser + "; func read(b []byte) { ParseTag(b) }", "flv/f_test.go": target}, nil},
		{"of another package", parsersFuzzed, fixture{"flv/f.go": parser, "flv/f_test.go": `package x_test; func FuzzX(f *testing.F) { x.ParseTag(nil) }`}, nil},
		{"another one", parsersFuzzed, fixture{"flv/f.go": parser + "; func read(b []byte) {}", "flv/f_test.go": target}, []string{"flv: no FuzzXxx reaches ParseTag"}},
		{"not fuzzed", parsersFuzzed, fixture{"flv/f.go": parser, "flv/f_test.go": "package x; func Fuzzy() {}"}, []string{"flv: no FuzzXxx reaches ParseTag"}},
		{"bytes", parsersFuzzed, fixture{"flv/f.go": parser}, []string{"flv: no FuzzXxx reaches ParseTag"}},
		{"reader", parsersFuzzed, fixture{"flv/f.go": "package x; import `bufio`; type R int; func (R) decodeAll(r *bufio.Reader) {}"}, []string{"no FuzzXxx reaches decodeAll"}},
		{"no parser", parsersFuzzed, fixture{"flv/f.go": "package x; func Parsed(b []byte) {}; func Parse(n int) {}; func encode(b []byte) {}; func parse(b [4]byte, n map[int]int) {}"}, nil},
		{"an input always", parsersFuzzed, fixture{"input/avi/a.go": "package avi"}, []string{"input/avi: no FuzzXxx for its input"}},
	})
	fuzzRequired = []string{"flv", "gone"}
	runAll(t, []ruleCase{
		{"listed", parsersFuzzed, fixture{"flv/f.go": "package flv"}, []string{"flv: no FuzzXxx", "gone: is in fuzzRequired and is gone"}},
	})
}
