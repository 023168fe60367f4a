package main

import (
	"context"
	"fmt"
	"time"
)

// What stands behind the name of our library.
const (
	noBuffer      = ", no buffer"
	defaultBuffer = ", default buffer"
)

// latency is the contest of how soon a frame is there.
func (b *bench) latency() *contest {
	length := b.watch
	c := &contest{name: "latency", title: "From Write to the last byte parsed", rounds: min(3, b.rounds),
		about:   fmt.Sprintf("Pictures of 25 kB at 30 a second and sound at 47, each at its own time, for %v. The picture carries the time of the call; the receiver notes when it has parsed its last byte.", length),
		columns: []column{{"p50, ms", "%.3f"}, {"p99, ms", "%.3f"}},
	}
	const none, full, many = library + noBuffer, library + defaultBuffer, library + ", 50 streams"
	c.targets = []target{
		{"no buffer: p50 at most 0.2 ms", none, 0, "", 0.2}, {"no buffer: p99 below 1 ms", none, 1, "", 1},
		{"default buffer: p50 at most 0.3 ms", full, 0, "", 0.3}, {"50 streams: p99 below 2.5 ms", many, 1, "", 2.5},
	}
	for _, e := range []struct {
		name, program string
		streams       int
		flags         []string
	}{
		{none, library, 1, []string{"-buffer=0"}}, {full, library, 1, nil}, {many, library, 50, nil},
		{floorGo, floorGo, 1, nil}, {lal, lal, 1, nil}, {goRTMP, goRTMP, 1, nil},
		{floorGo + ", 50 streams", floorGo, 50, nil}, {lal + ", 50 streams", lal, 50, nil},
	} {
		b.add(c, e.name, e.program, func(ctx context.Context) ([]float64, error) {
			args := append(b.driven("latency", e.streams, "-for", length.String()), e.flags...)
			return b.delays(ctx, e.streams, append([]string{b.tools.programs[e.program]}, args...))
		})
	}
	return c
}

func (b *bench) delays(ctx context.Context, streams int, args []string) ([]float64, error) {
	c, err := start(ctx, args)
	if err != nil {
		return nil, err
	}
	_, ended := c.wait()
	all, err := b.collect(ctx, streams)
	if ended != nil {
		err = ended
	}
	if err != nil {
		return nil, err
	}
	var delays []int64
	for _, r := range all {
		delays = append(delays, r.Delays...)
	}
	ms := float64(time.Millisecond)
	return []float64{percentile(delays, 0.5) / ms, percentile(delays, 0.99) / ms}, nil
}
