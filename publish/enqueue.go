package publish

import "context"

// fate is what push made of a frame.
type fate uint8

const (
	refused    fate = iota // it is the caller's again, and the error tells why
	queued                 // it is the queue's, whatever the error
	heldOver               // so it is, for an outage or behind the backlog of one
	overflowed             // dropped, since the buffer is full
	offline                // dropped, since there is no connection
)

// enqueue queues the frame of a packet, and counts what became of it.
func (p *Publisher) enqueue(ctx context.Context, t *track, f *frame, flushes uint64, corrected bool) error {
	size, written := f.size, f.written
	what, victims, err := p.queue.push(ctx, f, flushes)
	if what != refused {
		p.counters.input(t.codec.IsAudio(), written, size, corrected)
	}
	switch n := p.queue.giveBackAll(victims); {
	case n == 0:
	case what == heldOver, what == offline:
		p.counters.lost(n)
	default:
		p.counters.dropped(n)
	}
	switch what {
	case queued, heldOver:
		return err
	case offline:
		p.counters.lost(1)
	default:
		p.counters.dropped(1)
	}
	p.queue.giveBack(f)
	return err
}
