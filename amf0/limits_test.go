package amf0

import (
	"bytes"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRefusedBytes(t *testing.T) {
	for _, c := range []struct{ name, wire, want string }{
		{"nothing", "", "the bytes end within a type marker: 0 of 1 are there"},
		{"movie clip", "04", "movie clips are reserved and never sent (type marker 0x04)"},
		{"reference", "07 0000", "references are not supported (type marker 0x07)"},
		{"object end", "09", "object end without an object (type marker 0x09)"},
		{"record set", "0e", "record sets are reserved and never sent (type marker 0x0e)"},
		{"AMF3", "11 01", "AMF3 values are not supported (type marker 0x11)"},
		{"unknown", "12", "unknown type marker 0x12"},
		{"long string", "0c 00100001", "string of 1048577 bytes, the limit is 1048576"},
		{"XML", "0f ffffffff", "string of 4294967295 bytes, the limit is 1048576"},
		{"array", "0a ffffffff", "array of 4294967295 elements, the limit is 262144"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := DecodeOne(unhex(t, c.wire))
			require.ErrorContains(t, err, c.want)
			require.ErrorAs(t, err, new(*SyntaxError))
		})
	}
}

// nest wraps null in depth containers.
func nest(depth int) any {
	var v any
	for i := range depth {
		if i%2 == 0 {
			v = StrictArray{v}
		} else {
			v = Object{{"o", v}}
		}
	}
	return v
}

func TestDepth(t *testing.T) {
	wire, err := Append(nil, nest(MaxDepth))
	require.NoError(t, err)
	v, _, err := DecodeOne(wire)
	require.NoError(t, err)
	require.Equal(t, nest(MaxDepth), v)

	_, err = Append(nil, nest(MaxDepth+1))
	require.ErrorContains(t, err, "nested deeper than 32")
	deeper := append([]byte{markerStrictArray, 0, 0, 0, 1}, wire...)
	_, _, err = DecodeOne(deeper)
	require.ErrorContains(t, err, "nested deeper than 32")
	_, _, err = DecodeOne(bytes.Repeat([]byte{markerObject, 0, 1, 'a'}, 1<<16))
	require.Error(t, err)

	cyclic := StrictArray{nil}
	cyclic[0] = cyclic
	_, err = Append(nil, cyclic)
	require.ErrorContains(t, err, "nested deeper than 32", "a cycle ends at the limit")
}

func TestValueCount(t *testing.T) {
	many := bytes.Repeat([]byte{markerNull}, MaxValues)
	values, err := Decode(many)
	require.NoError(t, err)
	require.Len(t, values, MaxValues)
	values, err = Decode(append(many, markerNull))
	require.ErrorContains(t, err, "more than 262144 values")
	require.Len(t, values, MaxValues)
}

// TestDeclaredSizesReserveNothing decodes a few bytes that promise much.
func TestDeclaredSizesReserveNothing(t *testing.T) {
	for _, wire := range []string{
		"0a 00040000 05", "08 ffffffff 0001 61 05", "0c 00100000 61", "0f 00100000 61",
		"0a 00040000 0a 00040000 0a 00040000 0a 00040000 05",
	} {
		b := unhex(t, wire)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := DecodeOne(b)
		runtime.ReadMemStats(&after)
		require.Error(t, err)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(16<<10), wire)
	}
}

func TestStrings(t *testing.T) {
	for _, n := range []int{maxShortString, maxShortString + 1, MaxStringLength} {
		s := strings.Repeat("k", n)
		wire, err := Append(nil, s)
		require.NoError(t, err)
		require.Equal(t, n > maxShortString, wire[0] == markerLongString)
		v, _, err := DecodeOne(wire)
		require.NoError(t, err)
		require.Equal(t, s, v)
	}
}

func TestRefusedValues(t *testing.T) {
	long := strings.Repeat("n", maxShortString+1)
	for _, c := range []struct {
		value any
		want  string
	}{
		{uint8(1), "[1]: the Go type uint8 has no AMF0 form"},
		{map[string]any{}, "[1]: the Go type map[string]interface {} has no AMF0 form"},
		{Object{{"info", ECMAArray{{"tags", StrictArray{nil, struct{}{}}}}}}, "[1].info.tags[1]: the Go type struct {}"},
		{TypedObject{"C", Object{{"p", int8(1)}}}, "[1].p: the Go type int8"},
		{Object{{long, nil}}, "[1]: property name of 65536 bytes, the limit is 65535"},
		{TypedObject{long, nil}, "[1]: class name of 65536 bytes"},
		{strings.Repeat("s", MaxStringLength+1), "[1]: string of 1048577 bytes, the limit is 1048576"},
		{XML(strings.Repeat("s", MaxStringLength+1)), "[1]: string of 1048577 bytes"},
	} {
		dst := []byte{1, 2}
		got, err := Append(dst, nil, c.value)
		require.ErrorAs(t, err, new(*ValueError))
		require.ErrorContains(t, err, "cannot encode value "+c.want)
		require.Equal(t, dst, got, "dst as it was")
	}
}

func TestNumbersKeepTheirBits(t *testing.T) {
	for _, f := range []float64{math.NaN(), math.Inf(-1), math.Copysign(0, -1), math.MaxFloat64, math.SmallestNonzeroFloat64} {
		wire, err := Append(nil, f)
		require.NoError(t, err)
		v, _, err := DecodeOne(wire)
		require.NoError(t, err)
		require.Equal(t, math.Float64bits(f), math.Float64bits(v.(float64)))
	}
}
