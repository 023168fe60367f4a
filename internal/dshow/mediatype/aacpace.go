package mediatype

const (
	second = 10_000_000 // in 100 ns

	// longestGap bounds the distance of two frames in 100 ns: some are missing
	// where it is longer.
	longestGap = second * 3 / 10
	// enough is how many frames the rate is taken from.
	enough = 64
)

// pace measures how far apart the frames of a stream are.
type pace struct {
	first, last int64 // start times
	count       int   // of frames from first to last
	untimed     int   // frames without time since
	due         int   // the count that the rate is taken from next
	begun       bool
}

// listen takes the rate from how long a sample lasts, and without a stop time
// from the distance of samples: from the mean of the first, of 4, 16 and 64 of
// them, since the times of live sources jitter.
func (g *aacGuess) listen(t times) {
	if t.hasStop {
		if rate := rateOf(t.stop-t.start, 1); rate != 0 {
			g.rate, g.openRate = rate, false
			return
		}
	}
	if !t.hasStart {
		g.pace.untimed++
		return
	}
	if p := &g.pace; p.measure(t.start) {
		if rate := rateOf(p.last-p.first, p.count); rate != 0 {
			g.rate = rate
		}
		g.openRate = p.count < enough
	}
}

// measure takes the start of a sample. It tells that the rate can be taken.
func (p *pace) measure(start int64) bool {
	frames := min(p.untimed, enough) + 1
	d := start - p.last
	if !p.begun || d <= 0 || d > longestGap*int64(frames) {
		*p = pace{first: start, last: start, due: 1, begun: true}
		return false
	}
	p.last, p.untimed = start, 0
	p.count += frames
	if p.count < p.due {
		return false
	}
	p.due = 4 * p.count
	return true
}

// rateOf is the standard rate that a number of frames in a time come closest to,
// in proportion; 0 where none is near.
func rateOf(duration int64, frames int) int {
	if duration <= 0 { // a difference of foreign times overflows
		return 0
	}
	rate := float64(frames) * frameSamples * second / float64(duration)
	best, distance := 0, 1.1 // no further than 10 %
	for _, r := range sampleRates {
		d := rate / float64(r)
		if d < 1 {
			d = 1 / d
		}
		if d < distance {
			best, distance = r, d
		}
	}
	return best
}
