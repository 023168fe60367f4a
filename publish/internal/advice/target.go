package advice

import "time"

// trickle in bits per second is less than any stream: nothing moves.
const trickle = 16_000

// Shares in thousandths.
const (
	// below the knee is where the target is held.
	below = 900
	// drained at most is taken off to let a backlog drain.
	drained = 400
	// leastStep up to the knee, growing by moreStep to mostStep beyond it.
	leastStep = 50
	moreStep  = 50
	mostStep  = 250
	// passed the knee by so much, the steps grow; by so much that it is another
	// link's, the failures are forgotten. A deep buffer hides the knee for a while.
	passed  = 1050
	another = 1150
	// alike are knees that differ by less.
	alike = 200
	// stuck is a link that lets so little through that no rate can be told yet.
	stuck = 50
	// used is the part of the target that the encoder must deliver to prove it.
	used = 700
)

const (
	// drainPer thousandth is the backlog that takes one more off.
	drainPer = 4 * time.Millisecond
	// gone is how long the queue must be gone before its room is given back.
	gone = time.Second
	// hold below the knee, doubled by every failure up to mostFailures.
	hold         = 5 * time.Second
	mostFailures = 4
	// pace of the steps, and how much slower unproven ones are.
	pace     = 3 * time.Second
	unproven = 4
	// blame is how long after a probe it counts as the cause of a congestion.
	blame = 3 * pace
)

// congest begins an episode, in which nothing is measured yet.
func (e *Estimator) congest(now time.Duration) {
	if !e.episode {
		e.episode, e.halved, e.knee, e.measured, e.before = true, false, 0, false, e.target
		e.probing = e.probedAt > 0 && now-e.probedAt < blame
	}
	e.calm = false
}

// lower brings the target below what the link carries.
func (e *Estimator) lower(s Sample) {
	e.congest(s.Time)
	if e.knee > 0 && s.Backlog < clearable && !e.recent.dropped() {
		// The round-trip time alone: what goes out now is what the encoder has been
		// told, and no measure any more.
		return
	}
	link, moves := e.carried(s)
	if !moves {
		e.halve(s)
		return
	}
	e.knee = link
	backlog, _, whole := e.recent.least()
	e.measured = e.measured || whole && backlog > clearable || s.Backlog < clearable
	room := min(int64(s.Backlog/drainPer), drained)
	if target := link*(below-room)/1000 - s.Audio; target < e.target {
		e.limit(target, Congestion)
	}
}

// carried measures what the link carries while something waits; false when
// nothing moves. What went out in a second is the truth if something waited all
// through it; before that, part of it is from before the congestion.
func (e *Estimator) carried(s Sample) (int64, bool) {
	through := e.recent.through()
	switch {
	case s.Sent < trickle, // for a whole second
		!e.halved && through < stuck,
		e.halved && s.Time-e.halvedAt < standing: // what went before is still counted
		return 0, false
	}
	if backlog, _, ok := e.recent.least(); ok && backlog > clearable {
		return s.Sent, true
	}
	link := min(s.Input*through/1000, s.Sent)
	if s.DeliveryRate > 0 {
		link = min(link, s.DeliveryRate)
	}
	return max(link, s.Sent/2), true
}

// halve is for what cannot be measured.
func (e *Estimator) halve(s Sample) {
	if e.halved {
		return
	}
	e.halved, e.halvedAt = true, s.Time
	e.limit(e.target/2, Outage)
}

// catchUp leaves room for what waited in an outage. While it is sent, the rate is
// what the link carries.
func (e *Estimator) catchUp(s Sample) {
	e.congest(s.Time)
	if s.Sent < trickle || s.Backlog < high {
		return
	}
	e.knee, e.measured = s.Sent, true
	if target := s.Sent*(below-100)/1000 - s.Audio; target < e.target {
		e.limit(target, CatchUp)
	}
}

func (e *Estimator) limit(target int64, why Reason) {
	e.limited = true
	e.set(target, why)
}

// raise gives back and probes, while the queue is gone.
func (e *Estimator) raise(s Sample) {
	if backlog, _, ok := e.recent.least(); ok && e.episode && backlog > clearable {
		// It drains, and for a second nothing but the link has held it up.
		e.knee, e.measured = max(s.Sent, e.floor), true
	}
	if !e.recent.gone() {
		e.calm = false
		return
	}
	if !e.calm {
		e.calm, e.calmAt = true, s.Time
	}
	switch {
	case e.episode:
		if s.Time-e.calmAt >= gone {
			e.recover(s)
		}
	case e.target < e.ceiling() && s.Time >= e.nextStep:
		e.probe(s)
	}
}

// recover ends an episode just below the knee. One that was an outage alone says
// nothing of the rate before it.
func (e *Estimator) recover(s Sample) {
	e.episode, e.growth = false, leastStep
	if e.knee == 0 {
		e.set(max(e.target, e.before), Recovery)
		e.nextStep = s.Time + hold<<e.failures
		return
	}
	if !e.measured {
		// It went before a whole second had been measured: a stall, most likely.
		e.knee = max(e.knee, e.before+s.Audio)
	}
	switch diff := e.knee - e.knew; {
	case max(diff, -diff) >= e.knew*alike/1000:
		e.failures = 0
	case e.probing:
		e.failures = min(e.failures+1, mostFailures)
	}
	e.knew = e.knee
	if target := e.knee*below/1000 - s.Audio; target > e.target {
		e.set(target, Recovery)
	}
	e.nextStep = s.Time + hold<<e.failures
}

// probe takes a step up.
func (e *Estimator) probe(s Sample) {
	if s.Time < e.nextStep+(unproven-1)*pace && !e.proven(s) {
		return
	}
	whole := e.target + s.Audio
	if whole > e.knew*passed/1000 {
		e.growth = min(e.growth+moreStep, mostStep)
	}
	if whole > e.knew*another/1000 {
		e.failures = 0
	}
	step := max(e.target*e.growth/1000, e.ceiling()/100)
	e.set(e.target+step, Probe)
	e.probedAt, e.nextStep = s.Time, s.Time+pace
}

// proven tells that the link has carried about the target lately.
func (e *Estimator) proven(s Sample) bool {
	input, delivery := e.recent.most()
	return input-s.Audio >= e.target*used/1000 || delivery >= e.target+s.Audio
}
