package publish

import (
	"context"
	"fmt"
	"iter"
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

// statusChange is a change of state, or an attempt within one.
type statusChange struct {
	Status
	// attempt tells that the state is that of the change before.
	attempt bool
}

// Status is the state now.
func (p *Publisher) Status() Status { return p.status.current().value.Status }

// Watch yields the status now and then every change of state, in order, until
// ctx ends or the caller stops. Any number of watchers may run at once.
func (p *Publisher) Watch(ctx context.Context) iter.Seq[Status] { return p.watch(ctx, false) }

// WatchAttempts yields what Watch does, and while reconnecting also every
// attempt that comes after one that failed: Err is why that one did.
func (p *Publisher) WatchAttempts(ctx context.Context) iter.Seq[Status] { return p.watch(ctx, true) }

func (p *Publisher) watch(ctx context.Context, attempts bool) iter.Seq[Status] {
	all := p.status.watch(ctx)
	return func(yield func(Status) bool) {
		now := true
		for c := range all {
			if (now || attempts || !c.attempt) && !yield(c.Status) {
				return
			}
			now = false
		}
	}
}
