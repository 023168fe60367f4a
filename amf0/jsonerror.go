package amf0

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// JSONError tells where and why a text is not JSON that ParseJSON reads.
type JSONError struct {
	// Line and Column count from 1, the column in characters.
	Line, Column int
	// Path leads to the value, as .info.tags[0]; empty for the outermost.
	Path string
	// Reason says what is wrong there.
	Reason string
}

// Error tells the place and the reason.
func (e *JSONError) Error() string {
	in := ""
	if e.Path != "" {
		in = " (in " + e.Path + ")"
	}
	return fmt.Sprintf("JSON at line %d column %d: %s%s", e.Line, e.Column, e.Reason, in)
}

// unexpected is the error of finding something else than what was wanted.
func (r *jsonReader) unexpected(wanted string) error {
	if r.at >= len(r.b) {
		return r.fail(r.at, "it ends where %s is expected", wanted)
	}
	c, size := utf8.DecodeRune(r.b[r.at:])
	if c == utf8.RuneError && size == 1 {
		return r.fail(r.at, "a byte that is no UTF-8 where %s is expected", wanted)
	}
	return r.fail(r.at, "%q where %s is expected", c, wanted)
}

func (r *jsonReader) fail(at int, format string, args ...any) error {
	before := r.b[:min(at, len(r.b))]
	line := bytes.Count(before, []byte("\n"))
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	return &JSONError{line + 1, column + 1, strings.Join(r.path, ""), fmt.Sprintf(format, args...)}
}

// shorten keeps a key in a path legible.
func shorten(name string) string {
	if quoted := strconv.Quote(name); len(name) > 40 || quoted != `"`+name+`"` {
		return fmt.Sprintf("%.40q", name)
	}
	return name
}
