package publish

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
)

func TestBadConnectInfoIsRefusedWithItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":{"b":1}}`:               "line 1 column 6: objects nest at most 1 deep",
		"{\n \"a\": 1,\n \"ä\": [1]}": `must be flat: "ä" is an array`,
		`[1]`:                         `must be a JSON object, {"name": value, …}, at line 1 column 1`,
		"\n\t \"text\"":               `must be a JSON object, {"name": value, …}, at line 2 column 3`,
		`{"a":1`:                      "line 1 column 7",
		`{"a":1}x`:                    "line 1 column 8",
		`{"a":1,"a":2}`:               "line 1 column 8",
		"{\"a\":\"\xff\"}":            "line 1 column 7",
		"{\n\"a\": \"\\x\"}":          "line 2 column 7",
		`{a:1}`:                       "line 1 column 2",
	} {
		o := DefaultOptions()
		o.URL = "rtmp://127.0.0.1/live+key"
		err := field(t, &o, "connect-info").Set(text)
		var wrong *OptionError
		require.ErrorAs(t, err, &wrong, text)
		require.Equal(t, "connect-info", wrong.Name)
		require.Contains(t, wrong.Reason, want, text)
		require.Empty(t, o.ConnectInfo)

		o.ConnectInfo = text
		require.ErrorContains(t, o.Validate(), want)
		_, err = New(o)
		require.ErrorAs(t, err, &wrong)
	}
	for _, none := range []string{"", " \n", "{}", " { } "} {
		info, err := parseConnectInfo(none)
		require.NoError(t, err)
		require.Empty(t, info)
	}
}

// FuzzConnectInfo checks that no text panics, and that what is taken is flat
// and can be sent.
func FuzzConnectInfo(f *testing.F) {
	f.Add(`{"a":"b","c":1.5,"d":true,"e":null}`)
	f.Add("{\n\"a\":{}}")
	f.Add(`{"a":1}]`)
	f.Fuzz(func(t *testing.T, text string) {
		info, err := parseConnectInfo(text)
		if err != nil {
			return
		}
		require.True(t, utf8.ValidString(text))
		for _, p := range info {
			switch p.Value.(type) {
			case string, float64, bool, nil:
			default:
				t.Fatalf("%T in %q", p.Value, text)
			}
		}
		_, err = amf0.Append(nil, info)
		require.NoError(t, err)
	})
}
