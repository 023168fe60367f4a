package timecode

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]struct {
		fps   float64
		label string
		exact bool
	}{
		"0":            {25, "00:00:00:00", true},
		"00:00:00:00":  {23.976, "00:00:00:00", true},
		"10:20:30:24":  {25, "10:20:30:24", true},
		"10:20:30:25":  {25, "10:20:31:00", false}, // that rate has none
		"01:00:00;00":  {29.97, "01:00:00:00", true},
		"00:01:00;02":  {29.97, "00:01:00:02", true},
		"00:01:00;03":  {59.94, "00:01:00:04", false}, // exists at 29.97 only
		"00:10:00;00":  {59.94, "00:10:00:00", true},
		"01:00:00;05":  {25, "01:00:00:05", false}, // no drop-frame at 25
		"01:02:03.500": {50, "01:02:03:25", true},
		"01:02:03.999": {24, "01:02:03:23", true},
		"3661500":      {30, "01:01:01:15", true},
		"\t86399999\n": {25, "23:59:59:24", true},
	} {
		s, err := Parse(text)
		require.NoError(t, err, text)
		label, exact := s.Label(RateOf(want.fps, s.DropFrame()))
		require.Equal(t, want.label, label.String(), text)
		require.Equal(t, want.exact, exact, text)
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	for text, reason := range map[string]string{
		"":                    "must be HH:MM:SS:FF",
		"noon":                "must be HH:MM:SS:FF",
		"-1":                  "must be HH:MM:SS:FF",
		"1.5":                 "must be HH:MM:SS:FF",
		"1:2:3:4":             "must be HH:MM:SS:FF",
		"00:00:00":            "must be HH:MM:SS:FF",
		"00;00;00;00":         "must be HH:MM:SS:FF",
		"00:00:00.5":          "must be HH:MM:SS:FF",
		"00:00:00:+1":         "must be HH:MM:SS:FF",
		"00:00:00:0٣":         "must be HH:MM:SS:FF",
		"24:00:00:00":         "hours are 24: at most 23",
		"00:60:00:00":         "minutes are 60: at most 59",
		"00:00:60.000":        "seconds are 60: at most 59",
		"00:00:00:60":         "frames are 60: at most 59",
		"86400000":            "below 86400000 milliseconds",
		"9999999999999999999": "below 86400000 milliseconds",
		"00:01:00;00":         "drop-frame has no 00:01:00;00",
		"00:59:00;01":         "drop-frame has no 00:59:00;01",
	} {
		_, err := Parse(text)
		require.ErrorContains(t, err, reason, "%q", text)
	}
}

// FuzzParse checks that any text is taken or refused, and that what is taken is
// a label that the rate has.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"0", "01:02:03:04", "00:01:00;02", "00:01:00;00", "23:59:59.999", "86399999", "::;", "00:00:00:0٣"} {
		f.Add(text, 29.97)
	}
	f.Fuzz(func(t *testing.T, text string, fps float64) {
		s, err := Parse(text)
		if err != nil {
			return
		}
		r := RateOf(fps, s.DropFrame())
		l, _ := s.Label(r)
		require.Equal(t, l, r.Label(r.Count(l)), "%q at %v", text, fps)
	})
}
