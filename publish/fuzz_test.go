package publish

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzOption gives any text to any option: it is taken, and reads back as the same,
// or the error says which option it is and leaves the value as it was. Of a secret
// option neither the error nor what is shown has the query, the key or the
// password, which the target puts into the text.
func FuzzOption(f *testing.F) {
	o := DefaultOptions()
	for i, field := range o.Fields() {
		f.Add(uint8(i), field.Default, "")
		f.Add(uint8(i), "rtmp://me:", "@127.0.0.1/live+k")
		f.Add(uint8(i), "rtmp://127.0.0.1/live+", "")
		f.Add(uint8(i), "socks5://me:", "@127.0.0.1:1080")
		f.Add(uint8(i), `{"a":"`, `"}`)
		f.Add(uint8(i), "9", "")
	}
	const secret = "Sesame77Open"
	f.Fuzz(func(t *testing.T, i uint8, before, behind string) {
		o := DefaultOptions()
		fields := o.Fields()
		field := fields[int(i)%len(fields)]
		text, old := before+behind, field.Value.String()
		if hides(before, behind) {
			text = before + secret + behind
		}
		err := field.Set(text)
		shown := field.Show() + field.ShowText(text)
		if err != nil {
			var wrong *OptionError
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, field.Name, wrong.Name)
			require.Equal(t, old, field.Value.String())
			shown += err.Error()
		} else {
			again := field.Value.String()
			require.NoError(t, field.Set(again), again)
			require.Equal(t, again, field.Value.String())
		}
		if err := o.Validate(); err != nil {
			shown += err.Error()
		}
		if field.Secret && hides(before, behind) {
			require.NotContains(t, shown, secret)
		}
	})
}

// hides tells texts in whose middle a secret stands: a key behind the application, a
// value of a query, a password between user name and host, a value of an object.
func hides(before, behind string) bool {
	_, rest, ok := strings.Cut(before, "://")
	switch {
	case strings.HasPrefix(before, `{"`):
		return true
	case !ok || strings.ContainsAny(before, " \t\r\n"):
		return false
	case strings.Contains(behind, "@"):
		return rest == "me:"
	}
	return strings.HasSuffix(rest, "/live+") || strings.HasSuffix(rest, "/live/") || strings.HasSuffix(rest, "?token=")
}
