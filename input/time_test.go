package input

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParseTime(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0": 0, "90": 90 * time.Second, "12.5": 12500 * time.Millisecond, "1m30s": 90 * time.Second,
		"01:30": 90 * time.Second, "00:01:30": 90 * time.Second, "02:00:00.25": 2*time.Hour + 250*time.Millisecond,
		"100:00:00": 100 * time.Hour, "0.001": time.Millisecond,
	} {
		got, err := ParseTime(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "x", "-5", "-5s", "1:2:3:4", "1:60", "1.5:00", "1e300", "NaN", "Inf", ":"} {
		_, err := ParseTime(text)
		require.Error(t, err, text)
	}
}

// FuzzParseTime never takes a time that is negative, or longer than hours of six
// digits.
func FuzzParseTime(f *testing.F) {
	for _, seed := range []string{"90", "12.5", "01:02:03.456", "1m30s", "-1", "NaN", "1e5", "999999:59:59.9", "0x10p3", "9223372036s"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseTime(text)
		if err != nil {
			require.Zero(t, got)
			require.NotEmpty(t, err.Error())
			return
		}
		require.GreaterOrEqual(t, got, time.Duration(0))
	})
}
