package input

import (
	"context"
	"slices"
	"time"

	"rtmpwriter/media"
)

const (
	// audioAhead is how early audio may leave, so that it goes along with a
	// frame of video instead of waking the process by itself: with 30 pictures
	// and 47 audio frames a second there are 30 wake-ups instead of 77.
	audioAhead = 40 * time.Millisecond
	// videoAhead is the same for video: less than any frame lasts.
	videoAhead = 4 * time.Millisecond
	// firstAhead is the same while a track has shown nothing yet, at the beginning
	// alone: the stream goes out only when every one has.
	firstAhead = 100 * time.Millisecond
	// maxLag bounds what is made up for: viewers' players hold some seconds,
	// and after a long stall minutes of media sent at once would fill every
	// buffer on the way.
	maxLag = 10 * time.Second
)

// Pace holds src to the clock: Next returns a packet at its decode time,
// counted from the first packet, at rate times real time (1 is real time; 0 and
// less count as 1). It uses the monotonic clock. Audio that is due within the
// next 40 ms goes along with what has just left, video within 4 ms, and
// what comes before the first packet of every track has within 100 ms.
//
// When the caller or the source has stalled, what is late is returned at once
// until the clock is caught up with; after more than 10 s the clock is set to
// the packet instead. A gap in the timestamps is waited for.
//
// When ctx ends, so does the waiting, and Next returns its cause; that is
// final.
func Pace(ctx context.Context, src Source, rate float64) Source {
	if !(rate > 0) {
		rate = 1
	}
	c := &pace{Source: src, ctx: ctx, rate: rate, tracks: src.Tracks()}
	for i := range c.tracks {
		c.hidden = append(c.hidden, i)
	}
	return c
}

type pace struct {
	Source
	ctx    context.Context
	rate   float64
	tracks []media.Track
	hidden []int // the tracks of which no packet has come

	begun bool
	zero  time.Time     // the wall clock at
	first time.Duration // this decode time
	timer *time.Timer
}

// Next returns the next packet when it is due.
func (c *pace) Next() (media.Packet, error) {
	if c.ctx.Err() != nil {
		return media.Packet{}, context.Cause(c.ctx)
	}
	p, err := c.Source.Next()
	if err != nil {
		return p, err
	}
	wait := c.wait(p.DTS)
	if wait <= c.ahead(&p) {
		return p, nil
	}
	if err := c.sleep(wait); err != nil {
		p.Release()
		return media.Packet{}, err
	}
	return p, nil
}

// wait is the time until a decode time is due.
func (c *pace) wait(dts time.Duration) time.Duration {
	now := time.Now()
	due := time.Duration(float64(dts-c.first) / c.rate)
	wait := c.zero.Add(due).Sub(now)
	if !c.begun || wait < -maxLag {
		c.begun, c.zero, c.first = true, now, dts
		return 0
	}
	return wait
}

// ahead is how early a packet of the track may leave.
func (c *pace) ahead(p *media.Packet) time.Duration {
	if len(c.hidden) > 0 && p.DTS-c.first <= firstAhead {
		c.hidden = slices.DeleteFunc(c.hidden, func(i int) bool { return i == p.Track })
		return firstAhead
	}
	c.hidden = nil
	if p.Track >= 0 && p.Track < len(c.tracks) && c.tracks[p.Track].Codec.IsAudio() {
		return audioAhead
	}
	return videoAhead
}

// sleep waits for d or for the end of ctx.
func (c *pace) sleep(d time.Duration) error {
	if c.timer == nil {
		c.timer = time.NewTimer(d)
	} else {
		c.timer.Reset(d)
	}
	select {
	case <-c.timer.C:
		return nil
	case <-c.ctx.Done():
		c.timer.Stop()
		return context.Cause(c.ctx)
	}
}
