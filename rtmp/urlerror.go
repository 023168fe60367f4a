package rtmp

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The parts of a URL, as URLError names them.
const (
	partURL       = "URL"
	partScheme    = "scheme"
	partUser      = "user name"
	partPassword  = "password"
	partHost      = "host"
	partPort      = "port"
	partApp       = "application"
	partKey       = "stream key"
	partDelimiter = "delimiter"
)

const (
	// maxURL leaves room for tokens of several kilobytes in the query; more is
	// a mistake, such as a file's contents in place of its name.
	maxURL = 16384
	// maxHost is the longest name in the DNS.
	maxHost = 253
	// maxDelimiter is far above any that was seen; one character is usual.
	maxDelimiter = 16
)

// URLError says which part of a URL is wrong, and why. Key, password and query
// values are never in it.
type URLError struct {
	// Part is "URL", "scheme", "user name", "password", "host", "port",
	// "application", "stream key" or "delimiter".
	Part string
	// Value is the wrong part where it can be shown, masked or empty else.
	Value string
	// Reason completes the sentence that begins with the part.
	Reason string
}

// Error reads like: bad RTMP URL: port "99999" must be a number from 1 to 65535.
func (e *URLError) Error() string {
	if e.Value == "" {
		return fmt.Sprintf("bad RTMP URL: %s %s", e.Part, e.Reason)
	}
	return fmt.Sprintf("bad RTMP URL: %s %s %s", e.Part, e.Value, e.Reason)
}

// checkPart refuses what no part may be: empty, or with characters that come
// from sloppy copying.
func checkPart(part, s string) error {
	if s == "" {
		return &URLError{part, "", "is missing"}
	}
	if len(s) > maxURL {
		return &URLError{part, "", "is too long"}
	}
	if !utf8.ValidString(s) {
		return &URLError{part, "", "is not UTF-8 text"}
	}
	if at := strings.IndexFunc(s, isForbidden); at >= 0 {
		n := utf8.RuneCountInString(s[:at]) + 1
		return &URLError{part, "", fmt.Sprintf("has a space or an invisible character at place %d", n)}
	}
	return nil
}

// isForbidden finds spaces, control characters and those that have no shape,
// such as the byte order mark and zero-width spaces.
func isForbidden(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

func notInHost(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
		return false
	}
	return true
}

// show quotes a value of a few letters of the alphabet that the part may have,
// and hides anything else, which may be a secret in the wrong place.
func show(s, alphabet string) string {
	switch {
	case s == "":
		return ""
	case len(s) > 6 || strings.Trim(s, alphabet) != "":
		return mask
	default:
		return strconv.Quote(s)
	}
}
