package main

import (
	"context"
	"encoding/json"
	"io"
	"sync"
	"time"

	"rtmpwriter/publish"
)

// jsonReport writes one JSON object a line: {"event": "status" | "stats" |
// "advice" | "warning" | "summary", ...}.
type jsonReport struct {
	p      *publish.Publisher
	mu     sync.Mutex // guards the writer
	w      *json.Encoder
	cancel context.CancelFunc
	done   sync.WaitGroup
	stop   func()
}

type jsonLine struct {
	Event  string         `json:"event"`
	Time   time.Time      `json:"time"`
	Status string         `json:"status,omitempty"`
	Number *publish.State `json:"status_number,omitempty"`
	URL    string         `json:"url,omitempty"`
	Error  string         `json:"error,omitempty"`
	// Attempt is the one that comes next while reconnecting, Wait how long it is
	// waited for in milliseconds.
	Attempt int   `json:"attempt,omitempty"`
	Wait    int64 `json:"wait_ms,omitempty"`
	// Skipped is how much stream a session after an outage left out, in
	// milliseconds.
	Skipped int64 `json:"skipped_ms,omitempty"`
	// Target is the video's bit rate advised to the encoder, Reason why.
	Target int64          `json:"target_bitrate,omitempty"`
	Reason string         `json:"reason,omitempty"`
	OK     *bool          `json:"ok,omitempty"`
	Code   *int           `json:"exit_code,omitempty"`
	Stats  *publish.Stats `json:"stats,omitempty"`
}

func newJSONReport(p *publish.Publisher, w io.Writer) *jsonReport {
	r := &jsonReport{p: p, w: json.NewEncoder(w)}
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	changes := p.WatchAttempts(ctx) // from now on
	// The watcher ends with cancel; finish waits for it.
	r.done.Go(func() {
		for s := range changes {
			r.write(jsonLine{
				Event: "status", Time: s.Time, Status: s.State.String(), Number: &s.State, URL: s.URL, Error: errorText(s.Err),
				Attempt: s.Attempt, Wait: s.Wait.Milliseconds(), Skipped: s.Skipped.Milliseconds(),
			})
		}
	})
	advice := p.WatchAdvice(ctx)
	r.done.Go(func() { // ends with cancel too
		for a := range advice {
			if a.Target > 0 {
				r.write(jsonLine{Event: "advice", Time: a.Time, Target: a.Target, Reason: a.Reason})
			}
		}
	})
	r.stop = ticking(time.Second, func() {
		s := p.Stats()
		r.write(jsonLine{Event: "stats", Time: time.Now(), Stats: &s})
	})
	return r
}

func (r *jsonReport) write(line jsonLine) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = r.w.Encode(line) // a reader that went away does not end the stream
}

func (r *jsonReport) warn(err error) {
	r.write(jsonLine{Event: "warning", Time: time.Now(), Error: err.Error()})
}

func (r *jsonReport) finish(err error) {
	r.stop()
	r.cancel()
	r.done.Wait()
	s, ok, code := r.p.Stats(), err == nil, codeOf(err)
	r.write(jsonLine{Event: "summary", Time: time.Now(), OK: &ok, Code: &code, Error: errorText(err), Stats: &s})
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
