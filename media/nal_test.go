package media

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAppendAnnexB(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []byte
		want [][]byte
	}{
		{"empty", nil, nil},
		{"no start code", []byte{0x65, 1, 2}, nil},
		{"only a start code", []byte{0, 0, 1}, nil},
		{"3 bytes", []byte{0, 0, 1, 0x65, 7}, [][]byte{{0x65, 7}}},
		{"4 bytes", []byte{0, 0, 0, 1, 0x65, 7}, [][]byte{{0x65, 7}}},
		{"mixed", []byte{0, 0, 0, 1, 9, 0xf0, 0, 0, 1, 6, 5, 0, 0, 0, 1, 0x65}, [][]byte{{9, 0xf0}, {6, 5}, {0x65}}},
		{"trailing zeros belong to the stream", []byte{0, 0, 1, 0x65, 8, 0, 0, 0}, [][]byte{{0x65, 8}}},
		{"empty unit between", []byte{0, 0, 1, 0, 0, 1, 0x41}, [][]byte{{0x41}}},
		{"leading bytes", []byte{5, 5, 0, 0, 1, 0x41}, [][]byte{{0x41}}},
		{"ones in the payload", []byte{0, 0, 1, 0x41, 1, 0, 1, 1}, [][]byte{{0x41, 1, 0, 1, 1}}},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, AppendAnnexB(nil, c.in)) })
	}
}

func TestAppendLengthPrefixed(t *testing.T) {
	for _, size := range []int{1, 2, 3, 4} {
		var au []byte
		want := [][]byte{{0x67, 1}, {0x65, 2, 3}}
		for _, nal := range want {
			var b [4]byte
			binary.BigEndian.PutUint32(b[:], uint32(len(nal)))
			au = append(append(au, b[4-size:]...), nal...)
		}
		got, err := AppendLengthPrefixed(nil, au, size)
		require.NoError(t, err)
		require.Equal(t, want, got)
		for cut := 1; cut < len(au); cut++ {
			got, err := AppendLengthPrefixed(nil, au[:cut], size)
			if cut == size+2 {
				require.NoError(t, err, "a cut between units leaves a whole one")
				continue
			}
			require.Error(t, err, "cut at %d", cut)
			require.LessOrEqual(t, len(got), 1)
		}
	}
	_, err := AppendLengthPrefixed(nil, nil, 5)
	require.Error(t, err)
}

func TestNALSplittersAreBounded(t *testing.T) {
	many := bytes.Repeat([]byte{0, 0, 1, 9}, MaxNALUnits+9)
	require.Len(t, AppendAnnexB(nil, many), MaxNALUnits)
	_, err := AppendLengthPrefixed(nil, bytes.Repeat([]byte{1, 9}, MaxNALUnits+1), 1)
	require.ErrorContains(t, err, "more than")
}

// FuzzNAL checks that both splitters keep within the input, and that what one
// wrote as length-prefixed units the other reads back.
func FuzzNAL(f *testing.F) {
	f.Add([]byte{0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x65, 2})
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 1}) // a length that is negative in 32 bits
	f.Fuzz(func(t *testing.T, b []byte) {
		nals := AppendAnnexB(nil, b)
		var prefixed []byte
		for _, n := range nals {
			prefixed = binary.BigEndian.AppendUint32(prefixed, uint32(len(n)))
			prefixed = append(prefixed, n...)
		}
		back, err := AppendLengthPrefixed(nil, prefixed, 4)
		require.NoError(t, err)
		require.Len(t, back, len(nals))
		for i := range nals {
			require.True(t, bytes.Equal(nals[i], back[i]))
		}
		for size := 1; size <= 4; size++ {
			_, _ = AppendLengthPrefixed(nil, b, size)
		}
	})
}

func TestMillisecondsRounds(t *testing.T) {
	require.EqualValues(t, 33, Milliseconds(33366667*time.Nanosecond))
	require.EqualValues(t, 67, Milliseconds(66733333*time.Nanosecond))
	require.EqualValues(t, -1, Milliseconds(-600*time.Microsecond))
}

func TestBufferIsRecycledOffThePage(t *testing.T) {
	for _, n := range []int{0, 1, 1024, 1025, 1 << 22, 1<<22 + 1} {
		b := GetBuffer(n)
		require.Len(t, b.B, n)
		b.Release()
	}
	require.Zero(t, testing.AllocsPerRun(100, func() { GetBuffer(5000).Release() }))
}

func TestReleaseOnce(t *testing.T) {
	b := GetBuffer(3)
	p := Packet{Data: b.B, Owner: b}
	p.Release()
	require.Nil(t, p.Data)
	p.Release()
}
