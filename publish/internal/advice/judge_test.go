package advice

import (
	"fmt"
	"time"
)

// verdict is what a run is judged by.
type verdict struct {
	utilisation int64         // thousandths: what the encoder might have sent and was told to, of what the link carried
	sent        int64         // thousandths: what went out, of what the link carried up to the encoder's most
	late        time.Duration // with a backlog above 1 s
	length      time.Duration
	backlog     time.Duration // the biggest
	perMinute   int64         // advices
	lowest      int64         // target
}

func (v verdict) String() string {
	return fmt.Sprintf("target %3d‰, sent %3d‰ of what the link carried; %5.1f s above 1 s of backlog, %5.1f s the most; %2d advices a minute; lowest target %d kbit/s",
		v.utilisation, v.sent, v.late.Seconds(), v.backlog.Seconds(), v.perMinute, v.lowest/1000)
}

func (o outcome) judged(most int64) verdict {
	var v verdict
	var could, told, sent int64
	v.lowest = most
	for _, p := range o.points {
		could += min(p.capacity, most+sound)
		told += min(p.target+sound, p.capacity)
		sent += min(p.Sent, most+sound)
		if p.Backlog > time.Second {
			v.late += sampleEvery
		}
		v.backlog = max(v.backlog, p.Backlog)
		v.lowest = min(v.lowest, p.target)
	}
	could = max(could, 1)
	v.utilisation, v.sent = told*1000/could, sent*1000/could
	v.length = o.points[len(o.points)-1].Time
	v.perMinute = int64(len(o.times)) * int64(time.Minute) / int64(v.length)
	return v
}

// from is the run from that time on.
func (o outcome) from(begin time.Duration) outcome {
	for len(o.points) > 0 && o.points[0].Time < begin {
		o.points = o.points[1:]
	}
	for len(o.times) > 0 && o.times[0] < begin {
		o.times = o.times[1:]
	}
	return o
}

// when the target was at least or, with most, at most that for the first time
// after begin; false when never.
func (o outcome) reaches(begin time.Duration, fits func(point) bool) (time.Duration, bool) {
	for _, p := range o.points {
		if p.Time >= begin && fits(p) {
			return p.Time - begin, true
		}
	}
	return 0, false
}

// ours is the estimator as an adviser.
type ours struct{ *Estimator }

func advised(floor, ceiling int64) ours {
	return ours{New(Config{Floor: floor, Ceiling: ceiling})}
}

func (o ours) advise(s Sample) (int64, bool) {
	a, changed := o.Add(s)
	return a.Target, changed
}

// nobody never says anything.
type nobody struct{}

func (nobody) advise(Sample) (int64, bool) { return 0, false }

// thirty is the dynamic bit rate of a widespread streaming program, from what is
// known of it: behind 200 ms in its buffer it goes down to the rate that went out in
// the last second less the sound, measured anew after each change, or back to the
// rate before the last step up; up by a tenth of the first rate every 30 s.
type thirty struct {
	most, now, before int64
	next, measured    time.Duration
}

func (t *thirty) advise(s Sample) (int64, bool) {
	const least, wait = 50_000, 30 * time.Second
	if t.now == 0 {
		t.now, t.measured = t.most, 2*time.Second
	}
	old := t.now
	switch measured := s.Sent - s.Audio; {
	case s.Backlog >= 200*time.Millisecond && s.Time >= t.measured && measured < t.now:
		t.now, t.before, t.next, t.measured = max(measured, least), 0, s.Time+wait, s.Time+time.Second
	case s.Backlog >= 200*time.Millisecond && t.before > 0:
		t.now, t.before, t.next = t.before, 0, s.Time+wait
	case t.now < t.most && s.Time >= t.next:
		t.before, t.now, t.next = t.now, min(t.now+t.most/10, t.most), s.Time+wait
	}
	return t.now, t.now != old
}
