package main

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/publish"
)

func TestParseControlLine(t *testing.T) {
	for line, want := range map[string]controlRequest{
		`{"data":"onX","value":{"b":1,"a":{"c":[]}},"stored":true}`: {verb: "data", data: publish.Data{
			Handler: "onX", Stored: true, Value: amf0.Object{{Name: "b", Value: 1.0}, {Name: "a", Value: amf0.Object{{Name: "c", Value: amf0.StrictArray{}}}}},
		}},
		`{"command":"x"}`: {verb: "command", name: "x"},
		`{"args":[1,null],"command":"x","object":{}}`: {verb: "command", name: "x", object: amf0.Object{}, args: amf0.StrictArray{1.0, nil}},
		`{"command":"x","object":null}`:               {verb: "command", name: "x"},
		"\t{\"reconnect\": true}\t":                   {verb: "reconnect"},
		`{"stats":true}`:                              {verb: "stats"},
		`{"status":true}`:                             {verb: "status"},
	} {
		got, err := parseControlLine([]byte(line))
		require.NoError(t, err, line)
		require.Equal(t, want, got, line)
	}
	for line, reason := range map[string]string{
		`hello`:                                 `'h' where a value is expected`,
		`{"status":true`:                        `JSON at line 1 column 15: it ends`,
		`[]`:                                    `a line is a JSON object, as {"status":true}, at line 1 column 1`,
		`{}`:                                    `nothing is asked for: give one of data, command, reconnect, stats, status, at line 1 column 1`,
		`{"stat":true}`:                         `unknown key "stat": a line asks for one of data, command, reconnect, stats, status, at line 1 column 2`,
		`{"status":true, "ä":1,"x":1}`:          `unknown key "ä": "status" goes with status, at line 1 column 17`,
		`{"data":"onX","valve":{}}`:             `unknown key "valve": "data" goes with data, stored, value, at line 1 column 15`,
		`{"stats":true,"status":true}`:          `"stats" and "status" in one line: send a line for each, at line 1 column 15`,
		`{"status":1}`:                          `"status" must be true, at line 1 column 2`,
		`{"reconnect":false}`:                   `"reconnect" must be true, at line 1 column 2`,
		`{"data":1,"value":{}}`:                 `"data" must be the handler's name, at line 1 column 2`,
		`{"data":"onX"}`:                        `"value" is missing: a JSON object, at line 1 column 1`,
		`{"data":"onX","value":[]}`:             `"value" must be an object, at line 1 column 15`,
		`{"data":"a","value":{},"stored":1}`:    `"stored" must be true or false, at line 1 column 24`,
		`{"command":"x","args":{}}`:             `"args" must be an array, at line 1 column 16`,
		`{"data":"onX","value":{"a":{"b":{}}}}`: `JSON at line 1 column 33: objects nest at most 3 deep (in .value.a.b)`,
	} {
		_, err := parseControlLine([]byte(line))
		require.ErrorContains(t, err, reason, line)
	}
}

// FuzzParseControlLine checks that any line is taken or refused with its place.
func FuzzParseControlLine(f *testing.F) {
	for _, line := range []string{`{"data":"onX","value":{"a":{}}}`, `{"command":"x","args":[1]}`, `{"status":true,"x":1}`, `{"a\u0000":1}`, `{`} {
		f.Add([]byte(line))
	}
	place := regexp.MustCompile(`at line \d+ column \d+`)
	f.Fuzz(func(t *testing.T, line []byte) {
		if q, err := parseControlLine(line); err != nil {
			require.Regexp(t, place, err.Error())
		} else {
			require.NotEmpty(t, q.verb)
		}
	})
}
