package publish

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The values of the option table: each is a flag.Value over one field of
// Options, and tells its type by the name that flag help shows.

type stringValue string

func (v *stringValue) Set(s string) error { *v = stringValue(s); return nil }
func (v *stringValue) String() string     { return string(*v) }
func (v *stringValue) Type() string       { return "string" }

type urlValue string

func (v *urlValue) Set(s string) error { *v = urlValue(s); return nil }
func (v *urlValue) String() string     { return string(*v) }
func (v *urlValue) Type() string       { return "url" }

type intValue int

func (v *intValue) Set(s string) error {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err == nil && int64(int(n)) != n {
		err = strconv.ErrRange
	}
	if err == nil {
		*v = intValue(n)
	}
	return err
}
func (v *intValue) String() string { return strconv.Itoa(int(*v)) }
func (v *intValue) Type() string   { return "number" }
func (v *intValue) number() int64  { return int64(*v) }

type millisValue time.Duration

func (v *millisValue) Set(s string) error {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 32)
	if err == nil {
		*v = millisValue(time.Duration(n) * time.Millisecond)
	}
	return err
}
func (v *millisValue) String() string { return strconv.FormatInt(v.number(), 10) }
func (v *millisValue) Type() string   { return "ms" }
func (v *millisValue) number() int64 {
	n := time.Duration(*v).Milliseconds()
	if *v < 0 && n == 0 { // less than nothing all the same
		return -1
	}
	return n
}

type boolValue bool

var errNotBool = errors.New("not on or off")

func (v *boolValue) Set(s string) error {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "on", "true", "yes", "1":
		*v = true
	case "off", "false", "no", "0":
		*v = false
	default:
		return errNotBool
	}
	return nil
}

func (v *boolValue) String() string {
	if *v {
		return "on"
	}
	return "off"
}
func (v *boolValue) Type() string     { return "on|off" }
func (v *boolValue) IsBoolFlag() bool { return true }

var errNoChoice = errors.New("no such choice")

// The words of the options that have some, in the order of their numbers.
var (
	publishModes   = []string{"live", "record", "append"}
	overflowModes  = []string{"no-drop", "drop"}
	outageModes    = []string{"resume", "live"}
	authModes      = []string{"off", "on", "adobe", "limelight"}
	handshakeModes = []string{"auto", "simple", "digest"}
	tlsVersions    = []string{"1.2", "1.3"}
)

// choiceValue is an option that is one of several words, kept as its number.
type choiceValue[T ~uint8] struct {
	chosen *T
	words  []string
}

// choice binds an option to its words.
func choice[T ~uint8](chosen *T, words []string) choiceValue[T] {
	return choiceValue[T]{chosen, words}
}

// Set takes a word, or its number.
func (v choiceValue[T]) Set(s string) error {
	s = strings.ToLower(strings.TrimSpace(s))
	for i, word := range v.words {
		if s == word || s == strconv.Itoa(i) {
			*v.chosen = T(i)
			return nil
		}
	}
	return errNoChoice
}

// String is the word, or the number where a program has put one in that has no
// word.
func (v choiceValue[T]) String() string {
	if int(*v.chosen) < len(v.words) {
		return v.words[*v.chosen]
	}
	return strconv.Itoa(int(*v.chosen))
}
func (v choiceValue[T]) Type() string { return strings.Join(v.words, "|") }

type tlsVersionValue string

func (v *tlsVersionValue) Set(s string) error {
	if !slices.Contains(tlsVersions, s) {
		return errNoChoice
	}
	*v = tlsVersionValue(s)
	return nil
}
func (v *tlsVersionValue) String() string { return string(*v) }
func (v *tlsVersionValue) Type() string   { return strings.Join(tlsVersions, "|") }

// listValue is a list whose items are separated by white space: URLs hold none.
type listValue []string

func (v *listValue) Set(s string) error { *v = strings.Fields(s); return nil }
func (v *listValue) String() string     { return strings.Join(*v, " ") }
func (v *listValue) Type() string       { return "list" }
