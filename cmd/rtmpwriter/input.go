package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"rtmpwriter/input"
	"rtmpwriter/media"
)

// inputFlags say how to read the input.
type inputFlags struct {
	start     time.Duration
	audio     string
	frameRate float64
	format    string
}

func (f *inputFlags) add(flags *pflag.FlagSet) {
	flags.Var((*timeFlag)(&f.start), "start", "begin at this time of the input: seconds, HH:MM:SS.mmm, or 90s, 1m30s")
	flags.StringVar(&f.audio, "audio", "", "ADTS file that goes with a raw H.264 input (default: the same name with .aac)")
	flags.Float64Var(&f.frameRate, "frame-rate", 0, "frames a second of a raw H.264 input that does not tell")
	flags.StringVar(&f.format, "format", "", strings.Join(input.Formats(), ", ")+" (default: told from the content)")
}

// check refuses flags that no input can fit.
func (f *inputFlags) check() error {
	if f.format != "" && !slices.Contains(input.Formats(), f.format) {
		return &usageError{fmt.Errorf("--format %q: must be one of %s", f.format, strings.Join(input.Formats(), ", "))}
	}
	if f.frameRate != 0 && !(f.frameRate >= 1 && f.frameRate <= 1000) { // NaN too
		return &usageError{fmt.Errorf("--frame-rate %v: must be 1 to 1000", f.frameRate)}
	}
	return nil
}

// open opens the input; its error is an *inputError, or the cause of ctx's end.
func (f *inputFlags) open(ctx context.Context, name string) (media.Source, error) {
	type result struct {
		source media.Source
		err    error
	}
	opened := make(chan result, 1)
	// Opening looks at the first frames. It ends with them, or with the program
	// when it waits for a pipe.
	go func() {
		source, err := input.Open(name, input.Options{
			Start: f.start, Audio: f.audio, FrameRate: f.frameRate, Format: f.format, Stdin: os.Stdin,
		})
		opened <- result{source, err}
	}()
	select {
	case r := <-opened:
		if r.err != nil {
			return nil, &inputError{err: r.err} // it names the input
		}
		return r.source, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// addPace adds the flag that says how fast the input is read.
func addPace(flags *pflag.FlagSet, pace *string) {
	flags.StringVar(pace, "pace", "realtime", "realtime, or max: as fast as the network takes it")
}

// isRealtime tells whether a --pace is real time; its error is a *usageError.
func isRealtime(pace string) (bool, error) {
	if pace != "realtime" && pace != "max" {
		return false, &usageError{fmt.Errorf("--pace %q: must be realtime or max", pace)}
	}
	return pace == "realtime", nil
}

// timeFlag is a time as people write it.
type timeFlag time.Duration

func (t *timeFlag) String() string { return time.Duration(*t).String() }
func (t *timeFlag) Type() string   { return "time" }

func (t *timeFlag) Set(s string) error {
	d, err := input.ParseTime(s)
	if err != nil {
		return fmt.Errorf("%q is not a time: give seconds, HH:MM:SS.mmm or a duration as 1m30s", s)
	}
	*t = timeFlag(d)
	return nil
}
