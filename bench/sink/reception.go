package sink

import (
	"encoding/binary"

	"golang.org/x/sys/unix"
)

// Reception is what came of one publisher. Times are nanoseconds of the monotonic
// clock, as Now tells; 0 is never.
type Reception struct {
	// Key is the stream key.
	Key string
	// Accepted is when the connection came, Agreed when publish was answered,
	// First and Last when the first and the last message of media were complete.
	Accepted, Agreed, First, Last int64
	// Bytes counts everything, Chunks their headers, Audio and Video messages.
	Bytes                int64
	Chunks, Audio, Video int
	// Delays are, for each frame that Stamp has marked, the nanoseconds until its
	// last byte was parsed.
	Delays []int64
	// Err is why the connection ended, if it was not by its own end.
	Err error
}

// mark is what Stamp begins with: no slice of a picture does.
const mark uint64 = 0x9e3779b97f4a7c15

const (
	// StampSize is the length of a stamp.
	StampSize = 16
	// StampAt is where in a tag body of video it stands: behind the tag's header,
	// a NAL unit's length and its header.
	StampAt = 5 + 4 + 1
)

// Stamp marks the body of a video tag with the time.
func Stamp(body []byte) {
	binary.BigEndian.PutUint64(body[StampAt:], mark)
	binary.BigEndian.PutUint64(body[StampAt+8:], uint64(Now()))
}

// Now is the time in nanoseconds of the monotonic clock, the same in all processes.
func Now() int64 { return now() }

func now() int64 {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &t) // cannot fail with this clock
	return t.Nano()
}

// media notes the times of a message of media.
func (r *Reception) media(m *chunkStream) {
	r.Last = now()
	if r.First == 0 {
		r.First = r.Last
	}
	if len(m.head) >= StampAt+StampSize && binary.BigEndian.Uint64(m.head[StampAt:]) == mark {
		r.Delays = append(r.Delays, r.Last-int64(binary.BigEndian.Uint64(m.head[StampAt+8:])))
	}
}
