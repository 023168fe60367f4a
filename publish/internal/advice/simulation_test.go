package advice

import (
	"math/rand/v2"
	"time"
)

// The simulation is arithmetic with integers, so that it comes out the same on
// every machine: an encoder, the application's buffer, and a link with a queue.

const (
	tick        = 10 * time.Millisecond
	sampleEvery = 250 * time.Millisecond
	sound       = int64(128_000)
)

// link is a bottleneck: its rate over time, the queue that the network keeps and
// the time that a round trip takes without one.
type link struct {
	rate  func(time.Duration) int64 // bits per second
	queue time.Duration             // that the network holds before TCP is held back
	rtt   time.Duration
	noise time.Duration // of the round-trip time: 0 to this much more
	// blind links give no socket statistics, as on systems without them.
	blind bool
}

// encoder makes pictures at a rate that it is told.
type encoder struct {
	most    int64         // bits per second, and the rate at the start
	follows time.Duration // how late it does what it is told
	deaf    bool          // it never does
	gop     int           // frames from keyframe to keyframe at 30 frames per second; 0: 60
	key     int64         // a keyframe's size in inter frames; 0: 6
	// scene is the part of the rate that the picture needs, in thousandths; nil: all.
	scene func(time.Duration) int64
	// variation of a frame's size in thousandths.
	variation int64
}

// adviser is what is judged: it sees the samples and names the rate of video.
type adviser interface {
	advise(Sample) (int64, bool)
}

// outcome is what came of a run.
type outcome struct {
	points []point
	times  []time.Duration // of the advices
}

// point is one sample and the advice after it.
type point struct {
	Sample
	capacity int64
	target   int64
}

type frame struct {
	at   time.Duration
	bits int64
}

type simulation struct {
	link    link
	encoder encoder
	random  *rand.Rand

	buffer  []frame // of the application
	network int64   // bits in the link's queue
	srtt    time.Duration
	seen    int64 // delivery rate

	rate   int64 // the encoder's now
	orders []order
	frames int
	input  window
	sent   window
}

type order struct {
	due  time.Duration
	rate int64
}

// window adds up the last second, tick by tick.
type window struct {
	ring [100]int64
	sum  int64
	i    int
}

func (w *window) add(bits int64) {
	w.sum += bits - w.ring[w.i]
	w.ring[w.i] = bits
	w.i = (w.i + 1) % len(w.ring)
}

// run streams for that long.
func run(l link, e encoder, a adviser, length time.Duration) outcome {
	s := &simulation{link: l, encoder: e, rate: e.most, random: rand.New(rand.NewPCG(1, 2)), srtt: l.rtt}
	if s.encoder.gop == 0 {
		s.encoder.gop = 60
	}
	if s.encoder.key == 0 {
		s.encoder.key = 6
	}
	var out outcome
	target := e.most
	for now := tick; now <= length; now += tick {
		s.encode(now)
		s.send(now)
		if now%sampleEvery != 0 {
			continue
		}
		sample := s.sample(now)
		rate, changed := a.advise(sample)
		if changed {
			target = rate
			out.times = append(out.times, now)
			s.orders = append(s.orders, order{now + e.follows, rate})
		}
		out.points = append(out.points, point{sample, l.rate(now), target})
	}
	return out
}

// encode puts the frames of a tick into the buffer.
func (s *simulation) encode(now time.Duration) {
	for len(s.orders) > 0 && s.orders[0].due <= now {
		if !s.encoder.deaf {
			s.rate = s.orders[0].rate
		}
		s.orders = s.orders[1:]
	}
	bits := sound * int64(tick) / int64(time.Second)
	// Three ticks and a third are a frame's time at 30 frames per second.
	if int64(now/tick)*30/100 > int64((now-tick)/tick)*30/100 {
		bits += s.picture(now)
	}
	s.input.add(bits)
	s.buffer = append(s.buffer, frame{now, bits})
}

func (s *simulation) picture(now time.Duration) int64 {
	e := s.encoder
	inter := s.rate * int64(e.gop) / 30 / (int64(e.gop) - 1 + e.key)
	if e.scene != nil {
		inter = inter * e.scene(now) / 1000
	}
	if e.variation > 0 {
		inter = inter * (1000 - e.variation + s.random.Int64N(2*e.variation+1)) / 1000
	}
	s.frames++
	if s.frames%e.gop == 1 {
		return inter * e.key
	}
	return inter
}

// send moves a tick's bits: the link takes from its queue, TCP fills the queue up
// from the buffer.
func (s *simulation) send(now time.Duration) {
	capacity := s.link.rate(now)
	room := capacity * int64(s.link.queue+tick) / int64(time.Second)
	var sent int64
	for len(s.buffer) > 0 && s.network < room {
		f := &s.buffer[0]
		bits := min(f.bits, room-s.network)
		s.network += bits
		sent += bits
		if f.bits -= bits; f.bits > 0 {
			break
		}
		s.buffer = s.buffer[1:]
	}
	s.sent.add(sent)
	out := min(s.network, capacity*int64(tick)/int64(time.Second))
	s.network -= out
	rtt := s.link.rtt + s.link.queue
	if capacity > 0 {
		rtt = s.link.rtt + min(time.Duration(s.network*int64(time.Second)/capacity), s.link.queue)
	}
	if s.link.noise > 0 {
		rtt += time.Duration(s.random.Int64N(int64(s.link.noise)))
	}
	// Smoothed over an eighth, some times in a round trip.
	s.srtt += (rtt - s.srtt) / 16
	s.seen += (out*int64(time.Second/tick) - s.seen) / 8
}

func (s *simulation) sample(now time.Duration) Sample {
	sample := Sample{Time: now, Input: s.input.sum, Audio: sound, Sent: s.sent.sum, Connected: true}
	if len(s.buffer) > 0 {
		sample.Backlog = now - s.buffer[0].at
	}
	if !s.link.blind {
		sample.RTT, sample.MinRTT, sample.DeliveryRate = s.srtt, s.link.rtt, s.seen
	}
	return sample
}

// constant is a link that never changes.
func constant(rate int64) func(time.Duration) int64 {
	return func(time.Duration) int64 { return rate }
}

// step is a link that has another rate from one time to the other.
func step(rate, other int64, from, to time.Duration) func(time.Duration) int64 {
	return func(now time.Duration) int64 {
		if now >= from && now < to {
			return other
		}
		return rate
	}
}
