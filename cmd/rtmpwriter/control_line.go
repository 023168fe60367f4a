package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"rtmpwriter/amf0"
	"rtmpwriter/publish"
)

// controlDepth is how deep the objects of a line nest: the line, the value in it,
// and the objects in that, which hold no further ones.
const controlDepth = 3

// controlVerbs are what a line can ask for, each with the keys that go with it.
var controlVerbs = []struct {
	name string
	keys []string
}{
	{"data", []string{"value", "stored"}},
	{"command", []string{"object", "args"}},
	{"reconnect", nil},
	{"stats", nil},
	{"status", nil},
}

// controlRequest is one line of the control socket.
type controlRequest struct {
	verb   string
	data   publish.Data // of data
	name   string       // of command, with
	object amf0.Object
	args   amf0.StrictArray
}

// parseControlLine reads one line: a JSON object with one of the verbs as a key.
// The error tells the place.
func parseControlLine(line []byte) (controlRequest, error) {
	v, err := amf0.ParseJSON(line, controlDepth)
	if err != nil {
		return controlRequest{}, err
	}
	object, ok := v.(amf0.Object)
	if !ok {
		return controlRequest{}, errors.New(`a line is a JSON object, as {"status":true}, at line 1 column 1`)
	}
	q := controlRequest{}
	var keys []string
	for _, verb := range controlVerbs {
		if _, has := object.Get(verb.name); !has {
			continue
		}
		if q.verb != "" {
			return controlRequest{}, atKey(line, verb.name, fmt.Errorf("%q and %q in one line: send a line for each", q.verb, verb.name))
		}
		q.verb, keys = verb.name, append([]string{verb.name}, verb.keys...)
	}
	if q.verb == "" {
		keys = nil
	}
	for _, p := range object {
		if !slices.Contains(keys, p.Name) {
			return controlRequest{}, atKey(line, p.Name, unknownKey(q.verb, p.Name, keys))
		}
		if err := q.set(p.Name, p.Value); err != nil {
			return controlRequest{}, atKey(line, p.Name, err)
		}
	}
	switch {
	case q.verb == "":
		return controlRequest{}, errors.New("nothing is asked for: give one of " + verbNames() + ", at line 1 column 1")
	case q.verb == "data" && q.data.Value == nil:
		return controlRequest{}, errors.New(`"value" is missing: a JSON object, at line 1 column 1`)
	}
	return q, nil
}

// set takes over the value of one key.
func (q *controlRequest) set(key string, v any) (err error) {
	switch key {
	case "data":
		q.data.Handler, err = typed[string](key, v, "the handler's name")
	case "value":
		q.data.Value, err = typed[amf0.Object](key, v, "an object")
	case "stored":
		q.data.Stored, err = typed[bool](key, v, "true or false")
	case "command":
		q.name, err = typed[string](key, v, "the command's name")
	case "object":
		if v != nil {
			q.object, err = typed[amf0.Object](key, v, "an object or null")
		}
	case "args":
		q.args, err = typed[amf0.StrictArray](key, v, "an array")
	default:
		if yes, _ := v.(bool); !yes {
			err = fmt.Errorf("%q must be true", key)
		}
	}
	return err
}

func typed[T any](key string, v any, want string) (T, error) {
	t, ok := v.(T)
	if !ok {
		return t, fmt.Errorf("%q must be %s", key, want)
	}
	return t, nil
}

func verbNames() string {
	names := make([]string, len(controlVerbs))
	for i, v := range controlVerbs {
		names[i] = v.name
	}
	return strings.Join(names, ", ")
}

func unknownKey(verb, key string, keys []string) error {
	if verb == "" {
		return fmt.Errorf("unknown key %.40q: a line asks for one of %s", key, verbNames())
	}
	slices.Sort(keys)
	return fmt.Errorf("unknown key %.40q: %q goes with %s", key, verb, strings.Join(keys, ", "))
}

// atKey adds to err where in the line the key stands.
func atKey(line []byte, key string, err error) error {
	return fmt.Errorf("%w, at line 1 column %d", err, columnOf(line, key))
}

// columnOf is the column of a key of the outermost object in a line that is valid
// JSON, in characters from 1.
func columnOf(line []byte, key string) int {
	d := json.NewDecoder(bytes.NewReader(line))
	if _, err := d.Token(); err != nil {
		return 1
	}
	for d.More() {
		from := d.InputOffset()
		name, err := d.Token()
		if err != nil {
			return 1
		}
		if name == key {
			at := int(from) + max(bytes.IndexByte(line[from:], '"'), 0)
			return utf8.RuneCount(line[:at]) + 1
		}
		if err := d.Decode(new(json.RawMessage)); err != nil {
			return 1
		}
	}
	return 1
}
