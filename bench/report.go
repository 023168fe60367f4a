package main

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"
)

// markdown writes what was measured, for people.
func (b *bench) markdown(contests []*contest, now time.Time) string {
	var w strings.Builder
	fmt.Fprintf(&w, "Measured on %s, %s.\n\n", now.Format(time.DateOnly), machine())
	fmt.Fprintf(&w, "Publishers: %s.\n", b.tools.named())
	for _, name := range slices.Sorted(maps.Keys(b.tools.missing)) {
		fmt.Fprintf(&w, "Missing: %s (%s).\n", name, b.tools.missing[name])
	}
	fmt.Fprint(&w, "\n### Targets\n\n| contest | target | measured | |\n|---|---|---|---|\n")
	for _, c := range contests {
		for _, t := range c.targets {
			value, ok, err := c.reached(t)
			fmt.Fprintf(&w, "| %s | %s | %s | %s |\n", c.title, t.says, number(value, err), verdict(ok, err))
		}
	}
	for _, c := range contests {
		c.table(&w)
	}
	return w.String()
}

func number(value float64, err error) string {
	if err != nil {
		return "–"
	}
	return fmt.Sprintf("%.3g", value)
}

func verdict(ok bool, err error) string {
	switch {
	case errors.Is(err, errUnmeasured):
		return "not measured"
	case ok:
		return "reached"
	}
	return "**missed**"
}

// table writes a contest's figures: median, least and most, and the first of our
// entries against each other one, of the same rounds.
func (c *contest) table(w *strings.Builder) {
	if len(c.entries) == 0 {
		return
	}
	fmt.Fprintf(w, "\n### %s\n\n%s", c.title, c.about)
	if c.rounds > 1 {
		fmt.Fprintf(w, " %d rounds.", c.rounds)
	}
	first := c.entries[0]
	fmt.Fprint(w, "\n\n| publisher |")
	for _, col := range c.columns {
		fmt.Fprintf(w, " %s |", col.title)
	}
	compared := len(c.entries) > 1 && len(c.columns) > 0
	rule := strings.Repeat("---|", len(c.columns))
	if compared {
		fmt.Fprintf(w, " %s, of this |", first.name)
		rule += "---|"
	}
	fmt.Fprintf(w, "\n|---|%s\n", rule)
	for _, e := range c.entries {
		fmt.Fprintf(w, "| %s |", e.name)
		for k, col := range c.columns {
			fmt.Fprintf(w, " %s |", e.cell(k, col))
		}
		if compared && len(e.rounds) > 0 {
			if e == first {
				fmt.Fprint(w, " |")
			} else {
				fmt.Fprintf(w, " %s |", ratio(first.rounds[0].over(e.rounds[0]).median()))
			}
		}
		fmt.Fprintln(w)
	}
}

// ratio is of two contenders; without a round that both did there is none.
func ratio(r float64) string {
	if math.IsNaN(r) {
		return "–"
	}
	return fmt.Sprintf("%.2f", r)
}

func (e *entry) cell(k int, col column) string {
	if k >= len(e.rounds) || math.IsNaN(e.rounds[k].median()) {
		return "failed"
	}
	least, most := e.rounds[k].spread()
	if len(e.rounds[k].valid()) < 2 {
		return fmt.Sprintf(col.format, e.rounds[k].median())
	}
	return fmt.Sprintf(col.format+" ("+col.format+" to "+col.format+")", e.rounds[k].median(), least, most)
}

// named lists who takes part, with versions.
func (t *tools) named() string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(t.programs)) {
		if v := t.versions[name]; v != "" {
			name += " " + v
		}
		list = append(list, name)
	}
	return strings.Join(list, ", ")
}

// machine is the machine in a line.
func machine() string {
	model := "unknown processor"
	text, _ := os.ReadFile("/proc/cpuinfo") // without it the model is not known
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			model = strings.TrimSpace(value)
			break
		}
	}
	kernel, _ := exec.Command("uname", "-r").Output() //nolint:noctx // at once
	return fmt.Sprintf("%d cores of %s, Linux %s, %s", runtime.NumCPU(), model, strings.TrimSpace(string(kernel)), runtime.Version())
}
