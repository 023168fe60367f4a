package publish

import (
	"errors"
	"flag"
	"fmt"
	"strings"
)

// Field describes one option to every door: flag, environment, file, registry,
// form. The table of Fields is the only place where an option is described.
type Field struct {
	// Name is the flag, the YAML key and, in capitals with underscores after
	// RTMPWRITER_, the environment variable.
	Name string
	// Label is the caption in a form.
	Label string
	// Help is one sentence.
	Help string
	// Unit is the unit of the number, "" for none.
	Unit string
	// Min and Max bound the number, inclusive; both 0 for values of other kinds.
	Min, Max int64
	// Choices are the words allowed, nil for any.
	Choices []string
	// Secret values are never shown.
	Secret bool
	// WhileStreaming tells that a change takes effect without a new start.
	WhileStreaming bool
	// CommandLine is the default of the command line where it differs from
	// DefaultOptions.
	CommandLine string
	// File is the name of the companion option that reads this one from the
	// first line of a file; "" for none.
	File string
	// Value reads and writes the option as text.
	Value Value
	// mask shows of a secret what is none; nil shows nothing.
	mask func(text string) string
}

// Value is a flag.Value that tells its type by the word that flag help shows.
type Value interface {
	flag.Value
	// Type is for example "bytes", "ms" or "on|off".
	Type() string
}

// Set parses text into the option and checks it against the table. The option
// is unchanged after an error, which is an *OptionError.
func (f Field) Set(text string) error {
	old := f.Value.String()
	err := f.Value.Set(text)
	if err == nil {
		err = f.check()
	}
	if err != nil {
		_ = f.Value.Set(old)
		return &OptionError{Name: f.Name, Value: f.shown(text), Reason: f.reason(err)}
	}
	return nil
}

// check tells whether the value in force is in the option's range.
func (f Field) check() error {
	n, ok := f.Value.(interface{ number() int64 })
	if ok && (n.number() < f.Min || n.number() > f.Max) {
		return &OptionError{Name: f.Name, Value: f.shown(f.Value.String()), Reason: f.allowed()}
	}
	return nil
}

// reason says why a value was refused: in its own words where it has some.
func (f Field) reason(err error) string {
	var own reasonError
	if errors.As(err, &own) {
		return own.Error()
	}
	return f.allowed()
}

// Show is the value as text, masked when it is a secret.
func (f Field) Show() string { return f.shown(f.Value.String()) }

func (f Field) shown(text string) string {
	switch {
	case !f.Secret || text == "":
		return text
	case f.mask != nil:
		return f.mask(text)
	default:
		return "****"
	}
}

// shownURL masks what is secret in a URL as the options split it, all of it
// when they cannot.
func (o *Options) shownURL(text string) string {
	with := *o
	with.URL = text
	if u, err := with.ParseURL(); err == nil {
		return u.String()
	}
	return "****"
}

// shownProxy masks the credentials of a proxy's URL.
func shownProxy(text string) string {
	scheme, rest, ok := strings.Cut(text, "://")
	if at := strings.LastIndexByte(rest, '@'); ok && at >= 0 {
		return scheme + "://****@" + rest[at+1:]
	}
	return text
}

// allowed says in words what the option takes.
func (f Field) allowed() string {
	switch {
	case f.Choices != nil:
		return fmt.Sprintf("must be one of %v", f.Choices)
	case f.Max != 0:
		return fmt.Sprintf("must be a number from %d to %d %s", f.Min, f.Max, f.Unit)
	default:
		return "must be on or off"
	}
}
