package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"rtmpwriter/input"
	"rtmpwriter/media"
	"rtmpwriter/publish"
)

// politeEnd bounds how long an interrupted or ended stream may take to send
// what is queued and to say goodbye.
const politeEnd = 20 * time.Second

// job carries packets from a source to a publisher.
type job struct {
	name      string
	source    media.Source
	publisher *publish.Publisher
	report    reporter
	faults    int // damaged places and refused packets
	lastFault error
}

// run publishes until the source ends, the stream breaks or ctx ends, and
// closes politely. The error says what went wrong; damage of the input is an
// *inputError after all that is whole was sent.
func (j *job) run(ctx context.Context, realtime bool) error {
	p := j.publisher
	if err := p.SetTracks(j.source.Tracks()...); err != nil {
		return &inputError{j.name, err}
	}
	if err := p.Connect(ctx); err != nil {
		return err
	}
	// Run ends with Shutdown below, or by itself when the stream breaks; the
	// interrupt must not cut it.
	ended := make(chan error, 1)
	go func() { ended <- p.Run(context.WithoutCancel(ctx)) }()
	feed, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	source := j.source
	if realtime {
		source = input.Pace(feed, source, 1)
	}
	pumped := j.pump(feed, source)
	for i := range j.source.Tracks() {
		p.EndTrack(i)
	}
	bound, cancel := context.WithTimeout(context.WithoutCancel(ctx), politeEnd)
	defer cancel()
	shutdown := p.Shutdown(bound)
	return j.verdict(pumped, <-ended, shutdown)
}

// pump moves packets until the source or the publisher ends.
func (j *job) pump(ctx context.Context, source media.Source) error {
	for {
		packet, err := source.Next()
		var damage *media.DamageError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &damage):
			j.fault(err)
			continue
		case ctx.Err() != nil:
			packet.Release()
			return context.Cause(ctx)
		case err != nil:
			return &inputError{j.name, err}
		}
		var refused *publish.PacketError
		switch err = j.publisher.Write(ctx, packet); {
		case errors.As(err, &refused), errors.Is(err, publish.ErrBufferFull):
			j.fault(err)
		case err != nil:
			return err
		}
	}
}

// fault reports a place of the input that could not be sent.
func (j *job) fault(err error) {
	j.faults++
	j.lastFault = err
	j.report.warn(err)
}

// verdict chooses the error that explains the others.
func (j *job) verdict(pumped, ran, shutdown error) error {
	switch {
	case ran != nil:
		return ran
	case pumped != nil && !errors.Is(pumped, publish.ErrClosed):
		return pumped
	case shutdown != nil:
		return shutdown
	case j.faults > 0:
		return &inputError{j.name, fmt.Errorf("%d damaged places, the last: %w", j.faults, j.lastFault)}
	}
	return nil
}
