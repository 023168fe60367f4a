package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"rtmpwriter/publish"
)

// outages tells in words that the connection was lost, each attempt to make it
// again, and that it is there again, until the returned function is called,
// which waits for the last word.
func outages(p *publish.Publisher, tell func(text string)) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var ended sync.WaitGroup
	changes := p.WatchAttempts(ctx)
	ended.Go(func() { // ends with cancel
		var last publish.Status
		for s := range changes {
			if text := outageText(last, s); text != "" {
				tell(text)
			}
			last = s
		}
	})
	return func() { cancel(); ended.Wait() }
}

// outageText is a change of status in words; empty where it is none of an
// outage.
func outageText(last, s publish.Status) string {
	switch {
	case s.State == publish.Reconnecting:
		what := "connection lost"
		switch last.State {
		case publish.Disconnected:
			what = "not connected"
		case publish.Reconnecting:
			what = "still not connected"
		}
		return fmt.Sprintf("%s: %v; trying %s %s (attempt %d)", what, s.Err, s.URL, soon(s.Wait), s.Attempt)
	case s.State == publish.Connected && last.State == publish.Reconnecting:
		if s.Skipped > 0 {
			return fmt.Sprintf("connected to %s; %v of the stream left out (outage-mode live)", s.URL, s.Skipped.Round(10*time.Millisecond))
		}
		return "connected to " + s.URL
	}
	return ""
}

func soon(wait time.Duration) string {
	if wait == 0 {
		return "at once"
	}
	return fmt.Sprintf("in %v", wait.Round(100*time.Millisecond))
}
