package tsin

import (
	"fmt"
	"time"

	"rtmpwriter/media"
)

// item is one packet or one report for Next.
type item struct {
	packet media.Packet
	damage *media.DamageError
}

// outbox holds what has been read and not been fetched: a few packets, or
// while the tracks are still unknown, up to maxProbe bytes.
type outbox struct {
	video, audio int // indexes of the tracks
	items        []item
	taken        int
	base         time.Duration // taken off all times
	at           int64         // place of the transport packet in work
	gate         *gate         // nil: everything passes
	err          error         // final
}

// push takes a packet with the times of the input's clock.
func (o *outbox) push(p media.Packet) {
	p.DTS -= o.base
	p.PTS -= o.base
	o.add(p)
}

func (o *outbox) add(p media.Packet) {
	if o.gate == nil {
		o.items = append(o.items, item{packet: p})
		return
	}
	o.gate.pass(p, p.Track == o.video, func(p media.Packet) {
		o.items = append(o.items, item{packet: p})
	})
}

// damage reports a damaged place after the decode time last.
func (o *outbox) damage(last time.Duration, format string, args ...any) {
	o.items = append(o.items, item{damage: &media.DamageError{
		Offset: o.at, Time: last - o.base, Reason: fmt.Sprintf(format, args...),
	}})
}

// jumped reports a clock that jumps without having been announced.
func (o *outbox) jumped(at time.Duration, announced bool) {
	if !announced {
		o.damage(at, "the clock jumps; what follows is closed up")
	}
}

// fail ends the source with an error, once what has been read is fetched.
func (o *outbox) fail(err error) {
	if o.err == nil {
		o.err = err
	}
}

// next takes the oldest item.
func (o *outbox) next() (it item, ok bool) {
	if o.taken == len(o.items) {
		return item{}, false
	}
	it = o.items[o.taken]
	o.items[o.taken] = item{}
	if o.taken++; o.taken == len(o.items) {
		o.items, o.taken = o.items[:0], 0
	}
	return it, true
}

// rebase takes the smallest decode time so far off all times, those of the
// packets so far included.
func (o *outbox) rebase() {
	items := o.items[o.taken:]
	first := true
	for _, it := range items {
		if it.damage == nil && (first || it.packet.DTS < o.base) {
			o.base, first = it.packet.DTS, false
		}
	}
	for i := range items {
		if d := items[i].damage; d != nil {
			d.Time = max(d.Time-o.base, 0)
			continue
		}
		items[i].packet.DTS -= o.base
		items[i].packet.PTS -= o.base
	}
}

// setGate lets only what the gate lets pass through, of the packets so far too.
func (o *outbox) setGate(g *gate) {
	if o.gate = g; g == nil {
		return
	}
	items := o.items[o.taken:]
	o.items, o.taken = make([]item, 0, len(items)), 0
	for _, it := range items {
		if it.damage != nil {
			o.items = append(o.items, it)
			continue
		}
		o.add(it.packet)
	}
}

// clear throws away what has not been fetched.
func (o *outbox) clear() {
	for it, ok := o.next(); ok; it, ok = o.next() {
		it.packet.Release()
	}
	o.err = nil
	if o.gate != nil {
		o.gate.clear()
	}
}
