package amf0

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzDecode checks that foreign bytes never panic, and that what was decoded,
// broken off or not, is written and read back as the same.
func FuzzDecode(f *testing.F) {
	for _, c := range golden {
		f.Add(unhex(f, c.wire))
	}
	f.Add([]byte{markerStrictArray, 0xff, 0xff, 0xff, 0xff})              // a count that must not be reserved
	f.Add(bytes.Repeat([]byte{markerObject, 0, 0}, 99))                   // nesting without an end
	f.Add([]byte{markerNumber, 0x7f, 0xf0, 0, 0, 0, 0, 0, 1})             // a signalling NaN
	f.Add([]byte{markerECMAArray, 0, 0, 0, 9, 0, 0, markerObjectEnd, 16}) // a wrong count
	f.Fuzz(func(t *testing.T, b []byte) {
		values, broken := Decode(b)
		requireOneByOne(t, b, values, broken)
		first, err := Append(nil, values...)
		require.NoError(t, err)
		again, err := Decode(first)
		require.NoError(t, err)
		require.Len(t, again, len(values))
		second, err := Append(nil, again...)
		require.NoError(t, err)
		require.Equal(t, first, second)
	})
}

func BenchmarkDecodeStatus(b *testing.B) {
	wire, err := Append(nil, "onStatus", 0, nil, Object{{"level", "status"}, {"code", "NetStream.Publish.Start"}})
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(wire); err != nil {
			b.Fatal(err)
		}
	}
}

// requireOneByOne decodes a value at a time, which gives the same as all at once.
// The count of values begins anew with each, so that more may come.
func requireOneByOne(t *testing.T, b []byte, values []any, broken error) {
	t.Helper()
	for i := 0; len(b) > 0; i++ {
		v, rest, err := DecodeOne(b)
		if err != nil {
			require.Error(t, broken)
			return
		}
		require.Less(t, len(rest), len(b))
		if i == len(values) || i == len(values)-1 && broken != nil {
			return
		}
		same, err := Append(nil, values[i])
		require.NoError(t, err)
		got, err := Append(nil, v)
		require.NoError(t, err)
		require.Equal(t, same, got)
		b = rest
	}
}
