package publish

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"rtmpwriter/rtmp"
)

const (
	// handoverEvery is how soon after the last request another one is followed at
	// the earliest, and handoversInARow how many are in sessions that did not live
	// for handoverLasts: two servers that send us to each other must not keep us
	// busy with that.
	handoverEvery   = 5 * time.Second
	handoversInARow = 5
	handoverLasts   = 5 * time.Minute
	// handoverDials is how often the new session is tried, waiting handoverPause
	// before the first repetition and double that before each further one.
	handoverDials = 6
	handoverPause = time.Second
	// partingLimit bounds the old session's end, which the new one waits for so
	// that what the old server does not take can be sent again.
	partingLimit = 2 * time.Second
)

// errHandOver is why a session ends whose successor begins with the frame that is
// next.
var errHandOver = errors.New("the server asked to connect anew")

// link is a session with what its server asks for.
type link struct {
	conn *rtmp.Conn
	url  *rtmp.URL
	// requests has room for one, the newest; nil where none are taken.
	requests chan rtmp.ReconnectRequest
}

// handover is the sender's part in a change of sessions that the server asked for
// (Enhanced RTMP v2, Reconnect Request): the new one is made while the old one
// goes on, and takes over at a keyframe.
type handover struct {
	p       *Publisher
	present link
	// coming has the outcome of the dial that is under way; nil without one. Its
	// goroutine ends with cancel, and is joined by stop.
	coming chan arrival
	cancel context.CancelFunc
	// next is the session that waits for a keyframe; first tells that the old one
	// must end before it can be made, at target.
	next   *link
	first  bool
	target *rtmp.URL
	last   time.Time // the last request followed
	row    int
	// parting are old sessions that end in the background, within partingLimit.
	parting sync.WaitGroup
}

// arrival is what came of a dial.
type arrival struct {
	link link
	err  error
}

// look takes up what has happened since: a request, or a new session.
func (h *handover) look(ctx context.Context) {
	select {
	case r := <-h.present.requests:
		h.request(ctx, r)
	default:
	}
	select {
	case a := <-h.coming:
		h.arrived(a)
	default:
	}
	if h.next != nil && h.next.conn.Err() != nil {
		h.p.log.Warn("the new session has ended before it could take over; the old one goes on", "error", h.next.conn.Err())
		h.discard()
	}
}

// request begins to follow a request, if it may be.
func (h *handover) request(ctx context.Context, r rtmp.ReconnectRequest) {
	if h.coming != nil || h.next != nil || h.first {
		return // one at a time
	}
	since := time.Since(h.last)
	if since > handoverLasts {
		h.row = 0
	}
	if !h.last.IsZero() && since < handoverEvery || h.row >= handoversInARow {
		h.p.log.Warn("the server asks to connect anew too often: not followed", "since", since, "in_a_row", h.row)
		return
	}
	h.last, h.row = time.Now(), h.row+1
	h.target = h.present.url
	if r.URL != nil {
		h.target = r.URL
	}
	h.p.log.Info("a new session is made beside the old one, since the server asks for it", "description", r.Description)
	ctx, h.cancel = context.WithCancel(ctx)
	h.coming = make(chan arrival, 1)
	go func() {
		h.coming <- h.dial(ctx)
		signal(h.p.queue.data)
	}()
}

// dial makes the new session: some attempts, since a server that is to be
// restarted may not be there yet.
func (h *handover) dial(ctx context.Context) (a arrival) {
	pause := handoverPause
	for range handoverDials {
		a.link, a.err = h.p.dial(ctx, h.target)
		if a.err == nil || ctx.Err() != nil || nameInUse(a.err) || !Retryable(a.err) {
			return a
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return a
		}
		pause *= 2
	}
	return a
}

// nameInUse tells a server that takes nobody beside the one that publishes.
func nameInUse(err error) bool {
	var status *rtmp.StatusError
	return errors.As(err, &status) && status.Op == "publish"
}

func (h *handover) arrived(a arrival) {
	h.coming = nil
	h.cancel()
	switch {
	case a.err == nil:
		h.next = &a.link
	case nameInUse(a.err):
		h.first = true
	default:
		h.p.log.Warn("the new session could not be made; the old one goes on", "error", a.err)
	}
}

// due tells where in a batch the new session begins; -1 if not in this one.
func (h *handover) due(batch []*frame) int {
	if h.next == nil && !h.first {
		return -1
	}
	return slices.IndexFunc(batch, h.p.queue.begins)
}

// take hands out the new session, if there is one.
func (h *handover) take() (next *link) {
	next, h.next = h.next, nil
	return next
}

// stop ends what is under way, and waits for it.
func (h *handover) stop() {
	if h.coming != nil {
		h.cancel()
		if a := <-h.coming; a.err == nil {
			h.next = &a.link
		}
		h.coming = nil
	}
	h.discard()
	h.first = false
	h.parting.Wait()
}

// discard ends the new session, if there is one: nobody needs it.
func (h *handover) discard() {
	if next := h.take(); next != nil {
		next.conn.Abort()
		_ = next.conn.Close(context.Background())
	}
}
