package elementary

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// spread is how far apart two times' errors may be: RTMP counts in
// milliseconds, and rounding to them errs by half of one to either side.
// Truncating decode time and composition time both errs by up to two. The rest
// is ffprobe's own rounding.
const spread = time.Millisecond + 2*time.Microsecond

// Compare tells how got differs from want, which it should be a true recording
// of: the same frames, decode and presentation times rounded to milliseconds
// but for one offset that all streams share, the same pictures, keyframes marked, and
// no complaint of the decoder that want did not cause. times is want, or the
// file that has the times of a want without any. Nothing is the best answer.
func Compare(want, times, got *File) []string {
	var differences []string
	note := func(format string, args ...any) {
		differences = append(differences, fmt.Sprintf(format, args...))
	}
	for _, kind := range []string{Video, Audio} {
		w, g := want.Streams[kind], got.Streams[kind]
		switch {
		case w == nil && g == nil:
		case w == nil || g == nil:
			note("%s: sent %t, received %t", kind, w != nil, g != nil)
		default:
			frames(kind, w, g, note)
			pictures(w, g, note)
		}
	}
	if len(differences) == 0 {
		compareTimes(times, got, note)
	}
	if got.Complaints != want.Complaints {
		note("the decoder complains: %s (of the input: %q)", strings.TrimSpace(got.Complaints), want.Complaints)
	}
	return differences
}

type noter func(format string, args ...any)

func frames(kind string, want, got *Stream, note noter) {
	if want.Codec != got.Codec {
		note("%s: sent %s, received %s", kind, want.Codec, got.Codec)
		return
	}
	n := min(len(want.Frames), len(got.Frames))
	for i := range n {
		if want.Frames[i].Sum != got.Frames[i].Sum {
			note("%s: frame %d of %d (received %d) differs in its bytes", kind, i, len(want.Frames), len(got.Frames))
			return
		}
		if w, g := want.Frames[i], got.Frames[i]; kind == Video && (g.Marked && !w.Marked && !w.IDR || w.IDR && !g.Marked) {
			note("%s: frame %d: IDR %t, keyframe of the input %t, received as keyframe %t", kind, i, w.IDR, w.Marked, g.Marked)
			return
		}
	}
	if len(want.Frames) != len(got.Frames) {
		note("%s: %d frames sent, %d received; the first %d are the same", kind, len(want.Frames), len(got.Frames), n)
	}
}

func pictures(want, got *Stream, note noter) {
	if !slices.Equal(want.Pictures, got.Pictures) {
		note("video: the %d decoded pictures are not those of the input (%d)", len(got.Pictures), len(want.Pictures))
	}
}

// compareTimes looks for the one offset: all differences must lie within
// spread of each other.
func compareTimes(want, got *File, note noter) {
	var low, high time.Duration
	var lowAt, highAt string
	first := true
	look := func(what string, i int, w, g time.Duration) {
		d := g - w
		if first || d < low {
			low, lowAt = d, fmt.Sprintf("%s of frame %d: %v became %v", what, i, w, g)
		}
		if first || d > high {
			high, highAt = d, fmt.Sprintf("%s of frame %d: %v became %v", what, i, w, g)
		}
		first = false
	}
	for kind, g := range got.Streams {
		w := want.Streams[kind]
		if w == nil || !w.Timed || len(w.Frames) != len(g.Frames) {
			note("%s: %s has no times for it", kind, want.Path)
			return
		}
		for i := range g.Frames {
			look(kind+" decode time", i, w.Frames[i].DTS, g.Frames[i].DTS)
			look(kind+" presentation time", i, w.Frames[i].PTS, g.Frames[i].PTS)
		}
	}
	if high-low > spread {
		note("times drift by %v: %s; %s", high-low, lowAt, highAt)
	}
}
