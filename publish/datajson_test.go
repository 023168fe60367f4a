package publish_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/publish"
)

func TestParseData(t *testing.T) {
	d, err := publish.ParseData("onCuePoint", []byte(`{"z":1,"name":"ad","live":true,"none":null,"list":["a",2,[3]],"parameters":{"id":"7","tags":["x"]}}`))
	require.NoError(t, err)
	require.Equal(t, publish.Data{Handler: "onCuePoint", Value: amf0.Object{
		{Name: "z", Value: 1.0}, {Name: "name", Value: "ad"}, {Name: "live", Value: true}, {Name: "none", Value: nil},
		{Name: "list", Value: amf0.StrictArray{"a", 2.0, amf0.StrictArray{3.0}}},
		{Name: "parameters", Value: amf0.Object{{Name: "id", Value: "7"}, {Name: "tags", Value: amf0.StrictArray{"x"}}}},
	}}, d)

	var place *amf0.JSONError
	_, err = publish.ParseData("onX", []byte("{\n  \"a\": {\"b\": {}}\n}"))
	require.ErrorAs(t, err, &place)
	require.Equal(t, amf0.JSONError{Line: 2, Column: 14, Path: ".a.b", Reason: "objects nest at most 2 deep"}, *place)
	_, err = publish.ParseData("onX", []byte(`{"a":1`))
	require.ErrorAs(t, err, &place)

	var wrong *publish.DataError
	_, err = publish.ParseData("onX", []byte(`[1]`))
	require.ErrorAs(t, err, &wrong)
	_, err = publish.ParseData("", []byte(`{}`))
	require.ErrorAs(t, err, &wrong)
	_, err = publish.ParseData("onX", []byte(`{"a":[`+strings.Repeat("1,", 30_000)+`1]}`))
	require.ErrorAs(t, err, &wrong, "it grows past 64 KiB in AMF0")
}

// FuzzParseData checks that what is taken can be sent.
func FuzzParseData(f *testing.F) {
	f.Add("onCuePoint", []byte(`{"name":"ad","parameters":{"id":[1,2]}}`))
	f.Add("@setDataFrame", []byte(`{}`))
	f.Add("onX", []byte(`{"a":{"b":{}}}`))
	o := publish.DefaultOptions()
	o.URL = "rtmp://127.0.0.1/live+x"
	f.Fuzz(func(t *testing.T, handler string, text []byte) {
		d, err := publish.ParseData(handler, text)
		if err != nil {
			return
		}
		p, err := publish.New(o)
		require.NoError(t, err)
		require.NoError(t, p.SendData(t.Context(), d))
	})
}
