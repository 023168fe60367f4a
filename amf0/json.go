package amf0

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// MaxJSONSize bounds a text that ParseJSON reads, in bytes: what a person or a
// program says to a server in one message.
const MaxJSONSize = 64 << 10

// ParseJSON reads one JSON value (RFC 8259) as a value of this package: objects
// become an Object with their keys in order, arrays a StrictArray, numbers
// float64, null nil. Objects may nest objects deep, 1 being an object alone;
// arrays do not count, and all containers together at most MaxDepth deep.
//
// It is strict: a key that comes twice, a number that no double holds, text that
// is no UTF-8 and anything behind the value are refused. The error is a
// *JSONError.
func ParseJSON(text []byte, objects int) (any, error) {
	r := jsonReader{b: text, objects: objects}
	if len(text) > MaxJSONSize {
		return nil, r.fail(0, "%d bytes: at most %d", len(text), MaxJSONSize)
	}
	v, err := r.value(0, 0)
	if err == nil {
		if r.space(); r.at < len(r.b) {
			err = r.unexpected("the end")
		}
	}
	if err != nil {
		return nil, err
	}
	return v, nil
}

// jsonReader reads b from at on.
type jsonReader struct {
	b       []byte
	at      int
	path    []string
	objects int
	values  int // read so far, against MaxValues
}

func (r *jsonReader) value(depth, objects int) (any, error) {
	r.space()
	if r.values++; r.values > MaxValues {
		return nil, r.fail(r.at, "more than %d values", MaxValues)
	}
	switch c := r.peek(); {
	case c == '{':
		if objects == r.objects {
			return nil, r.fail(r.at, "objects nest at most %d deep", r.objects)
		}
		return r.object(depth+1, objects+1)
	case c == '[':
		return r.array(depth+1, objects)
	case c == '"':
		return r.string()
	case c == '-' || c >= '0' && c <= '9':
		return r.number()
	}
	for word, v := range map[string]any{"true": true, "false": false, "null": nil} {
		if bytes.HasPrefix(r.b[r.at:], []byte(word)) {
			r.at += len(word)
			return v, nil
		}
	}
	return nil, r.unexpected("a value")
}

func (r *jsonReader) object(depth, objects int) (any, error) {
	object := Object{}
	err := r.elements(depth, '}', func() error {
		at := r.at
		if r.peek() != '"' {
			return r.unexpected(`a key in double quotes`)
		}
		name, err := r.string()
		if err != nil {
			return err
		}
		if len(name) > maxShortString {
			return r.fail(at, "a key of %d bytes: at most %d", len(name), maxShortString)
		}
		if _, twice := object.Get(name); twice {
			return r.fail(at, "the key %.40q comes twice", name)
		}
		if r.space(); r.peek() != ':' {
			return r.unexpected(`":"`)
		}
		r.at++
		r.path = append(r.path, "."+shorten(name))
		v, err := r.value(depth, objects)
		if err != nil {
			return err
		}
		r.path = r.path[:len(r.path)-1]
		object = append(object, Property{name, v})
		return nil
	})
	return object, err
}

func (r *jsonReader) array(depth, objects int) (any, error) {
	array := StrictArray{}
	err := r.elements(depth, ']', func() error {
		r.path = append(r.path, "["+strconv.Itoa(len(array))+"]")
		v, err := r.value(depth, objects)
		if err != nil {
			return err
		}
		r.path = r.path[:len(r.path)-1]
		array = append(array, v)
		return nil
	})
	return array, err
}

// elements reads what stands between the bracket at the present place and the
// closing one, with commas between.
func (r *jsonReader) elements(depth int, closing byte, element func() error) error {
	if depth > MaxDepth {
		return r.fail(r.at, "nested deeper than %d", MaxDepth)
	}
	r.at++
	if r.space(); r.peek() == closing {
		r.at++
		return nil
	}
	for {
		r.space()
		if err := element(); err != nil {
			return err
		}
		r.space()
		switch r.peek() {
		case ',':
			r.at++
		case closing:
			r.at++
			return nil
		default:
			return r.unexpected(fmt.Sprintf(`"," or %q`, string(rune(closing))))
		}
	}
}

// space passes over white space.
func (r *jsonReader) space() {
	for r.at < len(r.b) && strings.IndexByte(" \t\r\n", r.b[r.at]) >= 0 {
		r.at++
	}
}

// peek is the next byte, 0 at the end.
func (r *jsonReader) peek() byte {
	if r.at < len(r.b) {
		return r.b[r.at]
	}
	return 0
}
