package elementary

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestNormalFormIsTheSameInEveryFraming(t *testing.T) {
	sum := func(lengthSize int, packet ...byte) Frame {
		var f Frame
		s := Stream{Codec: "h264", nalLengthSize: lengthSize}
		require.NoError(t, s.normalise(&f, packet))
		return f
	}
	want := sum(4, 0, 0, 0, 2, 0x65, 7, 0, 0, 0, 1, 0x06)
	require.True(t, want.IDR)
	require.Equal(t, want, sum(2, 0, 2, 0x65, 7, 0, 1, 0x06))
	require.Equal(t, want, sum(0, 0, 0, 0, 1, 0x67, 9, 0, 0, 1, 0x65, 7, 0, 0, 0, 1, 0x06))
	require.NotEqual(t, want, sum(0, 0, 0, 1, 0x65, 0, 0, 1, 7, 0, 0, 1, 0x06), "the limits of units count")
	_, err := units([]byte{0, 0, 0, 9, 1}, 4)
	require.Error(t, err)
	_, err = units([]byte{0, 0, 0}, 4)
	require.Error(t, err)

	require.Equal(t, []byte{1, 2}, withoutADTS([]byte{0xff, 0xf1, 0x50, 0x80, 1, 0x3f, 0xfc, 1, 2}))
	require.Equal(t, []byte{1}, withoutADTS([]byte{0xff, 0xf0, 0x50, 0x80, 1, 0x5f, 0xfc, 9, 9, 1}))
	raw := []byte{0xff, 0xf1, 0x50, 0x80, 1, 0x5f, 0xfc, 1, 2}
	require.Equal(t, raw, withoutADTS(raw))
}

// recording is a file with two streams.
func recording() *File {
	stream := func(codec string, n int, step time.Duration) *Stream {
		s := &Stream{Codec: codec, Timed: true}
		for i := range n {
			at := time.Duration(i) * step
			s.Frames = append(s.Frames, Frame{DTS: at, PTS: at, Sum: [32]byte{byte(i)}, IDR: i == 0, Marked: i == 0})
		}
		return s
	}
	f := &File{Path: "clip", Streams: map[string]*Stream{
		Video: stream("h264", 5, 40*time.Millisecond), Audio: stream("aac", 9, 23*time.Millisecond),
	}}
	f.Streams[Video].Pictures = []string{"a", "b"}
	return f
}

func TestCompareSeesEveryDifference(t *testing.T) {
	for _, c := range []struct {
		name, want string
		change     func(f *File)
	}{
		{"nothing", "", func(*File) {}},
		{"a common offset", "", func(f *File) { shift(f.Streams[Video], time.Hour); shift(f.Streams[Audio], time.Hour) }},
		{"half a millisecond", "", func(f *File) { f.Streams[Video].Frames[3].PTS += 500 * time.Microsecond }},
		{"the last frame lost", "5 frames sent, 4 received", func(f *File) { cut(f.Streams[Video], 4) }},
		{"one frame more", "9 frames sent, 10 received", func(f *File) {
			f.Streams[Audio].Frames = append(f.Streams[Audio].Frames, Frame{})
		}},
		{"a byte", "frame 2 of 9", func(f *File) { f.Streams[Audio].Frames[2].Sum[31]++ }},
		{"sound late", "times drift", func(f *File) { shift(f.Streams[Audio], 3*time.Millisecond) }},
		{"one time truncated", "times drift", func(f *File) { f.Streams[Video].Frames[3].PTS -= 1500 * time.Microsecond }},
		{"a stream lost", "sent true, received false", func(f *File) { delete(f.Streams, Audio) }},
		{"another codec", "sent aac, received mp3", func(f *File) { f.Streams[Audio].Codec = "mp3" }},
		{"keyframe unmarked", "received as keyframe false", func(f *File) { f.Streams[Video].Frames[0].Marked = false }},
		{"keyframe invented", "received as keyframe true", func(f *File) { f.Streams[Video].Frames[1].Marked = true }},
		{"pictures", "decoded pictures", func(f *File) { f.Streams[Video].Pictures[1] = "c" }},
		{"complaint", "the decoder complains: broken", func(f *File) { f.Complaints = "broken" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			want, got := recording(), recording()
			c.change(got)
			differences := Compare(want, want, got)
			if c.want == "" {
				require.Empty(t, differences)
				return
			}
			require.Len(t, differences, 1)
			require.Contains(t, differences[0], c.want)
		})
	}
}

func TestCompareNeedsTimes(t *testing.T) {
	raw, got := recording(), recording()
	raw.Streams[Video].Timed = false
	require.NotEmpty(t, Compare(raw, raw, got))
	require.Empty(t, Compare(raw, recording(), got))
}

func shift(s *Stream, by time.Duration) {
	for i := range s.Frames {
		s.Frames[i].DTS += by
		s.Frames[i].PTS += by
	}
}

func cut(s *Stream, n int) { s.Frames = slices.Clip(s.Frames[:n]) }
