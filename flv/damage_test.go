package flv

import (
	"bytes"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestTruncatedFile cuts a file at every length: all whole tags come, then at
// most one damage, then the end.
func TestTruncatedFile(t *testing.T) {
	file := fileOf(t, someTags)
	ends := []int{} // where the bodies end
	at := 13
	for _, tag := range someTags {
		at += tagHeaderSize + len(tag.body)
		ends = append(ends, at)
		at += trailerSize
	}
	for cut := range file {
		whole := 0
		for whole < len(ends) && ends[whole] <= cut {
			whole++
		}
		tags, damages, err := readAll(t, NewReader(bytes.NewReader(file[:cut])))
		require.Equal(t, io.EOF, err)
		require.Len(t, tags, whole, "cut at %d", cut)
		require.Equal(t, someTags[:whole], tags)

		begin := 13 // of what the cut goes through
		switch {
		case cut < fileHeaderSize:
			begin = 0
		case cut < begin:
			begin = cut // a file without tags
		case whole > 0:
			begin = ends[whole-1] + trailerSize
		}
		if cut <= begin && cut > 0 {
			require.Empty(t, damages, "cut at %d", cut)
			continue
		}
		require.Len(t, damages, 1, "cut at %d", cut)
		require.EqualValues(t, begin, damages[0].Offset)
		require.Contains(t, damages[0].Reason, "the input ends within")
	}
}

// stream is a long file of frames that differ, whose bytes look like nothing.
func stream(n int) (tags []plainTag) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		body := []byte{0x27, 1, 0, 0, 0}
		for range 50 + random.IntN(3000) {
			body = append(body, byte(random.Uint32()))
		}
		tags = append(tags, plainTag{TagVideo, uint32(40 * i), string(body)})
	}
	return tags
}

func TestResynchronises(t *testing.T) {
	tags := stream(40)
	file := fileOf(t, tags)
	begin := 13 // of tag 20
	for _, tag := range tags[:20] {
		begin += tagHeaderSize + len(tag.body) + trailerSize
	}
	size := tagHeaderSize + len(tags[20].body) + trailerSize
	middle := begin + size/2
	for name, c := range map[string]struct {
		spoil func(b []byte) []byte
		lost  []int
	}{
		"bytes missing":        {func(b []byte) []byte { return append(b[:middle:middle], b[middle+9:]...) }, []int{20}},
		"bytes inserted":       {func(b []byte) []byte { return append(append(b[:middle:middle], 1, 2, 3), b[middle:]...) }, []int{20}},
		"header overwritten":   {func(b []byte) []byte { copy(b[begin:], "overwritten"); return b }, []int{20}},
		"size too large":       {func(b []byte) []byte { b[begin+1] = 0x7f; return b }, []int{20}},
		"size beyond the end":  {func(b []byte) []byte { b[begin+1] = 0x01; return b }, []int{20}},
		"size over the limit":  {func(b []byte) []byte { b[begin+1] = 0xff; return b }, []int{20}},
		"size too small":       {func(b []byte) []byte { b[begin+2], b[begin+3] = 0, 9; return b }, []int{20}},
		"a hole of zeros":      {func(b []byte) []byte { clear(b[begin : begin+size]); return b }, []int{20}},
		"two tags overwritten": {func(b []byte) []byte { copy(b[middle:], strings.Repeat("x", size)); return b }, []int{20, 21}},
		"begins again":         {func(b []byte) []byte { return append(b[:begin:begin], b...) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, damages, err := readAll(t, NewReader(bytes.NewReader(c.spoil(bytes.Clone(file)))))
			require.Equal(t, io.EOF, err)
			require.Len(t, damages, 1)
			require.EqualValues(t, begin, damages[0].Offset)
			require.Equal(t, 19*40*time.Millisecond, damages[0].Time)
			want := append([]plainTag{}, tags...)
			if c.lost == nil {
				want = append(append([]plainTag{}, tags[:20]...), tags...)
			}
			for i := range c.lost {
				want = append(want[:c.lost[i]-i], want[c.lost[i]-i+1:]...)
			}
			require.Len(t, got, len(want))
			require.Equal(t, want, got)
		})
	}
}

// TestResumeAnywhere begins at places where no tag begins.
func TestResumeAnywhere(t *testing.T) {
	tags := stream(6)
	file := fileOf(t, tags)
	for from := 14; from < len(file); from += 7 {
		got, damages, err := readAll(t, ResumeReader(bytes.NewReader(file[from:]), int64(from)))
		require.Equal(t, io.EOF, err)
		require.LessOrEqual(t, len(damages), 1)
		require.Equal(t, tags[len(tags)-len(got):], got)
	}
}

func TestSearchIsBounded(t *testing.T) {
	file := fileOf(t, someTags[:2])
	endless := io.MultiReader(bytes.NewReader(file), repeat(0xa5), bytes.NewReader(file[13:]))
	r := NewReader(endless)
	tags, damages, err := readAll(t, r)
	require.Equal(t, io.EOF, err)
	require.Equal(t, someTags[:2], tags)
	require.Len(t, damages, 2)
	require.Contains(t, damages[1].Reason, "no tag within 16 MiB")
	require.LessOrEqual(t, r.w.offset, int64(len(file)+searchLimit+windowSize))
	require.Len(t, r.w.buf, windowSize, "searching takes no memory")
}

// TestSearchIsNotQuadratic searches among headers that each claim a tag which
// ends just behind the bytes at hand, where no other header is.
func TestSearchIsNotQuadratic(t *testing.T) {
	const apart = 32
	file := append(fileOf(t, nil), 0xff)
	for size := windowSize; len(file) < searchLimit+windowSize; size = min(size+apart, MaxTagSize-apart) {
		file = appendTagHeader(file, TagVideo, 0, size)
		file = append(file, bytes.Repeat([]byte{0xff}, apart-tagHeaderSize)...)
	}
	in := &counted{r: bytes.NewReader(file)}
	r := NewReader(in)
	tags, _, err := readAll(t, r)
	require.Equal(t, io.EOF, err)
	require.Empty(t, tags)
	require.LessOrEqual(t, len(r.w.buf), 4*MaxTagSize)
	require.Less(t, in.reads, 2000, "moving the window for every few bytes would be slow")
}

// counted counts the reads.
type counted struct {
	r     io.Reader
	reads int
}

func (c *counted) Read(p []byte) (int, error) {
	c.reads++
	return c.r.Read(p)
}

// repeat reads as the byte for ever.
type repeat byte

func (c repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(c)
	}
	return len(p), nil
}

// TestClaimedSizeReservesNothing reads a tag that says 8 MiB and has a few bytes.
func TestClaimedSizeReservesNothing(t *testing.T) {
	file := fileOf(t, nil)
	file = append(appendTagHeader(file, TagVideo, 0, MaxTagSize), "little"...)
	r := NewReader(bytes.NewReader(file))
	_, damages, err := readAll(t, r)
	require.Equal(t, io.EOF, err)
	require.Len(t, damages, 1)
	require.Len(t, r.w.buf, windowSize)
}
