package store

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"rtmpwriter/publish"
)

// version is the first line of the saved settings. Settings with another one are
// refused: a change that old versions can skip needs no new number.
const version = "RTMPWriter 1"

// MaxSize bounds saved settings in bytes: far above all options with their
// longest values.
const MaxSize = 1 << 20

// Save writes the options that differ from the defaults as text that a person can
// read: the version, then a line name=value for each. Secrets are protected.
func Save(o, defaults publish.Options, protect Protect) ([]byte, error) {
	pairs, err := Pairs(o, defaults, false, protect)
	if err != nil {
		return nil, err
	}
	text := []byte(version + "\n")
	for _, p := range pairs {
		text = fmt.Appendf(text, "%s=%s\n", p.Name, escape(p.Text))
	}
	if len(text) > MaxSize {
		return nil, &Error{place, fmt.Sprintf("would have %d bytes: at most %d", len(text), MaxSize)}
	}
	return text, nil
}

// Load reads what Save wrote over the options in into, which are the defaults.
// problems tell what was left out. After an err, which refuses all of it, into is
// as it was.
func Load(data []byte, into *publish.Options, unprotect Protect) (problems []error, err error) {
	switch head, _, _ := bytes.Cut(data, []byte("\n")); {
	case len(data) > MaxSize:
		return nil, &Error{place, fmt.Sprintf("have %d bytes: at most %d", len(data), MaxSize)}
	case !utf8.Valid(data):
		return nil, &Error{place, "are not UTF-8 text"}
	case string(head) == version:
	case bytes.HasPrefix(head, []byte(version[:len(version)-1])):
		return nil, &Error{place, "were written by another version, which this one can't read"}
	default:
		return nil, &Error{place, "are not this filter's"}
	}
	var pairs []Pair
	for i, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")[1:] {
		name, text, ok := strings.Cut(line, "=")
		if ok {
			text, ok = unescape(text)
		}
		switch {
		case ok:
			pairs = append(pairs, Pair{name, text})
		case len(problems) < maxProblems:
			problems = append(problems, &Error{place, fmt.Sprintf("line %d is no line name=value and is left out", i+2)})
		}
	}
	problems = append(problems, Take(pairs, into, unprotect)...)
	return problems[:min(len(problems), maxProblems)], nil
}

// escape writes what would end a line, and bytes that are no UTF-8, as %XX.
func escape(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		if r < ' ' || r == 0x7f || r == '%' || r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, "%%%02X", text[0])
		} else {
			b.WriteString(text[:size])
		}
		text = text[size:]
	}
	return b.String()
}

// unescape reads what escape wrote.
func unescape(text string) (string, bool) {
	before, rest, found := strings.Cut(text, "%")
	if !found {
		return text, true
	}
	var b strings.Builder
	for found {
		b.WriteString(before)
		if len(rest) < 2 {
			return "", false
		}
		c, err := strconv.ParseUint(rest[:2], 16, 8)
		if err != nil {
			return "", false
		}
		b.WriteByte(byte(c))
		before, rest, found = strings.Cut(rest[2:], "%")
	}
	b.WriteString(before)
	return b.String(), true
}
