package timecode

import "fmt"

// Label is one timecode: the name of a frame of a day.
type Label struct {
	// Hours are 0 to 23, Minutes and Seconds 0 to 59.
	Hours, Minutes, Seconds int
	// Frames are 0 to below the labels of a second.
	Frames int
}

// Label names the frame that comes frames after midnight. It begins anew after
// 24 hours.
func (r Rate) Label(frames int64) Label {
	n := frames % r.perDay()
	if n < 0 {
		n += r.perDay()
	}
	if r.skipped > 0 {
		// Put back the labels that were left out before this frame: all of the
		// ten-minute blocks, and those of the minutes in this block. The first
		// minute of a block has all of its labels.
		tens, left := n/r.perTen(), n%r.perTen()
		n += 9 * r.skipped * tens
		if left >= 60*r.labels {
			n += r.skipped * (1 + (left-60*r.labels)/r.perMinute())
		}
	}
	seconds := n / r.labels
	return Label{int(seconds / 3600), int(seconds / 60 % 60), int(seconds % 60), int(n % r.labels)}
}

// Count is how many frames after midnight the label comes. A frame number that
// the rate does not have counts on into the next second, and a label that
// drop-frame leaves out stands for the next one.
func (r Rate) Count(l Label) int64 {
	minutes := int64(l.Hours)*60 + int64(l.Minutes)
	n := (minutes*60+int64(l.Seconds))*r.labels + int64(l.Frames)
	if r.skipped > 0 {
		if l.Seconds == 0 && minutes%10 != 0 && int64(l.Frames) < r.skipped {
			n += r.skipped - int64(l.Frames)
		}
		n -= r.skipped * (minutes - minutes/10)
	}
	return n
}

// In is the label that comes nearest to l, a label of r, when frames are counted
// by other.
func (r Rate) In(other Rate, l Label) Label {
	l.Frames = int(int64(l.Frames) * other.labels / r.labels)
	return other.Label(other.Count(l))
}

// String writes HH:MM:SS:FF.
func (l Label) String() string {
	return fmt.Sprintf("%02d:%02d:%02d:%02d", l.Hours, l.Minutes, l.Seconds, l.Frames)
}
