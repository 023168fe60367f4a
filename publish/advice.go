package publish

import (
	"context"
	"iter"
	"slices"
	"sync"
	"time"

	"rtmpwriter/publish/internal/advice"
)

// adviceEvery is how often the network is looked at for advice.
const adviceEvery = 250 * time.Millisecond

// Advice is what bit rate an outside encoder should take, told by a publisher
// with the option bitrate-advice: soon after the link takes less than comes, and
// carefully when it takes more again (docs/bitrate-advice.md).
type Advice struct {
	// Target is for video, in bits/s, sound already taken off.
	Target int64
	// Reason is "congestion", "outage", "catch-up", "recovery" or "probe"; "none"
	// before the first.
	Reason string
	// Time is when; zero before the first.
	Time time.Time
}

// Advice is the one in force. Its target is 0 before the first.
func (p *Publisher) Advice() Advice { return p.advice.current().value }

// WatchAdvice yields the advice in force, and then each that comes, in order, until
// ctx ends or the caller stops. Any number of watchers may run at once.
func (p *Publisher) WatchAdvice(ctx context.Context) iter.Seq[Advice] { return p.advice.watch(ctx) }

// startAdvice gives advice, where the options want it, until the returned function
// is called, which waits for the last.
func (p *Publisher) startAdvice() (stop func()) {
	if !p.options.BitrateAdvice {
		return func() {}
	}
	ended := make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() { p.adviceLoop(ended) })
	return func() { close(ended); done.Wait() }
}

// adviceLoop ends with the channel.
func (p *Publisher) adviceLoop(ended <-chan struct{}) {
	e := advice.New(advice.Config{Floor: int64(p.options.BitrateFloor), Ceiling: int64(p.options.BitrateCeiling)})
	var sent sentRate
	ticker, began := time.NewTicker(adviceEvery), time.Now()
	defer ticker.Stop()
	for {
		select {
		case <-ended:
			return
		case <-ticker.C:
		}
		now := p.sample(time.Since(began))
		now.Sent = sent.steady(now.Sent, now.Dropped)
		a, changed := e.Add(now)
		if !changed {
			continue
		}
		p.advice.set(Advice{a.Target, a.Reason.String(), time.Now()})
		p.log.Info("bitrate advice", "video_bits_per_second", a.Target, "reason", a.Reason)
	}
}

// sentRate is how much goes out, seen over frames that are dropped: what a policy
// leaves out makes the link idle for a moment, which says nothing of the link.
type sentRate struct {
	recent  [8]int64 // the last two seconds
	n       int
	dropped uint64
	since   int // samples since something was dropped
}

// steady is the highest of the last two seconds where something was dropped in
// them, and the present rate otherwise.
func (r *sentRate) steady(rate int64, dropped uint64) int64 {
	r.recent[r.n%len(r.recent)] = rate
	r.n++
	if r.since++; dropped != r.dropped {
		r.since, r.dropped = 0, dropped
	}
	if r.since >= len(r.recent) || dropped == 0 {
		return rate
	}
	return slices.Max(r.recent[:])
}

// sample is what the advice is made of.
func (p *Publisher) sample(at time.Duration) advice.Sample {
	s := p.Stats()
	return advice.Sample{
		Time: at, Input: int64(s.AudioBitrate + s.VideoBitrate), Audio: int64(s.AudioBitrate), Sent: s.OutputBitrate, Backlog: s.Backlog,
		RTT: s.RTT, MinRTT: s.MinRTT, DeliveryRate: s.DeliveryRate, Dropped: uint64(s.FramesDropped),
		Connected: p.Status().State == Connected, CatchingUp: p.queue.catchesUp(),
	}
}
