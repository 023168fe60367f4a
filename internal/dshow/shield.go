package dshow

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
)

// errFault is what the host hears of a panic of ours; the log has the stack. What
// the panic said may hold a secret.
var errFault = errors.New("an internal fault: please report it with the log at trace level 3")

// shielded runs what a goroutine of ours is for: a panic in it must not take the
// host program down.
func shielded(log *slog.Logger, do func()) {
	defer func() {
		if p := recover(); p != nil {
			LogFault(log)
		}
	}()
	do()
}

// LogFault writes down a panic that is being recovered from, without its words.
func LogFault(log *slog.Logger) {
	defer func() { _ = recover() }() // the log itself may be what is broken
	log.Error("internal fault", "stack", string(debug.Stack()))
}

// run is the publisher's Run, with a panic as its error.
func (s *session) run() (err error) {
	defer func() {
		if p := recover(); p != nil {
			LogFault(s.log)
			err = errFault
			over, cancel := context.WithCancel(context.Background())
			cancel()
			shielded(s.log, func() { _ = s.pub.Shutdown(over) }) // sets who waits free
		}
	}()
	return s.pub.Run(s.ctx)
}
