package abi

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
)

var update = flag.Bool("update", false, "append what is new to testdata/frozen.txt")

const frozenFile = "testdata/frozen.txt"

// TestNothingMoves compares the interfaces with what was released once. A line
// that is there may only grow at its end; new methods and options are new lines.
func TestNothingMoves(t *testing.T) {
	data, err := os.ReadFile(frozenFile)
	if *update && os.IsNotExist(err) {
		err = nil
	}
	require.NoError(t, err)
	for section, now := range sections() {
		frozen := linesBySection(string(data))[section]
		for i, line := range frozen {
			require.Greater(t, len(now), i, "%s: %q is gone; programs are compiled against it", section, line)
			require.True(t, strings.HasPrefix(now[i]+" ", line+" "), "%s: %q is now %q; programs are compiled against it", section, line, now[i])
		}
		if !*update {
			require.Len(t, frozen, len(now), "%s has grown; run: go test ./internal/dshow/abi -update", section)
		}
	}
	if *update {
		var b strings.Builder
		for _, section := range sectionNames() {
			fmt.Fprintf(&b, "# %s\n%s\n", section, strings.Join(sections()[section], "\n"))
		}
		require.NoError(t, os.WriteFile(frozenFile, []byte(b.String()), 0o600))
	}
}

// sectionNames are the interfaces and the options, in their order in the file.
func sectionNames() (names []string) {
	for _, face := range Interfaces() {
		names = append(names, face.Name)
	}
	return append(names, "properties", "statistics")
}

// sections writes everything that is frozen, a line each.
func sections() map[string][]string {
	all := map[string][]string{}
	for _, face := range Interfaces() {
		all[face.Name] = []string{face.ID.String()}
		for i, m := range face.Methods {
			line := fmt.Sprintf("%d %s", Slot(i), m.Name)
			for _, p := range m.Parameters {
				line += " " + typeNames[p.Type]
			}
			all[face.Name] = append(all[face.Name], line)
		}
	}
	options := publish.DefaultOptions()
	fields := options.Fields()
	for i, o := range Options() {
		f, _ := o.FieldOf(fields)
		line := fmt.Sprintf("%d %s %s %s %s", i, o.Name, o.Property, o.ID, kindNames[o.Kind])
		all["properties"] = append(all["properties"], strings.TrimSpace(line+" "+strings.Join(f.Choices, " ")))
	}
	narrow, _ := StatsLayout(4)
	wide, _ := StatsLayout(8)
	for i, f := range StatsFields() {
		all["statistics"] = append(all["statistics"], fmt.Sprintf("%s %d %d", f.Name, narrow[i], wide[i]))
	}
	return all
}

var (
	typeNames = map[Type]string{
		TextIn: "text", TextOut: "text*", LongIn: "long", LongOut: "long*", BoolIn: "bool", BoolOut: "bool*",
		IntOut: "int*", StatsOut: "stats*", Handler: "handler", Context: "context",
	}
	kindNames = map[Kind]string{Number: "number", Bool: "bool", Choice: "choice", Text: "text"}
)

func linesBySection(data string) map[string][]string {
	all := map[string][]string{}
	section := ""
	for line := range strings.Lines(data) {
		line = strings.TrimRight(line, "\r\n")
		if name, ok := strings.CutPrefix(line, "# "); ok {
			section = name
			continue
		}
		all[section] = append(all[section], line)
	}
	return all
}
