package main

import (
	"fmt"
	"io"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"rtmpwriter/publish"
)

// barReport is the progress line of a terminal.
type barReport struct {
	p        *publish.Publisher
	progress *mpb.Progress
	bar      *mpb.Bar
	w        io.Writer
	stop     []func()
}

func newBarReport(p *publish.Publisher, duration time.Duration, w io.Writer, logged bool) *barReport {
	r := &barReport{p: p, w: w, progress: mpb.New(mpb.WithOutput(w), mpb.WithWidth(24))}
	text := decor.Any(func(decor.Statistics) string { return "  " + progressText(p.Stats()) })
	if duration > 0 {
		r.bar = r.progress.New(duration.Milliseconds(), mpb.BarStyle(), mpb.AppendDecorators(text))
	} else {
		r.bar = r.progress.New(0, mpb.SpinnerStyle(), mpb.AppendDecorators(text))
	}
	r.stop = []func(){ticking(200*time.Millisecond, r.update)}
	if !logged {
		r.stop = append(r.stop, outages(p, func(text string) { fmt.Fprintln(r.progress, text) })) // above the line
	}
	return r
}

func (r *barReport) update() { r.bar.SetCurrent(r.p.Stats().Position.Milliseconds()) }

// warn writes above the progress line.
func (r *barReport) warn(err error) { fmt.Fprintln(r.progress, "warning:", err) }

func (r *barReport) finish(error) {
	for _, stop := range r.stop {
		stop()
	}
	r.update()
	r.bar.Abort(true)
	r.progress.Wait()
	fmt.Fprintln(r.w, summaryText(r.p.Stats()))
}
