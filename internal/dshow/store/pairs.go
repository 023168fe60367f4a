package store

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rtmpwriter/publish"
)

// place is how errors call what Save wrote.
const place = "saved settings"

// maxProblems is how many mistakes of one load are told.
const maxProblems = 50

// Pair is an option as it is saved: its name of the specification, and its value
// as text, a secret one protected.
type Pair struct{ Name, Text string }

// Protect makes bytes unreadable for all but the user on this machine, or
// readable again.
type Protect func([]byte) ([]byte, error)

// protected begins a secret's text; base64 follows. A secret that somebody wrote
// by hand lacks it and is taken as it stands.
const protected = "protected:"

// Pairs are the options that differ from the defaults, or all, in the order of
// the specification. The error tells which option cannot be protected.
func Pairs(o, defaults publish.Options, all bool, protect Protect) ([]Pair, error) {
	var pairs []Pair
	usual := defaults.Fields()
	for i, f := range o.Fields() {
		text := f.Value.String()
		if !all && text == usual[i].Value.String() {
			continue
		}
		if f.Secret && text != "" {
			hidden, err := protect([]byte(text))
			if err != nil {
				return nil, &Error{place, fmt.Sprintf("option %s can't be protected, so that it is not saved: %v", f.Name, err)}
			}
			text = protected + base64.StdEncoding.EncodeToString(hidden)
		}
		pairs = append(pairs, Pair{f.Name, text})
	}
	return pairs, nil
}

// Take sets the options that pairs name and leaves the others as they are. What
// is wrong is left out and told.
func Take(pairs []Pair, into *publish.Options, unprotect Protect) (problems []error) {
	o := *into
	fields := o.Fields()
	seen := make([]bool, len(fields))
	tell := func(err error) {
		if len(problems) < maxProblems {
			problems = append(problems, err)
		}
	}
	for _, p := range pairs {
		i := slices.IndexFunc(fields, func(f publish.Field) bool { return f.Name == p.Name })
		switch {
		case i < 0:
			tell(&Error{place, fmt.Sprintf("option %q is unknown and left out; a later version may know it", shorten(p.Name))})
			continue
		case seen[i]:
			tell(&Error{place, "option " + p.Name + " stands there twice; the first counts"})
			continue
		}
		seen[i] = true
		if err := takeOne(fields[i], p.Text, unprotect); err != nil {
			tell(err)
		}
	}
	*into = o
	return problems
}

// takeOne sets one option.
func takeOne(f publish.Field, text string, unprotect Protect) error {
	if hidden, ok := strings.CutPrefix(text, protected); ok && f.Secret {
		raw, err := base64.StdEncoding.DecodeString(hidden)
		if err == nil {
			raw, err = unprotect(raw)
		}
		if err != nil {
			return &Error{place, fmt.Sprintf("option %s can't be read (%v): it was saved by another user or on another machine; set it again, and save", f.Name, err)}
		}
		text = string(raw)
	}
	err := set(f, text)
	var wrong *publish.OptionError
	if errors.As(err, &wrong) {
		wrong.Source = place
	}
	return err
}
