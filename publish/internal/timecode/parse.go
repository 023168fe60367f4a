package timecode

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Start is where a stream's timecode begins, as a user writes it. The zero Start
// is midnight.
type Start struct {
	label     Label
	dropFrame bool
	// milli are the milliseconds of the second, in place of label.Frames.
	milli   int
	isMilli bool
}

const (
	// dayMillis are the milliseconds of a day.
	dayMillis = 24 * 3600 * 1000
	// maxText is longer than any timecode.
	maxText = 32
)

var errForm = errors.New("must be HH:MM:SS:FF (HH:MM:SS;FF for drop-frame), HH:MM:SS.mmm or milliseconds")

// Parse reads HH:MM:SS:FF, HH:MM:SS;FF (drop-frame), HH:MM:SS.mmm or a number of
// milliseconds, all within a day. Frame numbers are checked against 60 frames a
// second, because the stream's rate is not known yet. The error says what is wrong
// with the text, which it does not repeat.
func Parse(text string) (Start, error) {
	text = strings.TrimSpace(text)
	if len(text) > maxText {
		return Start{}, errForm
	}
	if !strings.ContainsAny(text, ":;.") {
		return parseMillis(text)
	}
	var s Start
	at := strings.LastIndexAny(text, ":;.")
	clock, last := text[:at], text[at+1:]
	parts := strings.Split(clock, ":")
	if len(parts) != 3 {
		return Start{}, errForm
	}
	var err error
	for i, part := range []struct {
		into  *int
		limit int
		name  string
	}{{&s.label.Hours, 23, "hours"}, {&s.label.Minutes, 59, "minutes"}, {&s.label.Seconds, 59, "seconds"}} {
		if *part.into, err = digits(parts[i], 2, part.limit, part.name); err != nil {
			return Start{}, err
		}
	}
	if text[at] == '.' {
		s.isMilli = true
		s.milli, err = digits(last, 3, 999, "milliseconds")
	} else {
		s.dropFrame = text[at] == ';'
		s.label.Frames, err = digits(last, 2, maxLabels-1, "frames")
	}
	if err != nil {
		return Start{}, err
	}
	return s, s.exists()
}

// parseMillis reads a bare number.
func parseMillis(text string) (Start, error) {
	n, err := strconv.ParseUint(text, 10, 63)
	switch {
	case errors.Is(err, strconv.ErrRange) || err == nil && n >= dayMillis:
		return Start{}, fmt.Errorf("must be below %d milliseconds, which are 24 hours", dayMillis)
	case err != nil:
		return Start{}, errForm
	}
	seconds := int(n / 1000)
	return Start{
		label: Label{Hours: seconds / 3600, Minutes: seconds / 60 % 60, Seconds: seconds % 60},
		milli: int(n % 1000), isMilli: true,
	}, nil
}

// digits reads a number of exactly count digits.
func digits(text string, count, limit int, name string) (int, error) {
	if len(text) != count || strings.Trim(text, "0123456789") != "" {
		return 0, errForm
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, errForm
	}
	if n > limit {
		return 0, fmt.Errorf("its %s are %d: at most %d", name, n, limit)
	}
	return n, nil
}

// exists refuses the labels that drop-frame leaves out at every rate.
func (s Start) exists() error {
	if l := s.label; s.dropFrame && l.Seconds == 0 && l.Minutes%10 != 0 && l.Frames < 2 {
		return fmt.Errorf("drop-frame has no %02d:%02d:00;%02d: each minute but every tenth begins with ;02, or ;04 at 59.94 frames/s", l.Hours, l.Minutes, l.Frames)
	}
	return nil
}

// DropFrame tells that the text asked for drop-frame.
func (s Start) DropFrame() bool { return s.dropFrame }

// Label is the first label at the rate. exact tells that the rate has the label
// that was asked for; where it has not, the next one stands for it.
func (s Start) Label(r Rate) (l Label, exact bool) {
	l = s.label
	if s.isMilli {
		l.Frames = int(int64(s.milli) * r.labels / 1000)
		return r.Label(r.Count(l)), true
	}
	found := r.Label(r.Count(l))
	return found, found == l && r.DropFrame() == s.dropFrame
}
