package advice

import "time"

// What is above these limits is no stream; they keep the arithmetic from
// overflowing.
const (
	maxRate  = int64(1e12)
	maxDelay = time.Hour
)

const (
	// settling is how long a new connection's slow start hides what the link
	// carries.
	settling = 2 * time.Second
	// hopeless is a queue that no slow start explains.
	hopeless = 1500 * time.Millisecond
	// worthTelling is 1/20 of the target: an encoder's own inaccuracy.
	worthTelling = 20
	// rest is the least time between two advices, and urgentRest the least before
	// one that takes away more than a quarter.
	rest       = time.Second
	urgentRest = 500 * time.Millisecond
)

// Estimator makes the advice. It is not safe for concurrent use.
type Estimator struct {
	floor, fixed int64

	highest int64  // rate of video so far
	target  int64  // now; told may lag behind it
	reason  Reason // of target
	limited bool   // the target has been below the ceiling since it was lowered
	told    Advice
	toldAt  time.Duration

	recent  history
	began   time.Duration // of the connection
	running bool          // connected at the last sample

	knee     int64 // of the whole stream: what the link carried when it was full, in this episode; 0: not known
	knew     int64 // the knee of the episode before; 0: none
	failures int   // probes that met the same knee, one after the other
	episode  bool  // congestion has come and has not gone
	halved   bool  // for an outage, in this episode, at halvedAt
	halvedAt time.Duration
	before   int64 // the target when the episode began
	measured bool  // the knee is over a whole second

	probedAt time.Duration // the last step up
	probing  bool          // it has led to this episode

	calm     bool // since calmAt
	calmAt   time.Duration
	nextStep time.Duration
	growth   int64 // of the next step, in thousandths
}

// New makes an estimator that starts at the ceiling.
func New(c Config) *Estimator {
	e := &Estimator{floor: c.Floor, fixed: min(c.Ceiling, maxRate)}
	if e.floor < 1 {
		e.floor = DefaultFloor
	}
	e.floor = min(e.floor, maxRate)
	if e.fixed > 0 {
		e.fixed = max(e.fixed, e.floor)
	}
	e.target = e.ceiling()
	e.told.Target = e.target
	return e
}

// Advice is the newest advice told.
func (e *Estimator) Advice() Advice { return e.told }

// Add takes a sample. It returns the advice, and true when it has changed in a way
// worth telling: by 5 % or to a bound, at most once a second, or twice where much is
// to be taken away.
func (e *Estimator) Add(s Sample) (Advice, bool) {
	s = s.sane()
	if last, ok := e.recent.last(); ok && s.Time <= last.Time {
		return e.told, false
	}
	switch {
	case !s.Connected:
		e.disconnected(s)
	case !e.running:
		e.connected(s)
	}
	e.recent.add(s)
	if s.Connected {
		e.see(s)
		e.judge(s)
	}
	return e.tell(s.Time)
}

// sane brings a sample into the bounds of the arithmetic.
func (s Sample) sane() Sample {
	for _, rate := range []*int64{&s.Input, &s.Audio, &s.Sent, &s.DeliveryRate} {
		*rate = min(max(*rate, 0), maxRate)
	}
	for _, delay := range []*time.Duration{&s.Backlog, &s.RTT, &s.MinRTT} {
		*delay = min(max(*delay, 0), maxDelay)
	}
	s.Audio = min(s.Audio, s.Input)
	return s
}

// connected begins anew: what was measured belongs to another connection.
func (e *Estimator) connected(s Sample) {
	e.running, e.began = true, s.Time
	e.recent.forget()
	e.calm = false
}

// disconnected halves the target once when the connection broke under congestion.
func (e *Estimator) disconnected(s Sample) {
	if e.running && e.episode {
		e.halve(s)
	}
	e.running = false
}

// see follows the ceiling that nobody has set. A picture that is alone in its
// second, as when a file is read ahead, makes no rate: the lower of two counts.
func (e *Estimator) see(s Sample) {
	if e.fixed > 0 {
		return
	}
	before, ok := e.recent.before(time.Second)
	if !ok {
		return
	}
	e.highest = max(e.highest, min(s.Input-s.Audio, before.Input-before.Audio))
	if !e.limited {
		e.target = e.ceiling()
		e.told.Target = e.target
	}
}

// judge lowers or raises the target.
func (e *Estimator) judge(s Sample) {
	switch {
	case s.Time-e.began < settling && s.Backlog < hopeless:
	case s.CatchingUp:
		e.catchUp(s)
	case e.recent.congested():
		e.lower(s)
	default:
		e.raise(s)
	}
}

// tell decides whether the change is worth an encoder's trouble.
func (e *Estimator) tell(now time.Duration) (Advice, bool) {
	change, old := e.target-e.told.Target, e.told.Target
	bound := e.target == e.floor || e.target == e.ceiling()
	wait := rest
	if change < -old/4 {
		wait = urgentRest
	}
	small := max(change, -change) < old/worthTelling
	if change == 0 && e.target == e.ceiling() {
		e.limited = false
	}
	if change == 0 || small && !bound || now-e.toldAt < wait && e.toldAt > 0 {
		return e.told, false
	}
	e.told, e.toldAt = Advice{Target: e.target, Reason: e.reason}, now
	e.limited = e.target < e.ceiling()
	return e.told, true
}

func (e *Estimator) ceiling() int64 {
	if e.fixed > 0 {
		return e.fixed
	}
	return max(e.highest, e.floor)
}

func (e *Estimator) set(target int64, why Reason) {
	target = min(max(target, e.floor), e.ceiling())
	if target != e.target {
		e.target, e.reason = target, why
	}
}
