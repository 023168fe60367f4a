package wine

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// once is something made once a machine.
type once struct {
	sync.Once
	err error
}

var made sync.Map // *once by architecture and program

func onlyOnce(key string, do func() error) error {
	stored, _ := made.LoadOrStore(key, new(once))
	o := stored.(*once)
	o.Do(func() { o.err = do() })
	return o.err
}

// publishingProgram compiles a program of the folder checker. What the programs
// have in common is one object file.
func publishingProgram(t *testing.T, m *Machine, name string) string {
	t.Helper()
	parts := filepath.Join(m.Programs(), "parts.o")
	require.NoError(t, onlyOnce(m.Arch+" parts", func() error {
		return m.Compile(context.Background(), parts, "-c", "checker/parts.cpp")
	}))
	require.NoError(t, onlyOnce(m.Arch+" "+name, func() error {
		return m.Compile(context.Background(), name+".exe", "checker/"+name+".cpp", parts)
	}))
	return name + ".exe"
}

// together are the checkers that checker/publishing.cpp makes one program of:
// each would read the same large headers.
var together = []string{
	"absent", "drained", "eos", "filesink", "graph", "network", "oddsamples", "outage", "publishfile", "reconnect", "samples", "waiting",
}

// command is how a checker is run.
func command(t *testing.T, m *Machine, name string, args ...string) []string {
	t.Helper()
	if !slices.Contains(together, name) {
		return append([]string{publishingProgram(t, m, name)}, args...)
	}
	require.NoError(t, onlyOnce(m.Arch+" publishing", func() error {
		return m.Compile(context.Background(), "publishing.exe", "checker/publishing.cpp")
	}))
	return append([]string{"publishing.exe", name}, args...)
}

// verdictLine is a line of a checker program.
var verdictLine = regexp.MustCompile(`(?m)^(ok|FAIL) (\d+) (.*)$`)

// judge demands that a program found nothing wrong, and looked at these items.
func judge(t *testing.T, out string, code int, items ...int) {
	t.Helper()
	var failed []string
	seen := map[int]bool{}
	for _, line := range verdictLine.FindAllStringSubmatch(out, -1) {
		number, err := strconv.Atoi(line[2])
		require.NoError(t, err)
		seen[number] = true
		if line[1] == "FAIL" {
			failed = append(failed, line[0])
		}
	}
	require.Empty(t, failed, "all it said:\n%s", out)
	require.Zero(t, code, "it has said:\n%s", out)
	for _, item := range items {
		require.True(t, seen[item], "nothing was said of %d:\n%s", item, out)
	}
}

// group is a run of a checker program over some of its items.
type group struct {
	name  string
	items []int
}

// checkTogether runs a program once for each group of items, all at once, and
// returns all that was said.
func checkTogether(t *testing.T, m *Machine, name string, groups [][]int, args ...string) string {
	t.Helper()
	var named []group
	for _, items := range groups {
		named = append(named, group{name, items})
	}
	return checkAll(t, m, args, named...)
}

// checkAll runs programs with the same arguments, all at once, and returns all
// that was said. What one finds does not end the others.
func checkAll(t *testing.T, m *Machine, args []string, groups ...group) string {
	t.Helper()
	outs := make([]string, len(groups))
	codes := make([]int, len(groups))
	errs := make([]error, len(groups))
	lines := make([][]string, len(groups))
	for i, g := range groups {
		lines[i] = command(t, m, g.name, args...)
		for _, item := range g.items {
			lines[i] = append(lines[i], strconv.Itoa(item))
		}
	}
	ctx := bounded(t) // compiling is not counted
	var all sync.WaitGroup
	for i, line := range lines {
		all.Go(func() { outs[i], codes[i], errs[i] = m.Run(ctx, line...) })
	}
	all.Wait()
	for i, g := range groups {
		t.Log(outs[i])
		require.NoError(t, errs[i])
		judge(t, outs[i], codes[i], g.items...)
	}
	return strings.Join(outs, "")
}

// onEachAtOnce runs a test on all machines at once, behind the tests that change
// what is registered.
func onEachAtOnce(t *testing.T, test func(t *testing.T, m *Machine)) {
	t.Helper()
	t.Parallel()
	onEach(t, func(t *testing.T, m *Machine) {
		t.Parallel()
		test(t, m)
	})
}

// said finds the lines of a program that begin with a word, cut at the spaces.
func said(out, word string) (lines [][]string) {
	for line := range strings.Lines(out) {
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] == word {
			lines = append(lines, fields[1:])
		}
	}
	return lines
}

// arrived demands that each stream of which the program says "sent KEY VIDEO
// AUDIO" came whole, in one connection.
func arrived(t *testing.T, s *stage, out string) {
	t.Helper()
	lines := said(out, "sent")
	require.NotEmpty(t, lines)
	for _, line := range lines {
		plays := s.published(line[0])
		require.Len(t, plays, 1, line[0])
		got := fmt.Sprint(line[0], " ", plays[0].count(typeVideo), " ", plays[0].count(typeAudio))
		require.Equal(t, strings.Join(line, " "), got)
	}
}
