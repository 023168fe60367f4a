package amf0

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// golden pairs values with their bytes, as hex with spaces.
var golden = []struct {
	name  string
	value any
	wire  string
}{
	{"number", 1.5, "00 3ff8000000000000"},
	{"negative number", -2.0, "00 c000000000000000"},
	{"true", true, "01 01"},
	{"false", false, "01 00"},
	{"string", "live", "02 0004 6c697665"},
	{"empty string", "", "02 0000"},
	{"UTF-8 string", "é", "02 0002 c3a9"},
	{"null", nil, "05"},
	{"undefined", Undefined{}, "06"},
	{"empty object", Object{}, "03 000009"},
	{"object in order", Object{{"b", true}, {"a", nil}}, "03 0001 62 01 01 0001 61 05 000009"},
	{"property without name", Object{{"", true}}, "03 0000 01 01 000009"},
	{"duplicate names", Object{{"a", true}, {"a", false}}, "03 0001 61 01 01 0001 61 01 00 000009"},
	{"ECMA array", ECMAArray{{"a", "b"}}, "08 00000001 0001 61 02 0001 62 000009"},
	{"empty ECMA array", ECMAArray{}, "08 00000000 000009"},
	{"strict array", StrictArray{"avc1", nil}, "0a 00000002 02 0004 61766331 05"},
	{"empty strict array", StrictArray{}, "0a 00000000"},
	{"date", Date{1000, -60}, "0b 408f400000000000 ffc4"},
	{"XML", XML("<a/>"), "0f 00000004 3c612f3e"},
	{"typed object", TypedObject{"C", Object{{"n", 0.0}}}, "10 0001 43 0001 6e 00 0000000000000000 000009"},
	{"nested", Object{{"o", Object{{"a", StrictArray{Object{}}}}}}, "03 0001 6f 03 0001 61 0a 00000001 03 000009 000009 000009"},
}

func unhex(t testing.TB, s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	require.NoError(t, err)
	return b
}

func TestGolden(t *testing.T) {
	for _, c := range golden {
		t.Run(c.name, func(t *testing.T) {
			wire := unhex(t, c.wire)
			got, err := Append([]byte{0xee}, c.value)
			require.NoError(t, err)
			require.Equal(t, append([]byte{0xee}, wire...), got, "appended to what was there")

			v, rest, err := DecodeOne(append(wire, 0xee))
			require.NoError(t, err)
			require.Equal(t, c.value, v)
			require.Equal(t, []byte{0xee}, rest)
		})
	}
}

// TestTruncated cuts every value at every length: no whole value may come out.
func TestTruncated(t *testing.T) {
	for _, c := range golden {
		wire := unhex(t, c.wire)
		for cut := range wire {
			_, rest, err := DecodeOne(wire[:cut])
			var syntax *SyntaxError
			require.ErrorAs(t, err, &syntax, "%s cut at %d", c.name, cut)
			require.LessOrEqual(t, syntax.Offset, cut)
			require.Nil(t, rest)
		}
	}
}

func TestDecodeReturnsWhatCameBeforeAnError(t *testing.T) {
	whole, err := Append(nil, "onMetaData", nil, ECMAArray{{"width", 640}, {"height", 360}})
	require.NoError(t, err)
	values, err := Decode(whole)
	require.NoError(t, err)
	require.Len(t, values, 3)

	values, err = Decode(whole[:len(whole)-4]) // within the height
	require.EqualError(t, err, "amf0: at byte 44: the bytes end within a number: 7 of 8 are there")
	require.Equal(t, []any{"onMetaData", nil, ECMAArray{{"width", 640.0}}}, values)

	values, err = Decode(unhex(t, "0a 00000003 05 06"))
	require.Error(t, err)
	require.Equal(t, []any{StrictArray{nil, Undefined{}}}, values)

	values, err = Decode(unhex(t, "0101 01"))
	require.Error(t, err)
	require.Equal(t, []any{true}, values, "half a boolean is none")
}

func TestReadOnlyForms(t *testing.T) {
	for _, c := range []struct {
		name, wire string
		want       any
	}{
		{"short string in long form", "0c 00000002 6869", "hi"},
		{"unsupported", "0d", Undefined{}},
		{"any boolean but 0", "01 07", true},
		{"ECMA array with a wrong count", "08 ffffffff 0001 61 05 000009", ECMAArray{{"a", nil}}},
	} {
		v, rest, err := DecodeOne(unhex(t, c.wire))
		require.NoError(t, err, c.name)
		require.Empty(t, rest)
		require.Equal(t, c.want, v, c.name)
	}
}

func TestLookup(t *testing.T) {
	properties := []Property{{"code", "first"}, {"level", 2.0}, {"code", "second"}, {"none", nil}}
	for _, o := range []interface {
		Get(string) (any, bool)
		String(string) string
		Number(string) float64
	}{Object(properties), ECMAArray(properties)} {
		require.Equal(t, "first", o.String("code"))
		require.Equal(t, 2.0, o.Number("level"))
		require.Empty(t, o.String("level"), "a number is no string")
		require.Zero(t, o.Number("missing"))
		v, ok := o.Get("none")
		require.True(t, ok)
		require.Nil(t, v)
		_, ok = o.Get("missing")
		require.False(t, ok)
	}
}

func TestAppendAllocatesNothingWithRoom(t *testing.T) {
	dst := make([]byte, 0, 512)
	streamID, key := 7.0, strings.Repeat("k", 20)
	info := Object{{"level", "status"}, {"n", 3}, {"o", Object{{"x", true}}}, {"a", StrictArray{1.5, nil}}}
	require.Zero(t, testing.AllocsPerRun(100, func() {
		var err error
		if dst, err = Append(dst[:0], "publish", streamID, nil, key, true, info); err != nil {
			t.Error(err)
		}
	}))
}
