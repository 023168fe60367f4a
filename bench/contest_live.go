package main

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// lives are the contests of streams in real time.
func (b *bench) lives() []*contest {
	return []*contest{b.single(), b.many(), b.growing()}
}

// settle is how long a stream goes on before it is watched.
const settle = 3 * time.Second

func (b *bench) single() *contest {
	c := &contest{name: "live", title: "One stream in real time", rounds: min(3, b.rounds),
		about:   fmt.Sprintf("A stream of 6 Mbit/s from a file of FLV, by the publisher's own program, watched for %v.", b.watch),
		columns: []column{{"CPU, % of a core", "%.2f"}, {"anonymous memory, MB", "%.1f"}},
		targets: []target{{"CPU below ffmpeg's", ours, 0, ffmpeg, 1}, {"memory below ffmpeg's", ours, 1, ffmpeg, 1}},
	}
	b.live(c, ours, []string{"publish", "--quiet", b.films.FLV, b.url()})
	b.live(c, ffmpeg, b.ffmpeg(b.films.FLV, "-re"))
	b.live(c, librtmp, []string{"live", b.url(), b.films.FLV})
	b.live(c, gst, b.gst(b.films.FLV, true))
	for _, name := range []string{floorGo, lal, goRTMP} {
		b.live(c, name, b.driven("live", 1))
	}
	return c
}

func (b *bench) live(c *contest, name string, args []string) {
	b.add(c, name, name, func(ctx context.Context) ([]float64, error) {
		u, err := b.steady(ctx, 1, append([]string{b.tools.programs[name]}, args...), b.watch)
		return []float64{100 * u.share, float64(u.memory) / 1e6}, err
	})
}

// driven are the arguments of a publisher around drive.
func (b *bench) driven(job string, streams int, flags ...string) []string {
	return append([]string{"-job", job, "-file", b.films.Short, "-url", b.url(), "-streams", strconv.Itoa(streams)}, flags...)
}

func (b *bench) many() *contest {
	const streams = 200
	c := &contest{name: "many", title: "Many streams in one process", rounds: min(3, b.rounds),
		about:   fmt.Sprintf("%d streams of 6 Mbit/s in one process, from memory, watched for %v. Every picture and every frame of sound is handed over at its own time, as encoders do.", streams, b.watch),
		columns: []column{{"CPU a stream, % of a core", "%.3f"}, {"anonymous memory a stream, kB", "%.0f"}},
		targets: []target{
			{"CPU a stream at most 0.7 of lal's", library, 0, lal, 0.7},
			{"memory a stream below 100 kB", library, 1, "", 100},
		},
	}
	for _, name := range []string{library, lal, goRTMP, floorGo} {
		b.add(c, name, name, func(ctx context.Context) ([]float64, error) { return b.streams(ctx, name, streams) })
	}
	return c
}

func (b *bench) streams(ctx context.Context, name string, n int) ([]float64, error) {
	one, err := b.alone(ctx, name)
	if err != nil {
		return nil, err
	}
	u, err := b.steady(ctx, n, append([]string{b.tools.programs[name]}, b.driven("live", n)...), b.watch)
	return []float64{100 * u.share / float64(n), float64(u.memory-one) / 1e3 / float64(max(1, n-1))}, err
}

// alone is the memory of a process with one stream: the film, and the program.
func (b *bench) alone(ctx context.Context, name string) (int64, error) {
	u, err := b.steady(ctx, 1, append([]string{b.tools.programs[name]}, b.driven("live", 1)...), time.Second)
	return u.memory, err
}

// growing shows what a stream costs beside more and more of them.
func (b *bench) growing() *contest {
	c := &contest{name: "growing", title: "From one stream to five hundred", rounds: min(2, b.rounds),
		about: "The cost of a stream of our library, in one process with so many.", columns: []column{{"CPU a stream, % of a core", "%.3f"}}}
	counts := []int{1, 10, 50, 200, 500}
	before := ""
	for _, n := range counts {
		name := counted(n)
		b.add(c, name, library, func(ctx context.Context) ([]float64, error) {
			u, err := b.steady(ctx, n, append([]string{b.tools.programs[library]}, b.driven("live", n)...), b.watch)
			return []float64{100 * u.share / float64(n)}, err
		})
		if before != "" {
			c.targets = append(c.targets, target{fmt.Sprintf("CPU a stream with %s at most that with %s", name, before), name, 0, before, 1})
		}
		before = name
	}
	return c
}

func counted(n int) string {
	if n == 1 {
		return "1 stream"
	}
	return fmt.Sprintf("%d streams", n)
}
