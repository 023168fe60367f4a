// Package drive gives the same frames at the same times to every publisher that is
// a library of Go: each is a small program around it.
package drive

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"rtmpwriter/bench/film"
)

// Stream is one publisher's session.
type Stream interface {
	// Write sends a tag. The body may be used until the stream ends where the job
	// is Live, and until the call returns where it is File.
	Write(t film.Tag) error
	// Close ends the session when all is sent.
	Close() error
}

// The jobs.
const (
	File    = "file"    // send a file as fast as possible
	Live    = "live"    // send a film again and again in real time, until killed
	Latency = "latency" // the same with frames that carry their time, for a while
	Growth  = "growth"  // the same as Live at Speed, for a while, telling what it takes
)

// Job is what a publisher is to do.
type Job struct {
	Kind, URL, File string
	Streams         int
	For             time.Duration
	// Buffer is the size of the writer's own buffer in bytes, where it has one;
	// below 0 its default.
	Buffer int
	// Speed is how much faster than real time, for Growth.
	Speed float64
	// Held is how much of a stream is held for an outage, where the writer can.
	Held time.Duration
	// Insecure takes any certificate.
	Insecure bool
}

// Main reads the job from the flags and does it with sessions that open makes.
func Main(open func(job Job, url string) (Stream, error)) {
	var job Job
	flag.StringVar(&job.Kind, "job", File, "file, live, latency or growth")
	flag.StringVar(&job.URL, "url", "", "where to; streams are numbered")
	flag.StringVar(&job.File, "file", "", "an FLV file")
	flag.IntVar(&job.Streams, "streams", 1, "how many sessions")
	flag.DurationVar(&job.For, "for", 0, "how long, for latency and growth")
	flag.IntVar(&job.Buffer, "buffer", -1, "the writer's buffer in bytes")
	flag.Float64Var(&job.Speed, "speed", 1, "how much faster than real time, for growth")
	flag.DurationVar(&job.Held, "held", 0, "how much of a stream is held for an outage")
	flag.BoolVar(&job.Insecure, "insecure", false, "take any certificate")
	flag.Parse()
	if err := job.run(open); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (j Job) run(open func(Job, string) (Stream, error)) error {
	switch j.Kind {
	case File:
		return j.file(open)
	case Live, Growth:
		tags, err := film.Load(j.File)
		if err != nil {
			return err
		}
		if j.Kind == Growth {
			go report(os.Stdout) // ends with the process
		}
		return j.all(open, func(n int, s Stream) error { return j.live(s, tags, n) })
	case Latency:
		return j.all(open, func(_ int, s Stream) error { return j.latency(s) })
	}
	return fmt.Errorf("no job named %q", j.Kind)
}

func (j Job) file(open func(Job, string) (Stream, error)) error {
	r, err := film.Open(j.File)
	if err != nil {
		return err
	}
	defer r.Close()
	s, err := open(j, j.URL)
	if err != nil {
		return err
	}
	for {
		t, err := r.Next()
		if errors.Is(err, io.EOF) {
			return s.Close()
		}
		if err == nil && t.Kind != 18 { // metadata is for the publisher to make
			err = s.Write(t)
		}
		if err != nil {
			return err
		}
	}
}

// all opens the sessions and does the work of each in a goroutine.
func (j Job) all(open func(Job, string) (Stream, error), work func(n int, s Stream) error) error {
	var failed atomic.Int64
	var busy sync.WaitGroup
	for n := range j.Streams {
		s, err := open(j, fmt.Sprintf("%s%d", j.URL, n))
		if err != nil {
			return err
		}
		busy.Go(func() {
			if err := errors.Join(work(n, s), s.Close()); err != nil {
				failed.Add(1)
				fmt.Fprintln(os.Stderr, err) // the others go on
			}
		})
	}
	busy.Wait()
	if n := failed.Load(); n > 0 {
		return fmt.Errorf("%d of %d streams failed", n, j.Streams)
	}
	return nil
}

// live sends the film over and over, each frame at its own time as an encoder does.
// Streams are not in step.
func (j Job) live(s Stream, tags []film.Tag, n int) error {
	random := rand.New(rand.NewPCG(uint64(n), 1)) //nolint:gosec // no secret
	begun := time.Now().Add(time.Duration(random.Int64N(int64(time.Second / 30))))
	for base := uint32(0); ; base += film.Seconds * 1000 {
		for _, t := range tags {
			if t.Header() && base > 0 {
				continue
			}
			t.Timestamp += base
			at := time.Duration(float64(t.Timestamp) / j.Speed * float64(time.Millisecond))
			if j.For > 0 && at > j.For {
				return nil
			}
			time.Sleep(time.Until(begun.Add(at)))
			if err := s.Write(t); err != nil {
				return err
			}
		}
	}
}
