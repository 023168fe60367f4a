package publish

import (
	"flag"
	"fmt"
	"slices"
	"strings"
)

// Field describes one option to every door: flag, environment, file, registry,
// form. The table of Fields is the only place where an option is described.
type Field struct {
	// Name is the flag, the YAML key and, in capitals with underscores after
	// RTMPWRITER_, the environment variable.
	Name string
	// Group is the heading that the option stands under.
	Group string
	// Label is the caption in a form.
	Label string
	// Help is one sentence.
	Help string
	// Unit is the unit of the number, "" for none.
	Unit string
	// Min and Max bound the number, inclusive; both 0 for values of other kinds.
	Min, Max int64
	// OrZero allows 0 besides, where that is below Min.
	OrZero bool
	// Choices are the words allowed, nil for any.
	Choices []string
	// Secret values are never shown.
	Secret bool
	// WhileStreaming tells that a change takes effect without a new start.
	WhileStreaming bool
	// Default is the value that DefaultOptions has.
	Default string
	// CommandLine is the default of the command line where it differs from
	// DefaultOptions.
	CommandLine string
	// Unless is the option that, once given, takes back CommandLine: who gives it
	// means it to count. "" for none.
	Unless string
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
	// Type is for example "number", "ms" or "on|off".
	Type() string
}

// Environment is the environment variable of an option, or of a companion.
func Environment(name string) string {
	return "RTMPWRITER_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// Set parses text into the option and checks it against the table. The option
// is unchanged after an error, which is an *OptionError.
func (f Field) Set(text string) error {
	old := f.Value.String()
	err := f.Value.Set(text)
	if err == nil {
		if err = f.check(); err == nil {
			return nil
		}
	}
	_ = f.Value.Set(old)
	return &OptionError{Name: f.Name, Value: f.refused(text), Reason: f.reason(err)}
}

// refused is a text as the error that refuses it shows it. A URL where none belongs
// has the wrong place, and its secrets all the same.
func (f Field) refused(text string) string {
	if !f.Secret && strings.Contains(text, "://") {
		return "****"
	}
	return f.ShowText(text)
}

// reason is what an error of the value's tells: what the table allows, unless
// the value has something of its own to say.
func (f Field) reason(err error) string {
	allowed, ok := f.Range(), f.isNumber()
	switch {
	case ok && f.OrZero:
		return "must be 0, or a number from" + strings.TrimPrefix(allowed, "0, or")
	case ok:
		return "must be a number from " + allowed
	case allowed != "":
		return "must be " + allowed
	}
	return err.Error()
}

// check tells whether the value in force is in the option's range, or one of its
// words.
func (f Field) check() error {
	if f.Choices != nil && !slices.Contains(f.Choices, f.Value.String()) {
		return &OptionError{Name: f.Name, Value: f.Show(), Reason: f.reason(nil)}
	}
	n, ok := f.Value.(interface{ number() int64 })
	if !ok || n.number() >= f.Min && n.number() <= f.Max || f.OrZero && n.number() == 0 {
		return nil
	}
	return &OptionError{Name: f.Name, Value: f.Show(), Reason: f.reason(nil)}
}

// Show is the value as text, masked when it is a secret.
func (f Field) Show() string { return f.ShowText(f.Value.String()) }

// ShowText is a text that was meant for the option, masked when it is a secret.
func (f Field) ShowText(text string) string {
	switch {
	case !f.Secret || text == "":
		return text
	case f.mask != nil:
		return f.mask(text)
	default:
		return "****"
	}
}

// Range says in words what the option takes; "" for any text.
func (f Field) Range() string {
	switch {
	case f.Choices != nil:
		last := len(f.Choices) - 1
		return strings.Join(f.Choices[:last], ", ") + " or " + f.Choices[last]
	case f.isNumber():
		return strings.TrimSpace(f.Bounds() + " " + f.Unit)
	case f.IsBool():
		return "on or off"
	default:
		return ""
	}
}

// Bounds is the range of a number without its unit.
func (f Field) Bounds() string {
	bounds := fmt.Sprintf("%d to %d", f.Min, f.Max)
	if f.OrZero {
		return "0, or " + bounds
	}
	return bounds
}

func (f Field) isNumber() bool {
	_, ok := f.Value.(interface{ number() int64 })
	return ok
}

// IsBool tells an option that is on or off.
func (f Field) IsBool() bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}
