package flv

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// loop reads the file's tags over and over, behind one file header.
type loop struct {
	file []byte
	at   int
}

func (l *loop) Read(p []byte) (int, error) {
	if l.at == len(l.file) {
		l.at = 13
	}
	n := copy(p, l.file[l.at:])
	l.at += n
	return n, nil
}

func TestReaderAllocatesNothingPerTag(t *testing.T) {
	r := NewReader(&loop{file: fileOf(t, stream(100))})
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		tag, err := r.Next()
		if err != nil {
			t.Error(err)
			return
		}
		tag.Buf.Release()
	}))
}

func TestWriterAllocatesNothingPerTag(t *testing.T) {
	w, err := NewWriter(io.Discard, true, true)
	require.NoError(t, err)
	header, body := []byte{0x27, 1, 0, 0, 0}, make([]byte, 1000)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		if err := w.WriteTag(TagVideo, 7, header, body); err != nil {
			t.Error(err)
		}
	}))
}

// BenchmarkReader reads frames of 25 kB, as of 6 Mbit/s at 30 frames a second.
func BenchmarkReader(b *testing.B) {
	tag := plainTag{TagVideo, 40, string(make([]byte, 25000))}
	r := NewReader(&loop{file: fileOf(b, []plainTag{tag, tag, tag, tag})})
	b.SetBytes(25015)
	b.ReportAllocs()
	for b.Loop() {
		tag, err := r.Next()
		if err != nil {
			b.Fatal(err)
		}
		tag.Buf.Release()
	}
}
