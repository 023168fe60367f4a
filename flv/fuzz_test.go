package flv

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzReader checks that foreign files never panic, come to an end, and that
// the tags read from them can be written and read again.
func FuzzReader(f *testing.F) {
	file := fileOf(f, someTags)
	f.Add(file)
	f.Add(file[:len(file)-7])
	f.Add(append(bytes.Clone(file[:60]), file[50:]...))                                      // bytes inserted
	f.Add(append(bytes.Clone(file), make([]byte, 40)...))                                    // zeros behind
	f.Add(appendTagHeader(bytes.Clone(file[:13]), TagVideo, 0, MaxTagSize))                  // a size without bytes
	f.Add(append(bytes.Clone(file[:13]), bytes.Repeat([]byte{8, 0, 0, 0}, 9)...))            // headers within headers
	f.Add([]byte{'F', 'L', 'V', 1, 5, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0}) // a data offset of 4 GiB
	f.Fuzz(func(t *testing.T, b []byte) {
		tags, damages, err := readAll(t, NewReader(bytes.NewReader(b)))
		require.Error(t, err)
		last := int64(-1)
		for _, d := range damages {
			require.Greater(t, d.Offset, last, "no place is damaged twice")
			last = d.Offset
		}
		again, damages, _ := readAll(t, NewReader(bytes.NewReader(fileOf(t, tags))))
		require.Empty(t, damages)
		require.Equal(t, tags, again)
	})
}
