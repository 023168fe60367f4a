package main

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// growth is no contest: an hour of stream in our library alone.
func (b *bench) growth() *contest {
	const speed = 100
	length := time.Hour / speed
	if b.quick {
		length /= 6
	}
	c := &contest{name: "growth", title: "Nothing grows", rounds: 1,
		about:   fmt.Sprintf("%v of a stream of 6 Mbit/s at %d times real time, live, held for an outage of 30 s. Every second the heap in use after a collection, the goroutines and the open files are noted; the figures are the medians of the last third over those of the first.", length*speed, speed),
		columns: []column{{"heap", "%.2f"}, {"goroutines", "%.2f"}, {"files", "%.2f"}},
		targets: []target{
			{"heap flat within a tenth", library, 0, "", 1.1}, {"goroutines flat", library, 1, "", 1}, {"files flat", library, 2, "", 1},
		},
	}
	b.add(c, library, library, func(ctx context.Context) ([]float64, error) {
		args := b.driven("growth", 1, "-for", length.String(), "-speed", fmt.Sprint(speed), "-held=30s")
		process, err := start(ctx, append([]string{b.tools.programs[library]}, args...))
		if err != nil {
			return nil, err
		}
		_, err = process.wait()
		if _, ended := b.collect(ctx, 1); err == nil {
			err = ended
		}
		if err != nil {
			return nil, err
		}
		return curves(process.said.String())
	})
	return c
}

// curves reads what a process said of itself, and compares ends with beginnings.
func curves(said string) (ratios []float64, err error) {
	var series [3]figures
	for line := range strings.Lines(said) {
		var v [3]float64
		if _, err := fmt.Sscan(line, &v[0], &v[1], &v[2]); err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
		for i := range v {
			series[i] = append(series[i], v[i])
		}
	}
	third := len(series[0]) / 3
	if third == 0 {
		return nil, errUnmeasured
	}
	for _, s := range series {
		ratios = append(ratios, s[len(s)-third:].median()/s[:third].median())
	}
	return ratios, nil
}
