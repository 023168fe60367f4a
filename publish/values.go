package publish

import (
	"errors"
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
func (v *intValue) Type() string   { return "bytes" }
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
func (v *millisValue) number() int64  { return time.Duration(*v).Milliseconds() }

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

type publishModeValue rtmp.PublishMode

// publishModes are the publish types in the order of their numbers in the
// specification.
var publishModes = []string{"live", "record", "append"}

func (v *publishModeValue) Set(s string) error {
	s = strings.ToLower(strings.TrimSpace(s))
	for i, name := range publishModes {
		if s == name || s == strconv.Itoa(i) {
			*v = publishModeValue(i)
			return nil
		}
	}
	return errors.New("no such publish mode")
}
func (v *publishModeValue) String() string { return rtmp.PublishMode(*v).String() }
func (v *publishModeValue) Type() string   { return strings.Join(publishModes, "|") }
