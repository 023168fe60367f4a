package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
)

// receive is no contest either: what a sample costs the application that hands it to
// the DirectShow filter. The benchmark lies beside the filter.
func (b *bench) receive() *contest {
	c := &contest{name: "receive", title: "A sample handed to the DirectShow filter", rounds: min(5, b.rounds),
		about:   "What `Receive` does of its own with a sample of 25 kB, behind the call into Go: all of it, and without the copy of the bytes (`go test ./internal/dshow -bench ReceiveOwnWork`).",
		columns: []column{{"without the copy, µs", "%.2f"}, {"the copy, µs", "%.2f"}},
		targets: []target{{"below 2 µs", ours, 0, "", 2}},
	}
	own, copied := regexp.MustCompile(`([\d.]+) own-ns/op`), regexp.MustCompile(`([\d.]+) copy-ns/op`)
	b.add(c, ours, ours, func(ctx context.Context) ([]float64, error) {
		cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "ReceiveOwnWork", "./internal/dshow")
		cmd.Dir = b.root
		said, err := cmd.CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("%w: %s", err, said)
		}
		var values []float64
		for _, r := range []*regexp.Regexp{own, copied} {
			m := r.FindSubmatch(said)
			if m == nil {
				return nil, fmt.Errorf("no figure: %s", said)
			}
			ns, err := strconv.ParseFloat(string(m[1]), 64)
			if err != nil {
				return nil, err
			}
			values = append(values, ns/1000)
		}
		return values, nil
	})
	return c
}
