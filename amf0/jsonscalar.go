package amf0

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// number reads a number of the grammar of RFC 8259, section 6.
func (r *jsonReader) number() (any, error) {
	start := r.at
	if r.peek() == '-' {
		r.at++
	}
	if whole := r.digits(); whole == 0 || whole > 1 && r.b[r.at-whole] == '0' {
		return nil, r.fail(start, "not a number: digits are expected, without leading zeros")
	}
	if r.peek() == '.' {
		r.at++
		if r.digits() == 0 {
			return nil, r.unexpected("a digit")
		}
	}
	if c := r.peek(); c == 'e' || c == 'E' {
		r.at++
		if c := r.peek(); c == '+' || c == '-' {
			r.at++
		}
		if r.digits() == 0 {
			return nil, r.unexpected("a digit")
		}
	}
	v, err := strconv.ParseFloat(string(r.b[start:r.at]), 64)
	if err != nil {
		return nil, r.fail(start, "a number that is too large")
	}
	return v, nil
}

// digits passes over digits and counts them.
func (r *jsonReader) digits() (n int) {
	for ; r.peek() >= '0' && r.peek() <= '9'; n++ {
		r.at++
	}
	return n
}

// string reads a string from its opening quote on.
func (r *jsonReader) string() (string, error) {
	start := r.at
	r.at++
	var out []byte
	for {
		if r.at >= len(r.b) {
			return "", r.fail(start, "a string without its end")
		}
		c, size := utf8.DecodeRune(r.b[r.at:])
		switch {
		case c == '"':
			r.at++
			return string(out), nil
		case c == '\\':
			escaped, err := r.escape()
			if err != nil {
				return "", err
			}
			out = utf8.AppendRune(out, escaped)
			continue
		case c < ' ':
			return "", r.fail(r.at, `a control character in a string: write it as \u%04x`, c)
		case c == utf8.RuneError && size == 1:
			return "", r.fail(r.at, "a byte that is no UTF-8")
		}
		out = append(out, r.b[r.at:r.at+size]...)
		r.at += size
	}
}

// escapes are the letters behind a backslash but u.
var escapes = map[byte]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads an escape sequence from its backslash on.
func (r *jsonReader) escape() (rune, error) {
	start := r.at
	r.at++
	letter := r.peek()
	r.at++
	if c, ok := escapes[letter]; ok {
		return c, nil
	}
	c, ok := r.hex(letter)
	if ok && utf16.IsSurrogate(c) {
		var low rune
		ok = r.peek() == '\\'
		if r.at++; ok {
			letter = r.peek()
			r.at++
			low, ok = r.hex(letter)
		}
		if c = utf16.DecodeRune(c, low); c == utf8.RuneError {
			ok = false
		}
	}
	if !ok {
		return 0, r.fail(start, "an escape sequence that JSON does not have")
	}
	return c, nil
}

// hex reads the four digits behind a u.
func (r *jsonReader) hex(letter byte) (rune, bool) {
	if letter != 'u' || len(r.b)-r.at < 4 {
		return 0, false
	}
	v, err := strconv.ParseUint(string(r.b[r.at:r.at+4]), 16, 16)
	r.at += 4
	return rune(v), err == nil
}
