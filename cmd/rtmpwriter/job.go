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

const (
	// interruptedEnd bounds how long an ended stream may take to send what is
	// queued and to say goodbye after a signal, when somebody waits.
	interruptedEnd = 5 * time.Second
	// outageEnd is the same after a signal while there is no connection: there is
	// nobody to say goodbye to.
	outageEnd = 200 * time.Millisecond
	// pumpEnd is how long an interrupted source has to notice it. One that waits
	// for a pipe never does.
	pumpEnd = 200 * time.Millisecond
)

// job carries packets from a source to a publisher.
type job struct {
	name      string
	source    media.Source
	publisher *publish.Publisher
	report    reporter
	// holds and newest are what the options say of outages: what the server may not
	// have is sent again, or left out for the newest keyframe.
	holds, newest bool
}

// outcome is how the reading side of a job ended.
type outcome struct {
	err    error
	faults int   // damaged places and refused packets
	last   error // the last of them
	full   bool  // that the buffer is full has been told
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
	// The pump ends with its source, with feed, or with the program when it
	// waits for a pipe.
	pumped := make(chan outcome, 1)
	go func() { pumped <- j.pump(feed, source) }()

	var out outcome
	select {
	case out = <-pumped:
	case err := <-ended:
		ended <- err
		stop(publish.ErrClosed)
		out = awaitPump(pumped, publish.ErrClosed)
	case <-ctx.Done():
		out = awaitPump(pumped, context.Cause(ctx))
	}
	for i := range j.source.Tracks() {
		p.EndTrack(i)
	}
	shutdown := j.shutdown(ctx)
	if shutdown != nil && ctx.Err() != nil {
		out.err = context.Cause(ctx)
	}
	return j.verdict(out, <-ended, shutdown)
}

// shutdown sends what is queued and says goodbye, for as long as the options
// let it: a network that takes no more, a connection that does not come back and
// a server that has no word for the goodbye have bounds of their own. A slow
// network is none of these. After an interrupt there is less time.
func (j *job) shutdown(ctx context.Context) error {
	bound, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	// Its goroutine ends with bound.
	stop := context.AfterFunc(ctx, func() {
		limit := interruptedEnd
		if j.publisher.Status().State == publish.Reconnecting {
			limit = outageEnd
		}
		timer := time.NewTimer(limit)
		defer timer.Stop()
		select {
		case <-timer.C:
			cancel()
		case <-bound.Done():
		}
	})
	defer stop()
	return j.publisher.Shutdown(bound)
}

// awaitPump is the outcome of a pump whose context has ended for the cause.
func awaitPump(pumped <-chan outcome, cause error) outcome {
	timer := time.NewTimer(pumpEnd)
	defer timer.Stop()
	select {
	case out := <-pumped:
		if out.err == nil { // it ended by itself at the same moment
			out.err = cause
		}
		return out
	case <-timer.C:
		return outcome{err: cause}
	}
}

// pump moves packets until the source or the publisher ends.
func (j *job) pump(ctx context.Context, source media.Source) (out outcome) {
	for {
		packet, err := source.Next()
		switch {
		case err == nil && ctx.Err() == nil:
			if err = j.publisher.Write(ctx, packet); err == nil || j.refused(&out, err) {
				continue
			}
			out.err = err
			return out
		case errors.Is(err, io.EOF):
			return out
		case isDamage(err):
			j.fault(&out, err)
		case ctx.Err() != nil:
			packet.Release()
			out.err = context.Cause(ctx)
			return out
		default:
			out.err = &inputError{j.name, err}
			return out
		}
	}
}

func isDamage(err error) bool {
	var damage *media.DamageError
	return errors.As(err, &damage)
}

// refused tells of a packet that could not be published, where the stream goes on.
func (j *job) refused(out *outcome, err error) bool {
	var refused *publish.PacketError
	switch {
	case errors.As(err, &refused):
		j.fault(out, err)
	case errors.Is(err, publish.ErrBufferFull): // live mode: counted in the statistics
		if !out.full {
			j.report.warn(fmt.Errorf("%w; frames are left out (live-mode); a larger output-buffer-size bridges short slow times", err))
		}
		out.full = true
	default:
		return false
	}
	return true
}

// fault counts and reports a place of the input that could not be sent.
func (j *job) fault(out *outcome, err error) {
	out.faults++
	out.last = err
	j.report.warn(err)
}

// verdict chooses the error that explains the others.
func (j *job) verdict(out outcome, ran, shutdown error) error {
	switch {
	case errors.Is(out.err, errInterrupted):
		if ran != nil {
			j.report.warn(ran)
		}
		return out.err
	case ran != nil:
		return ran
	case out.err != nil && !errors.Is(out.err, publish.ErrClosed):
		return out.err
	case shutdown != nil:
		return shutdown
	}
	if s := j.publisher.Stats(); s.Reconnects > 0 && (!j.holds || j.newest || s.FramesLost > 0) {
		return &lostError{frames: s.FramesLost, reconnects: s.Reconnects, held: j.holds, newest: j.newest}
	}
	switch {
	case out.faults == 1:
		return &inputError{j.name, out.last}
	case out.faults > 1:
		return &inputError{j.name, fmt.Errorf("%d damaged places, the last: %w", out.faults, out.last)}
	}
	return nil
}
