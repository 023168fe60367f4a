package main

import (
	"context"
	"time"

	"rtmpwriter/bench/sink"
)

// startUp is the contest of how soon the first frame is out.
func (b *bench) startUp() *contest {
	c := &contest{name: "start-up", title: "From the command to the first frame", rounds: 3 * b.rounds,
		about:   "A file of FLV in real time: from the start of the process until the receiver has the first message of media. The own share is without the time between the connection and the server's word that publishing may begin.",
		columns: []column{{"first frame, ms", "%.1f"}, {"own share, ms", "%.1f"}},
		targets: []target{{"first frame below 60 ms", ours, 0, "", 60}, {"own share below 30 ms", ours, 1, "", 30}},
	}
	b.first(c, ours, []string{"publish", "--quiet", b.films.FLV, b.url()})
	b.first(c, ffmpeg, b.ffmpeg(b.films.FLV, "-re"))
	return c
}

func (b *bench) first(c *contest, name string, args []string) {
	b.add(c, name, name, func(ctx context.Context) ([]float64, error) {
		begun := sink.Now()
		process, err := start(ctx, append([]string{b.tools.programs[name]}, args...))
		if err != nil {
			return nil, err
		}
		bound, cancel := context.WithTimeout(ctx, grace)
		defer cancel()
		err = b.sink.Await(bound, 1)
		process.kill()
		all, ended := b.collect(ctx, 1)
		if err == nil {
			err = ended
		}
		if err != nil {
			return nil, err
		}
		r := all[0]
		ms := float64(time.Millisecond)
		return []float64{float64(r.First-begun) / ms, float64(r.Accepted-begun+r.First-r.Agreed) / ms}, nil
	})
}
