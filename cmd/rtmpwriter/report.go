package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/term"

	"rtmpwriter/publish"
)

// reporter tells the user how publishing goes.
type reporter interface {
	// warn tells of a fault that the stream survived.
	warn(err error)
	// finish ends the report. err is how the stream ended.
	finish(err error)
}

// reportFlags choose the form of the report.
type reportFlags struct {
	json, quiet bool
	// every is the time between lines where there is no terminal; 0 is a minute.
	every time.Duration
	// logged tells that the console has the log, with every change of an outage.
	logged bool
}

func (f *reportFlags) add(flags *pflag.FlagSet) {
	flags.BoolVar(&f.json, "json", false, "report in JSON lines on standard output: status, statistics, warnings, summary")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "report nothing but errors")
}

// start begins the report on p. duration is the length of the input, 0 when it
// is not known or when the input is repeated.
func (f *reportFlags) start(p *publish.Publisher, duration time.Duration, loop bool) reporter {
	if loop {
		duration = 0
	}
	switch {
	case f.quiet:
		return quietReport{}
	case f.json:
		return newJSONReport(p, os.Stdout)
	case term.IsTerminal(int(os.Stderr.Fd())):
		return newBarReport(p, duration, os.Stderr, f.logged)
	default:
		return newPlainReport(p, os.Stderr, cmp.Or(f.every, time.Minute), f.logged)
	}
}

// quietReport tells nothing; the error at the end is the program's.
type quietReport struct{}

func (quietReport) warn(error)   {}
func (quietReport) finish(error) {}

// ticking calls tell at every interval until the returned function, which waits
// for the last call to end.
func ticking(interval time.Duration, tell func()) (stop func()) {
	done := make(chan struct{})
	var ended sync.WaitGroup
	ended.Go(func() {
		t := time.NewTicker(interval)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				tell()
			case <-done:
				return
			}
		}
	})
	return func() { close(done); ended.Wait() }
}

// plainReport writes a line a minute, and one for every change of an outage,
// for logs; where the log itself is on the console, it tells the outage.
type plainReport struct {
	p    *publish.Publisher
	w    io.Writer
	stop []func()
}

func newPlainReport(p *publish.Publisher, w io.Writer, interval time.Duration, logged bool) *plainReport {
	r := &plainReport{p: p, w: w}
	r.stop = []func(){ticking(interval, func() { fmt.Fprintln(w, progressText(p.Stats())) })}
	if !logged {
		r.stop = append(r.stop, outages(p, func(text string) { fmt.Fprintln(w, text) }))
	}
	return r
}

func (r *plainReport) warn(err error) { fmt.Fprintln(r.w, "warning:", err) }

func (r *plainReport) finish(error) {
	for _, stop := range r.stop {
		stop()
	}
	fmt.Fprintln(r.w, summaryText(r.p.Stats()))
}

// progressText is one moment in words.
func progressText(s publish.Stats) string {
	return fmt.Sprintf("%s  %s  buffer %d kB  %d video, %d audio frames",
		clock(s.Position), bitrate(s.OutputBitrate), s.OutputBufferFillness/1000, s.VideoPacketsSent, s.AudioPacketsSent)
}

// summaryText is what was sent, in words.
func summaryText(s publish.Stats) string {
	text := fmt.Sprintf("sent %d video and %s, %.1f MB, %s of stream",
		s.VideoPacketsSent, counted(s.AudioPacketsSent, "audio frame", "audio frames"), float64(s.BytesSent)/1e6, clock(s.Position))
	lost := "lost with the connection"
	if s.Reconnects > 0 {
		lost += ", which was made again " + times(s.Reconnects)
	}
	for _, more := range []struct {
		n    int
		what string
	}{
		{s.FramesSkipped, "skipped before the first keyframe"},
		{s.FramesDropped, "not sent"},
		{s.FramesReordered, "shown late: the video has B frames and allow-b-frames is off"},
		{s.FramesLost, lost},
		{s.FramesResent, "sent again after a reconnect"},
		{s.TimesCorrected, "with times that could not be sent as they were"},
	} {
		if more.n > 0 {
			text += "; " + counted(more.n, "frame ", "frames ") + more.what
		}
	}
	return text
}

// clock writes a stream time as hours, minutes, seconds.
func clock(d time.Duration) string {
	d = d.Round(time.Millisecond)
	return fmt.Sprintf("%02d:%02d:%06.3f", int(d.Hours()), int(d.Minutes())%60, (d % time.Minute).Seconds())
}

func bitrate(bits int64) string {
	if bits >= 1e6 {
		return fmt.Sprintf("%.1f Mbit/s", float64(bits)/1e6)
	}
	return fmt.Sprintf("%d kbit/s", bits/1000)
}
