// Command bench runs the writer beside other RTMP publishers, in turn and against the
// same receiver, and tells what each takes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"rtmpwriter/bench/film"
	"rtmpwriter/bench/sink"
)

func main() {
	var f flags
	flag.BoolVar(&f.quick, "quick", false, "the essentials, in two minutes")
	flag.IntVar(&f.rounds, "rounds", 5, "how often each publisher does what is short")
	flag.DurationVar(&f.watch, "watch", 8*time.Second, "how long streams in real time are watched")
	flag.StringVar(&f.only, "only", "", "the contests whose name this expression matches")
	flag.StringVar(&f.root, "root", "..", "the product's sources")
	flag.StringVar(&f.page, "page", "", "the page to write the results into, between its marks")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := f.run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type flags struct {
	quick            bool
	rounds           int
	watch            time.Duration
	only, root, page string
}

func tell(format string, args ...any) { fmt.Fprintf(os.Stderr, format, args...) }

func (f *flags) run(ctx context.Context) error {
	only, err := regexp.Compile(f.only)
	if err != nil {
		return err
	}
	b, err := f.prepare(ctx)
	if err != nil {
		return err
	}
	defer b.close()
	var failed error // of ours
	var done []*contest
	for _, c := range b.contests() {
		if len(c.entries) == 0 || !only.MatchString(c.name) {
			continue
		}
		tell("%s\n", c.title)
		failed = errors.Join(failed, c.run(ctx, tell))
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		done = append(done, c)
	}
	text := b.markdown(done, time.Now())
	if f.page == "" {
		_, err := os.Stdout.WriteString(text)
		return err
	}
	return between(f.page, text)
}

// prepare builds the publishers, makes the films and starts the receivers.
func (f *flags) prepare(ctx context.Context) (b *bench, err error) {
	b = &bench{quick: f.quick, rounds: f.rounds, watch: f.watch, root: f.root}
	megabytes := 500
	if f.quick {
		megabytes, b.watch = 250, 4*time.Second
	}
	dir := filepath.Join(f.root, "build", "bench")
	tell("building the publishers, making the films\n")
	if b.tools, err = build(ctx, filepath.Join(dir, "bin"), filepath.Join(f.root, "build", "rtmpwriter")); err != nil {
		return nil, err
	}
	for name, why := range b.tools.missing {
		tell("missing: %s: %s\n", name, why)
	}
	if b.films, err = film.Make(ctx, filepath.Join(dir, "films"), megabytes); err != nil {
		return nil, err
	}
	if b.frames, err = film.Frames(b.films.FLV); err != nil {
		return nil, err
	}
	if b.sink, err = sink.New(); err != nil {
		return nil, err
	}
	b.secure, err = b.sink.ListenTLS()
	return b, err
}

func (b *bench) close() { _ = errors.Join(b.secure.Close(), b.sink.Close()) }

// contests are all of them, in the order of the report.
func (b *bench) contests() []*contest {
	all := append(b.files(), b.overTLS())
	all = append(all, b.lives()...)
	all = append(all, b.latency(), b.startUp(), b.receive(), b.growth())
	if b.quick {
		return essential(all)
	}
	return all
}

// The marks of the page between which the results stand.
const (
	opens  = "<!-- results of make bench -->\n"
	closes = "<!-- end of the results -->\n"
)

// between replaces what stands between the marks of a page.
func between(page, text string) error {
	whole, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(whole), opens)
	_, after, closed := strings.Cut(rest, closes)
	if !ok || !closed {
		return fmt.Errorf("%s has no place for the results: %q and %q", page, opens, closes)
	}
	return os.WriteFile(page, []byte(before+opens+"\n"+text+"\n"+closes+after), 0o600) //nolint:gosec // the page that the user names
}
