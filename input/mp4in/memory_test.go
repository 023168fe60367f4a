package mp4in

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// sparse is a file of which only the first bytes are kept; the rest is zeros.
type sparse struct {
	head  []byte
	size  int64
	reads int
}

func (s *sparse) ReadAt(p []byte, at int64) (int, error) {
	s.reads++
	if at+int64(len(p)) > s.size {
		return 0, io.EOF
	}
	clear(p)
	if at < int64(len(s.head)) {
		copy(p, s.head[at:])
	}
	return len(p), nil
}

// film is a file of 25 pictures and 46.875 audio frames a second with all
// tables, a second of each track in turns.
func film(length time.Duration) *sparse {
	seconds := int(length / time.Second)
	v, a := video(25*seconds), audio(47*seconds)
	v.perChunk, a.perChunk = 25, 47
	for i := range v.sizes {
		v.sizes[i] = 400
		v.offsets = append(v.offsets, 40*(1+i%3))
		if i%50 == 0 {
			v.syncs = append(v.syncs, i+1)
		}
	}
	for i := range a.sizes {
		a.sizes[i] = 40
	}
	second := 25*400 + 47*40
	moov := func(from int) []byte {
		var chunks [2][]int
		for i := range seconds {
			chunks[0] = append(chunks[0], from+i*second)
			chunks[1] = append(chunks[1], from+i*second+25*400)
		}
		return bx("moov", bx("mvhd", zeros(12), 1000, zeros(84)), v.trak(1, chunks[0]), a.trak(2, chunks[1]))
	}
	from := len(moov(0))
	return &sparse{head: moov(from), size: int64(from + seconds*second)}
}

// allocated is how many bytes f allocates, all in all.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestMemoryDoesNotGrowWithTheFile opens four minutes and four hours near their
// end, which walks all tables, and counts what is allocated.
func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	took := map[time.Duration]uint64{}
	for _, length := range []time.Duration{4 * time.Minute, 4 * time.Hour} {
		f := film(length)
		took[length] = allocated(func() {
			s, err := Open(f, f.size, Options{Start: length - 10*time.Second})
			require.NoError(t, err)
			for range 10 {
				p, err := s.Next()
				require.NoError(t, err)
				p.Release()
			}
		})
	}
	require.InDelta(t, float64(took[4*time.Minute]), float64(took[4*time.Hour]), 32<<10)
	require.Less(t, took[4*time.Hour], uint64(512<<10))
}

func TestNextAllocatesNothing(t *testing.T) {
	f := film(4 * time.Minute)
	s, err := Open(f, f.size, Options{})
	require.NoError(t, err)
	next := func() {
		p, err := s.Next()
		require.NoError(t, err)
		p.Release()
	}
	next()
	next()
	require.Zero(t, testing.AllocsPerRun(10_000, next))
}

// TestFragmentsAllocateNothing has a fragment for each frame, as live
// recordings of low latency do.
func TestFragmentsAllocateNothing(t *testing.T) {
	file := initSegment()
	for i := range 3000 {
		moof := bx("moof", bx("mfhd", 0, i), bx("traf", bx("tfhd", 0x020000, 1+i%2), bx("tfdt", 1<<24, uint64(i)), piece(100)))
		file = append(append(file, moof...), bx("mdat", zeros(21))...)
	}
	s := open(t, file, 0)
	next := func() {
		p, err := s.Next()
		require.NoError(t, err)
		p.Release()
	}
	next()
	next()
	require.Zero(t, testing.AllocsPerRun(5000, next))
}

// TestLargeFiles reads samples behind the 4 GiB that 32 bits reach.
func TestLargeFiles(t *testing.T) {
	v := video(10)
	v.co64 = true
	far := int64(5) << 30
	head := build(v)
	at := bytes.Index(head, []byte("co64")) + 12
	binary.BigEndian.PutUint64(head[at:], uint64(far))
	binary.BigEndian.PutUint64(head[at+8:], uint64(far)+1000)
	f := &sparse{head: head, size: far + 1510}
	// The mdat reaches to the end, behind the moov, with a 64-bit size.
	f.head = append(f.head, bx("mdat", uint64(far))...)
	binary.BigEndian.PutUint32(f.head[len(head):], 1)
	s, err := Open(f, f.size, Options{})
	require.NoError(t, err)
	got, damage := readAll(t, s)
	require.Len(t, got, 9, "the last needs 25 bytes more than there are")
	require.Len(t, damage, 1)
	require.Equal(t, far+1000+105+106+107+108, damage[0].Offset)
}

// TestReadsAreFew: small samples that lie together are read together.
func TestReadsAreFew(t *testing.T) {
	f := film(time.Minute)
	s, err := Open(f, f.size, Options{})
	require.NoError(t, err)
	f.reads = 0
	packets := 0
	for {
		p, err := s.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		p.Release()
		packets++
	}
	require.Equal(t, 60*(25+47), packets)
	require.Less(t, f.reads, 2*60+60, "a read for each second of a track, and the tables'")
}

// BenchmarkOpenAtTheEnd walks all tables of four hours.
func BenchmarkOpenAtTheEnd(b *testing.B) {
	f := film(4 * time.Hour)
	b.ReportAllocs()
	for b.Loop() {
		_, err := Open(f, f.size, Options{Start: 4*time.Hour - time.Second})
		require.NoError(b, err)
	}
}

// BenchmarkNext reads small packets, a picture of 400 bytes or a frame of sound of 40:
// what the tables cost.
func BenchmarkNext(b *testing.B) {
	f := film(4 * time.Minute)
	var s *Source
	b.SetBytes((25*400 + 47*40) / (25 + 47)) // the mean of both tracks' packets
	b.ReportAllocs()
	for b.Loop() {
		if s == nil {
			s, _ = Open(f, f.size, Options{})
		}
		p, err := s.Next()
		if err != nil {
			s = nil
			continue
		}
		p.Release()
	}
}
