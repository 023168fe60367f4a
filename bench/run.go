package main

import (
	"context"
	"fmt"
	"net"
	"time"

	"rtmpwriter/bench/film"
	"rtmpwriter/bench/sink"
)

// bench is all that a contest needs.
type bench struct {
	tools  *tools
	films  film.Films
	sink   *sink.Sink
	secure net.Listener
	frames int // of the long film
	quick  bool
	rounds int
	watch  time.Duration // of streams in real time
	root   string        // of the product's sources
}

// url is where publishers send to; streams are told apart by what is put behind.
func (b *bench) url() string { return "rtmp://" + b.sink.Addr() + "/live/x" }

// grace is how long a publisher's connection may outlive it.
const grace = 10 * time.Second

// collect takes what came of n publishers that have ended.
func (b *bench) collect(ctx context.Context, n int) ([]sink.Reception, error) {
	ctx, cancel := context.WithTimeout(ctx, grace)
	defer cancel()
	return b.sink.Collect(ctx, n)
}

// whole runs a publisher to its end and tells what it took and what came of it.
func (b *bench) whole(ctx context.Context, args []string) (cpu, took time.Duration, r sink.Reception, err error) {
	c, err := start(ctx, args)
	if err != nil {
		return 0, 0, r, err
	}
	cpu, ended := c.wait()
	took = time.Since(c.begun)
	all, err := b.collect(ctx, 1)
	if ended != nil {
		return 0, 0, r, ended
	}
	if err != nil {
		return 0, 0, r, err
	}
	return cpu, took, all[0], nil
}

// steady runs n streams of a publisher for a while, watches it, and ends it.
func (b *bench) steady(ctx context.Context, n int, args []string, watch time.Duration) (u usage, err error) {
	c, err := start(ctx, args)
	if err != nil {
		return u, err
	}
	defer func() {
		c.kill()
		if _, ended := b.collect(ctx, n); err == nil {
			err = ended
		}
	}()
	bound, cancel := context.WithTimeout(ctx, grace+time.Duration(n)*20*time.Millisecond)
	defer cancel()
	if err := b.sink.Await(bound, n); err != nil {
		return u, fmt.Errorf("%w: %s", err, c.said.String())
	}
	if err := pause(ctx, settle); err != nil {
		return u, err
	}
	return c.watch(ctx, watch)
}

// add enters a contender, if it is there.
func (b *bench) add(c *contest, name, program string, run func(ctx context.Context) ([]float64, error)) {
	if b.tools.missing[program] == "" {
		c.entries = append(c.entries, &entry{name: name, run: run, ours: program == ours || program == library})
	}
}
