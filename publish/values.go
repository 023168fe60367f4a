package publish

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"rtmpwriter/rtmp"
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

// choose finds s among names, or as the number of one.
func choose[T ~uint8](v *T, names []string, s string) error {
	s = strings.ToLower(strings.TrimSpace(s))
	for i, name := range names {
		if s == name || s == strconv.Itoa(i) {
			*v = T(i)
			return nil
		}
	}
	return errNoChoice
}

// wordOf is the name of v, or its number where a program has put one in that has
// no name.
func wordOf[T ~uint8](v T, names []string) string {
	if int(v) < len(names) {
		return names[v]
	}
	return strconv.Itoa(int(v))
}

var errNoChoice = errors.New("no such choice")

// The words of the options that have some, in the order of their numbers.
var (
	publishModes   = []string{"live", "record", "append"}
	overflowModes  = []string{"no-drop", "drop"}
	authModes      = []string{"off", "on", "adobe", "limelight"}
	handshakeModes = []string{"auto", "simple", "digest"}
	tlsVersions    = []string{"1.2", "1.3"}
)

type publishModeValue rtmp.PublishMode

func (v *publishModeValue) Set(s string) error { return choose(v, publishModes, s) }
func (v *publishModeValue) String() string     { return wordOf(*v, publishModes) }
func (v *publishModeValue) Type() string       { return strings.Join(publishModes, "|") }

type overflowValue OverflowMode

func (v *overflowValue) Set(s string) error { return choose(v, overflowModes, s) }
func (v *overflowValue) String() string     { return wordOf(*v, overflowModes) }
func (v *overflowValue) Type() string       { return strings.Join(overflowModes, "|") }

type authValue rtmp.AuthMode

func (v *authValue) Set(s string) error { return choose(v, authModes, s) }
func (v *authValue) String() string     { return wordOf(*v, authModes) }
func (v *authValue) Type() string       { return strings.Join(authModes, "|") }

type handshakeValue rtmp.HandshakeMode

func (v *handshakeValue) Set(s string) error { return choose(v, handshakeModes, s) }
func (v *handshakeValue) String() string     { return wordOf(*v, handshakeModes) }
func (v *handshakeValue) Type() string       { return strings.Join(handshakeModes, "|") }

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
