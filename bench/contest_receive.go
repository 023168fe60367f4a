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
	const lengths, annexB = ours + ", with lengths", ours + ", with start codes"
	c := &contest{name: "receive", title: "A sample handed to the DirectShow filter", rounds: min(5, b.rounds),
		about:   "What `Receive` does of its own with a picture of 25 kB, behind the call into Go, one sample at a time: beside the copy of its bytes, and the copy (`go test ./internal/dshow -bench ReceiveOwnWork`).",
		columns: []column{{"own work, µs", "%.2f"}, {"the copy, µs", "%.2f"}},
		targets: []target{{"NAL units with lengths: below 2 µs", lengths, 0, "", 2}, {"NAL units with start codes: below 2 µs", annexB, 0, "", 2}},
	}
	b.add(c, lengths, ours, func(ctx context.Context) ([]float64, error) { return b.ownWork(ctx, "lengths") })
	b.add(c, annexB, ours, func(ctx context.Context) ([]float64, error) { return b.ownWork(ctx, "annexb") })
	return c
}

// ownWork runs the benchmark with a framing and reads its figures, in microseconds.
func (b *bench) ownWork(ctx context.Context, framing string) (values []float64, err error) {
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "ReceiveOwnWork/"+framing+"/paced", "./internal/dshow") //nolint:gosec // of our own
	cmd.Dir = b.root
	said, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, said)
	}
	for _, unit := range []string{"own-ns/op", "copy-ns/op"} {
		m := regexp.MustCompile(`([\d.]+) ` + unit).FindSubmatch(said)
		if m == nil {
			return nil, fmt.Errorf("no figure of %s: %s", unit, said)
		}
		ns, err := strconv.ParseFloat(string(m[1]), 64)
		if err != nil {
			return nil, err
		}
		values = append(values, ns/1000)
	}
	return values, nil
}
