package main

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// contest is one kind of work, done by several in turn.
type contest struct {
	name, title string
	// about says what is done and how it is measured, for readers.
	about   string
	columns []column
	entries []*entry
	targets []target
	rounds  int
}

type column struct{ title, format string }

// entry is one contender.
type entry struct {
	name string
	run  func(ctx context.Context) ([]float64, error)
	// rounds has for each column the figure of each round.
	rounds []figures
	failed error // the last failure
	ours   bool
}

// target is what our entry must reach in a column: a share of another entry's
// figure in the same round, or without one a figure.
type target struct {
	says   string
	ours   string
	column int
	peer   string
	most   float64
}

var errUnmeasured = errors.New("not measured")

// run lets all contenders work, one after the other and beginning with another one
// each round, so that what else the machine does meets all of them. The error is that
// one of ours failed, which the figures of the others outlive, or the end of ctx.
func (c *contest) run(ctx context.Context, tell func(format string, args ...any)) error {
	for _, e := range c.entries {
		e.rounds = make([]figures, len(c.columns))
	}
	for round := range c.rounds {
		for i := range c.entries {
			e := c.entries[(i+round)%len(c.entries)]
			values, err := e.run(ctx)
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if err != nil {
				e.failed = err
				tell("  %s: %v\n", e.name, err)
			}
			for k := range c.columns {
				value := math.NaN()
				if err == nil {
					value = values[k]
				}
				e.rounds[k] = append(e.rounds[k], value)
			}
		}
		tell("  round %d of %d\n", round+1, c.rounds)
	}
	for _, e := range c.entries {
		if e.ours && e.failed != nil {
			return fmt.Errorf("%s, %s: %w", c.name, e.name, e.failed)
		}
	}
	return nil
}

func (c *contest) entry(name string) *entry {
	for _, e := range c.entries {
		if e.name == name {
			return e
		}
	}
	return nil
}

// reached tells what became of a target.
func (c *contest) reached(t target) (value float64, ok bool, err error) {
	ours, peer := c.entry(t.ours), c.entry(t.peer)
	if ours == nil || len(ours.rounds) == 0 || t.peer != "" && peer == nil {
		return 0, false, errUnmeasured
	}
	of := ours.rounds[t.column]
	if peer != nil {
		of = of.over(peer.rounds[t.column])
	}
	value = of.median()
	if math.IsNaN(value) {
		return 0, false, errUnmeasured
	}
	return value, value <= t.most, nil
}
