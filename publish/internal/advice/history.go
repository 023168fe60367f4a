package advice

import "time"

const (
	// standing is how long a queue must stand to be more than a burst.
	standing = time.Second
	// high is a queue that hurts; clear one that does not.
	high      = 200 * time.Millisecond
	clearable = 80 * time.Millisecond
	// rise is the least that a rising queue rises by from one sample to the next.
	rise = 40 * time.Millisecond
	// crept is what a slow queue grows by in the time of creeping: 5 % too much.
	crept    = 150 * time.Millisecond
	creeping = 3 * time.Second
	// leastJitter is what a round-trip time varies by on an idle link.
	leastJitter = 50 * time.Millisecond
	// burst is how long the queue of a keyframe lasts at most.
	burst = 1500 * time.Millisecond
	// usualAtMost bounds what a burst may look like.
	usualAtMost = 600 * time.Millisecond
	// fadeBy in samples: a burst is half forgotten after 11 s.
	fadeBy = 64
	// draining in thousandths: an input that is so much of what is sent.
	draining = 700
	// notFalling is how much a queue may fall in a second and still count as
	// standing.
	notFalling = 50 * time.Millisecond
)

// history keeps the samples of the last seconds.
type history struct {
	ring  [16]Sample
	n     int           // ever since forget
	usual time.Duration // what bursts reach
	peak  time.Duration // of the queue since it was clear, at clear
	clear time.Duration
}

// forget keeps what bursts look like: they are the encoder's.
func (h *history) forget() { h.n, h.peak = 0, 0 }

func (h *history) add(s Sample) {
	h.ring[h.n%len(h.ring)] = s
	h.n++
	h.usual -= h.usual / fadeBy
	queue := s.queue()
	h.peak = max(h.peak, queue)
	if queue < clearable {
		if s.Time-h.clear <= burst {
			h.usual = max(h.usual, min(h.peak, usualAtMost))
		}
		h.peak, h.clear = 0, s.Time
	}
}

// ago is the sample that is i samples old; the newest is 0.
func (h *history) ago(i int) Sample { return h.ring[(h.n-1-i)%len(h.ring)] }

func (h *history) size() int { return min(h.n, len(h.ring)) }

func (h *history) last() (Sample, bool) {
	if h.n == 0 {
		return Sample{}, false
	}
	return h.ago(0), true
}

// before is the newest sample that is at least that old.
func (h *history) before(age time.Duration) (Sample, bool) {
	for i := 1; i < h.size(); i++ {
		if s := h.ago(i); h.ago(0).Time-s.Time >= age {
			return s, true
		}
	}
	return Sample{}, false
}

// queue is what stands between the encoder and the server.
func (s Sample) queue() time.Duration { return s.Backlog + s.swelling() }

// swelling is half of what the round-trip time has grown by, beyond jitter: half,
// because it varies for other reasons too.
func (s Sample) swelling() time.Duration {
	if s.RTT == 0 || s.MinRTT == 0 {
		return 0
	}
	return max(0, s.RTT-s.MinRTT-max(leastJitter, s.MinRTT/2)) / 2
}

// least is the smallest backlog and the smallest queue of the last second; false
// where no whole second is known.
func (h *history) least() (backlog, queue time.Duration, ok bool) {
	backlog, queue = maxDelay, 2*maxDelay
	for i := range h.size() {
		s := h.ago(i)
		backlog, queue = min(backlog, s.Backlog), min(queue, s.queue())
		if h.ago(0).Time-s.Time >= standing {
			return backlog, queue, true
		}
	}
	return 0, 0, false
}

// congested tells that more comes than the link carries. A rate that still grows
// has not found its limit.
func (h *history) congested() bool {
	return h.dropped() || !h.growing() && (h.rising() || h.stands())
}

func (h *history) growing() bool {
	if h.size() < 2 {
		return false
	}
	before := h.ago(1).Sent
	return h.ago(0).Sent > before+before/10
}

func (h *history) dropped() bool {
	return h.size() > 1 && h.ago(0).Dropped > h.ago(1).Dropped
}

// rising tells a queue that rises and rises, to where no burst has been.
func (h *history) rising() bool {
	if h.size() < 3 {
		return false
	}
	one, two := h.ago(1), h.ago(2)
	q := h.ago(0).queue()
	return q >= max(high, h.usual+h.usual/2) &&
		q-one.queue() >= rise && one.queue()-two.queue() >= rise
}

// stands tells a backlog that does not go away, or a queue that grows slowly. While
// much less comes than goes it drains, although its age still grows with frames
// from before the encoder followed. A
// round-trip time that is long and stays so is left alone: others may fill the
// link's buffer, or the way has changed.
func (h *history) stands() bool {
	backlog, queue, ok := h.least()
	if !ok || queue < high {
		return false
	}
	now := h.ago(0)
	then, _ := h.before(standing)
	if backlog >= high {
		return now.Backlog > then.Backlog-notFalling && now.Input > now.Sent*draining/1000
	}
	return h.grown(creeping) > crept && h.grown(standing) > 0
}

// gone tells that for a second nothing but a keyframe has waited, and that the
// round-trip time does not grow.
func (h *history) gone() bool {
	backlog, queue, ok := h.least()
	return ok && backlog <= clearable && (queue <= clearable || h.grown(standing) < rise)
}

// grown is how much the queue has in that time; 0 when it is not known.
func (h *history) grown(age time.Duration) time.Duration {
	then, ok := h.before(age)
	if !ok {
		return 0
	}
	return h.ago(0).queue() - then.queue()
}

// through is the part of the input that gets through, in thousandths, from how the
// backlog has grown in the last half second.
func (h *history) through() int64 {
	now := h.ago(0)
	for i := 1; i < h.size(); i++ {
		then := h.ago(i)
		if took := now.Time - then.Time; took >= 450*time.Millisecond {
			grown := now.Backlog - then.Backlog
			return min(max(1000-int64(grown*1000/took), 0), 1000)
		}
	}
	return 1000
}

// most is the highest input and delivery rate of the last seconds: between
// keyframes both are less.
func (h *history) most() (input, delivery int64) {
	for i := range h.size() {
		input, delivery = max(input, h.ago(i).Input), max(delivery, h.ago(i).DeliveryRate)
	}
	return input, delivery
}
