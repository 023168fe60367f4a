package flvin

import (
	"errors"
	"fmt"
	"io"
	"time"

	"rtmpwriter/flv"
	"rtmpwriter/media"
)

// tailSize is how much of a file's end is read for its last timestamp, in
// bytes: more than the largest keyframe of most files.
const tailSize = 1 << 20

// file is an input that can seek.
type file struct {
	r    io.ReadSeeker
	base int64 // where the FLV begins
}

// asFile returns r as a file, nil when it cannot seek. A pipe has a Seek too,
// which fails.
func asFile(r io.Reader) *file {
	rs, ok := r.(io.ReadSeeker)
	if !ok {
		return nil
	}
	base, err := rs.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil
	}
	return &file{r: rs, base: base}
}

// seek moves to the offset from where the FLV begins.
func (f *file) seek(offset int64) error {
	if _, err := f.r.Seek(f.base+offset, io.SeekStart); err != nil {
		return fmt.Errorf("flv: go to byte %d of the input: %w", offset, err)
	}
	return nil
}

// duration is the time from the timestamp first to the last one in the file, 0
// when its end tells none. The file's place is left as it was.
func (f *file) duration(first uint32) (time.Duration, error) {
	place, err := f.r.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, fmt.Errorf("flv: find the place in the input: %w", err)
	}
	end, err := f.r.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, fmt.Errorf("flv: find the end of the input: %w", err)
	}
	from := max(0, end-f.base-tailSize)
	if err := f.seek(from); err != nil {
		return 0, err
	}
	length := lastTimestamp(flv.ResumeReader(io.LimitReader(f.r, tailSize), from), first)
	return time.Duration(length) * time.Millisecond, f.seek(place - f.base)
}

// lastTimestamp is how far behind first the tags of r go, in milliseconds.
func lastTimestamp(r *flv.Reader, first uint32) int32 {
	length := int32(0)
	for {
		tag, err := r.Next()
		if errors.As(err, new(*media.DamageError)) {
			continue
		}
		if err != nil {
			return length
		}
		if tag.Type != flv.TagScript && len(tag.Buf.B) > 0 {
			length = max(length, int32(tag.Timestamp-first))
		}
		tag.Buf.Release()
	}
}
