package amf0

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseJSON(t *testing.T) {
	for text, want := range map[string]any{
		`null`:                         nil,
		"\ntrue\t":                     true,
		"\t-0.5e+1\r\n":                -5.0,
		`0`:                            0.0,
		`""`:                           "",
		`"a\"\\\/\b\f\n\r\té€😀\u0000"`: "a\"\\/\b\f\n\r\té€😀\x00",
		`"\ud83d\uDE00"`:               "😀",
		`[]`:                           StrictArray{},
		`{}`:                           Object{},
		`{"z":1,"a":[2,"x",{"b":null}],"":{}}`: Object{
			{"z", 1.0}, {"a", StrictArray{2.0, "x", Object{{"b", nil}}}}, {"", Object{}},
		},
	} {
		got, err := ParseJSON([]byte(text), 2)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
}

func TestParseJSONTellsThePlace(t *testing.T) {
	deep := strings.Repeat("[", 40)
	for text, want := range map[string]string{
		``:                           `line 1 column 1: it ends where a value is expected`,
		`nul`:                        `line 1 column 1: 'n' where a value is expected`,
		`{"a":1}}`:                   `line 1 column 8: '}' where the end is expected`,
		"{\n \"ä\": x}":              `line 2 column 7: 'x' where a value is expected (in .ä)`,
		`{"a":1,}`:                   `line 1 column 8: '}' where a key in double quotes is expected`,
		`{"a" 1}`:                    `line 1 column 6: '1' where ":" is expected`,
		`{"a":1 "b":2}`:              `line 1 column 8: '"' where "," or "}" is expected`,
		`[1,]`:                       `line 1 column 4: ']' where a value is expected (in [1])`,
		`[1`:                         `line 1 column 3: it ends where "," or "]" is expected`,
		`{"a":1,"a":2}`:              `line 1 column 8: the key "a" comes twice`,
		`{"a":{"b":[{"c":1}]}}`:      `line 1 column 12: objects nest at most 2 deep (in .a.b[0])`,
		`{"a":{"b\n":{}}}`:           `line 1 column 13: objects nest at most 2 deep (in .a."b\n")`,
		deep:                         `line 1 column 33: nested deeper than 32 (in ` + strings.Repeat("[0]", 32) + `)`,
		`01`:                         `line 1 column 1: not a number: digits are expected, without leading zeros`,
		`-`:                          `line 1 column 1: not a number: digits are expected, without leading zeros`,
		`1.`:                         `line 1 column 3: it ends where a digit is expected`,
		`1e`:                         `line 1 column 3: it ends where a digit is expected`,
		`1e999`:                      `line 1 column 1: a number that is too large`,
		`"abc`:                       `line 1 column 1: a string without its end`,
		"\"a\nb\"":                   `line 1 column 3: a control character in a string: write it as \u000a`,
		"\"\xff\"":                   `line 1 column 2: a byte that is no UTF-8`,
		"\xff":                       `line 1 column 1: a byte that is no UTF-8 where a value is expected`,
		`"\x"`:                       `line 1 column 2: an escape sequence that JSON does not have`,
		`"\ud83d"`:                   `line 1 column 2: an escape sequence that JSON does not have`,
		`"\u12"`:                     `line 1 column 2: an escape sequence that JSON does not have`,
		`"\`:                         `line 1 column 2: an escape sequence that JSON does not have`,
		strings.Repeat(" ", 1<<16+1): `line 1 column 1: 65537 bytes: at most 65536`,
	} {
		_, err := ParseJSON([]byte(text), 2)
		var wrong *JSONError
		require.ErrorAs(t, err, &wrong, "%.40q", text)
		require.Equal(t, "JSON at "+want, err.Error(), "%.40q", text)
	}
}

// FuzzParseJSON checks that what is taken the standard library takes too, with
// the same value, and that it can be sent.
func FuzzParseJSON(f *testing.F) {
	for _, text := range []string{`{"a":[1,{"b":"\ud83d\ude00"}],"c":-1.5e3}`, `"\`, `[[[`, `{"a":1,"a":2}`, `"\ud83d\`, `1e400`, `-0`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := ParseJSON(text, 3)
		var std any
		stdErr := json.Unmarshal(text, &std)
		if err != nil {
			return
		}
		require.NoError(t, stdErr)
		require.Equal(t, std, plain(v))
		_, err = Append(nil, v)
		require.NoError(t, err)
	})
}

// plain is v as the standard library decodes it.
func plain(v any) any {
	switch v := v.(type) {
	case Object:
		m := map[string]any{}
		for _, p := range v {
			m[p.Name] = plain(p.Value)
		}
		return m
	case StrictArray:
		a := make([]any, len(v))
		for i := range v {
			a[i] = plain(v[i])
		}
		return a
	case float64:
		if v == 0 && math.Signbit(v) {
			return math.Copysign(0, -1)
		}
	}
	return v
}
