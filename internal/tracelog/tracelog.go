// Package tracelog makes the log of a door: the trace levels of the
// specification, section 9, to a file and to the console.
package tracelog

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp"
)

// Config says where a log goes and how much of it.
type Config struct {
	// File is appended to, and made where it is missing; "" for none. Its folder
	// must exist.
	File string
	// Trace is 0 to 9.
	Trace int
	// Console gets the same; nil for none.
	Console io.Writer
	// Fault is told, once, that the file takes no more: a *publish.OptionError of
	// log-file. The log goes on with what can be written. It is called with the
	// log in use and must not write to it; nil for nobody.
	Fault func(error)
}

// Log is an open log. It may be used by several goroutines.
type Log struct {
	*slog.Logger
	// File writes to the file alone, for what the console has heard already.
	File *slog.Logger
	sums *sums
	file *os.File
}

// Level is the level of the records that a trace lets through: warnings and
// errors up to 2, steps of connecting up to 5, commands and statistics up to 8,
// every message at 9.
func Level(trace int) slog.Level {
	switch {
	case trace < 3:
		return slog.LevelWarn
	case trace < 6:
		return slog.LevelInfo
	case trace < 9:
		return slog.LevelDebug
	default:
		return rtmp.LevelMessage
	}
}

// Open opens the log. A file that can't be written is a *publish.OptionError of
// log-file that says why.
func Open(c Config) (*Log, error) {
	options := &slog.HandlerOptions{Level: Level(c.Trace), ReplaceAttr: nameLevel}
	l := &Log{File: slog.New(slog.DiscardHandler)}
	var handlers []slog.Handler
	if c.File != "" {
		f, err := os.OpenFile(c.File, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
		if err != nil {
			return nil, &publish.OptionError{Name: "log-file", Value: c.File, Reason: reason(c.File, err)}
		}
		l.file = f
		h := slog.NewTextHandler(&faulty{file: f, name: c.File, tell: c.Fault}, options)
		l.File = slog.New(h)
		handlers = append(handlers, h)
	}
	if c.Console != nil {
		handlers = append(handlers, slog.NewTextHandler(c.Console, options))
	}
	switch {
	case len(handlers) == 0:
		l.Logger = slog.New(slog.DiscardHandler)
		return l, nil
	case c.Trace < 9: // who asks for every message gets every message
		l.sums = newSums(slog.NewMultiHandler(handlers...))
		l.Logger = slog.New(&summing{l.sums, l.sums.next})
	default:
		l.Logger = slog.New(slog.NewMultiHandler(handlers...))
	}
	return l, nil
}

// Check tells what Open would say of a file, without making it: the error is a
// *publish.OptionError of log-file. No name is in order.
func Check(name string) error {
	if name == "" {
		return nil
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0o600)
	if err == nil {
		return f.Close()
	}
	if info, stat := os.Stat(filepath.Dir(name)); errors.Is(err, fs.ErrNotExist) && stat == nil && info.IsDir() {
		return nil
	}
	return &publish.OptionError{Name: "log-file", Value: name, Reason: reason(name, err)}
}

// Close tells what was summed up last and closes the file.
func (l *Log) Close() error {
	if l.sums != nil {
		l.sums.flush()
	}
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}

// faulty is a file that tells of its first fault.
type faulty struct {
	file io.Writer
	name string
	tell func(error)
	once sync.Once
}

// Write writes to the file.
func (w *faulty) Write(p []byte) (int, error) {
	n, err := w.file.Write(p)
	if err != nil && w.tell != nil {
		w.once.Do(func() {
			cause := err
			if inner := errors.Unwrap(err); inner != nil {
				cause = inner // the name is told already
			}
			w.tell(&publish.OptionError{Name: "log-file", Value: w.name, Reason: "can't be written, so that the log has gaps: " + cause.Error()})
		})
	}
	return n, err
}

// reason says why a log can't be opened, and what to do.
func reason(name string, err error) string {
	folder := filepath.Dir(name)
	switch info, stat := os.Stat(folder); {
	case errors.Is(stat, fs.ErrNotExist):
		return fmt.Sprintf("the folder %s does not exist; make it, or name another", folder)
	case stat == nil && !info.IsDir():
		return folder + " is no folder"
	}
	if info, stat := os.Stat(name); stat == nil && info.IsDir() {
		return "is a folder; name a file in it"
	}
	if cause := errors.Unwrap(err); cause != nil {
		err = cause // the name is told already
	}
	return "can't be written: " + err.Error()
}

// nameLevel writes the level of single messages as TRACE.
func nameLevel(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && a.Key == slog.LevelKey {
		if level, ok := a.Value.Any().(slog.Level); ok && level == rtmp.LevelMessage {
			a.Value = slog.StringValue("TRACE")
		}
	}
	return a
}
