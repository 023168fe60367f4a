package mp4in

import (
	"math"

	"github.com/abema/go-mp4"
)

// edit is the part of the media that is presented and when: an edit list
// (14496-12, 8.6.6) reduced to its first start and last end. Times are in the
// track's ticks.
type edit struct {
	delay int64 // empty edits before the first with media
	from  int64 // media time of presentation time 0 + delay
	to    int64 // media time of the end
	parts int   // edits with media
}

// shift is what turns media times into presentation times.
func (e edit) shift() int64 { return e.delay - e.from }

// edit reads elst; b is the zero box when there is none. Durations are in the
// movie's timescale, media times in the track's.
func (f *file) edit(b box, movie, track uint32) (edit, error) {
	e := edit{to: math.MaxInt64}
	if b.end == 0 {
		return e, nil
	}
	var elst mp4.Elst
	if _, err := f.decode(b, &elst, mp4.Context{}); err != nil {
		return e, err
	}
	for i := range elst.Entries {
		length := scale(int64(min(elst.GetSegmentDuration(i), math.MaxInt64)), uint64(track), uint64(movie))
		start := elst.GetMediaTime(i)
		switch {
		case start > maxTime || start < -1:
			return e, damaged(b.at, "an edit at media time %d", start)
		case start == -1:
			if e.parts == 0 {
				e.delay = min(e.delay+length, maxTime)
			}
			continue
		case e.parts == 0:
			e.from = start
		}
		e.parts++
		// No length means to the end, as fragmented files have it.
		if e.to = math.MaxInt64; length > 0 {
			e.to = start + length
		}
	}
	return e, nil
}
