package publish

import "time"

// caughtUp is how long a frame waits at most where a backlog is over.
const caughtUp = 300 * time.Millisecond

// longestPace bounds a wait of the pace: a jump in the stream's times must not
// hold the stream.
const longestPace = time.Second

// catchUp paces the backlog of an outage: its stream time runs at a set rate.
type catchUp struct {
	on   bool // a backlog is being sent
	rate int  // percent of real time (catch-up-rate); 0: as fast as the network takes it
	// from is the stream time at the moment since.
	begun bool
	from  time.Duration
	since time.Time
}

// pace tells how long f, which is next, is held back; in a backlog alone.
func (q *queue) pace(f *frame, now time.Time) (wait time.Duration) {
	c := &q.hold.catchUp
	switch {
	case !c.on:
		return 0
	case now.Sub(f.written) <= caughtUp && q.age(now) <= caughtUp:
		c.on = false
		q.wakeWriters()
		return 0
	case c.rate == 0 || q.drain:
		return 0
	case !c.begun || f.dts < c.from:
		c.begun, c.from, c.since = true, f.dts, now
		return 0
	}
	ahead := (f.dts - c.from) * 100 / time.Duration(c.rate)
	if wait = ahead - now.Sub(c.since); wait > longestPace {
		c.from, c.since, wait = f.dts, now, 0
	}
	return max(wait, 0)
}
