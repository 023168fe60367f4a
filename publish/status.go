package publish

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"time"
)

// State is the connection's state with its number of the specification,
// section 5.
type State int

// The states.
const (
	Connected    State = 0
	Disconnected State = 1
	Reconnecting State = 2
)

// String returns the state's name.
func (s State) String() string {
	switch s {
	case Connected:
		return "connected"
	case Disconnected:
		return "disconnected"
	case Reconnecting:
		return "reconnecting"
	default:
		return fmt.Sprintf("state(%d)", int(s))
	}
}

// Status is one change of state.
type Status struct {
	State State
	// URL is where to, with the secrets masked: of several the one in use.
	URL string
	// Err is why, nil when all went as asked.
	Err error
	// Attempt is, while reconnecting, the number of the attempt that comes next,
	// counted from the last success, and Wait how long it is waited for.
	Attempt int
	Wait    time.Duration // see Attempt
	// Skipped is how much stream a session that begins after an outage leaves out,
	// where the options have it begin with the newest keyframe (OutageLive).
	Skipped time.Duration
	// Time is when.
	Time time.Time
}

// statusLog hands every change to every watcher once and in order, however
// slow the watcher is, without a goroutine: a linked list of changes of which
// each watcher holds its place. What nobody holds is garbage.
type statusLog struct {
	mu   sync.Mutex
	last *statusNode
}

type statusNode struct {
	status Status
	// attempt tells that the state is that of the node before.
	attempt bool
	next    *statusNode
	ready   chan struct{} // closed when next is set
}

func (l *statusLog) set(s Status, attempt bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := &statusNode{status: s, attempt: attempt, ready: make(chan struct{})}
	if l.last != nil {
		l.last.next = n
		close(l.last.ready)
	}
	l.last = n
}

func (l *statusLog) current() *statusNode {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// Status is the state now.
func (p *Publisher) Status() Status { return p.status.current().status }

// Watch yields the status now and then every change of state, in order, until
// ctx ends or the caller stops. Any number of watchers may run at once.
func (p *Publisher) Watch(ctx context.Context) iter.Seq[Status] { return p.watch(ctx, false) }

// WatchAttempts yields what Watch does, and while reconnecting also every
// attempt that comes after one that failed: Err is why that one did.
func (p *Publisher) WatchAttempts(ctx context.Context) iter.Seq[Status] { return p.watch(ctx, true) }

func (p *Publisher) watch(ctx context.Context, attempts bool) iter.Seq[Status] {
	n := p.status.current()
	return func(yield func(Status) bool) {
		for now := true; !now && n.attempt && !attempts || yield(n.status); now = false {
			select {
			case <-n.ready:
				n = n.next
			case <-ctx.Done():
				select {
				case <-n.ready: // it changed before ctx ended
					n = n.next
				default:
					return
				}
			}
		}
	}
}
