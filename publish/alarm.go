package publish

import "time"

// alarm is the one timer of a sender, for all its bounded waits: it wakes it as a
// frame that comes does. A call that is due sooner than need be stays: to set a timer
// anew with every frame would wake the process each time that it was due before,
// since it stays among the runtime's until then.
type alarm struct {
	timer *time.Timer
	due   time.Time
}

func newAlarm(q *queue) *alarm {
	const never = time.Hour
	return &alarm{time.AfterFunc(never, func() { signal(q.data) }), time.Now().Add(never)}
}

// within makes it go off in d, or sooner.
func (a *alarm) within(d time.Duration) {
	now := time.Now()
	if due := now.Add(d); due.Before(a.due) || !a.due.After(now) {
		a.timer.Reset(d)
		a.due = due
	}
}
