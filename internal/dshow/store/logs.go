package store

import (
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"sync"

	"rtmpwriter/internal/tracelog"
)

// Logs are the open logs of a process: filters that name the same file share it.
// The zero value is ready for use.
type Logs struct {
	// Console gets the log that has no file, or whose file can't be written; nil
	// for nobody.
	Console io.Writer

	mu   sync.Mutex // guards what follows
	open map[logName]*sharedLog
}

// logName is a file and how much of the log goes there: filters that ask for
// more or less of it append to the same file on their own.
type logName struct {
	file  string
	trace int
}

type sharedLog struct {
	*tracelog.Log
	users int
}

// Open opens the log of one filter, which done gives back. It never fails: why a
// file can't be written is the first record on the console.
func (l *Logs) Open(file string, trace int) (log *slog.Logger, done func() error) {
	name := logName{file, trace}
	if full, err := filepath.Abs(file); file != "" && err == nil {
		name.file = full
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	shared := l.open[name]
	if shared == nil {
		shared = &sharedLog{Log: l.openFile(file, trace)}
		if l.open == nil {
			l.open = map[logName]*sharedLog{}
		}
		l.open[name] = shared
	}
	shared.users++
	return shared.Logger, sync.OnceValue(func() error { return l.leave(name) })
}

// openFile opens a log that nobody has open.
func (l *Logs) openFile(file string, trace int) *tracelog.Log {
	c := tracelog.Config{File: file, Trace: trace, Fault: l.tell}
	if file == "" {
		c.Console = l.Console
	}
	log, err := tracelog.Open(c)
	if err != nil {
		log, _ = tracelog.Open(tracelog.Config{Trace: trace, Console: l.Console}) // without a file nothing fails
		log.Warn("no log file", "cause", err.Error())
	}
	return log
}

// tell tells the console of a fault of a log file, which can't tell itself.
func (l *Logs) tell(err error) {
	if l.Console != nil {
		fmt.Fprintln(l.Console, err)
	}
}

// leave closes a log when its last user is gone.
func (l *Logs) leave(name logName) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	shared := l.open[name]
	if shared.users--; shared.users > 0 {
		return nil
	}
	delete(l.open, name)
	return shared.Close()
}
