package publish

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A URL without a key shows as it is; one with a key, or with what may be one,
// hides that, also when it can't be split.
func TestFieldsShowURLsWithoutTheirSecrets(t *testing.T) {
	for _, c := range []struct{ url, delimiter, key, want string }{
		{"rtmp://h/app", "+", "", "rtmp://h/app"},
		{"rtmp://h/app/", "+", "", "rtmp://h/app"},
		{"rtmp://user:s3cret@h/app", "+", "", "rtmp://user:****@h/app"},
		{"rtmp://h/app?token=s3cret", "+", "", "rtmp://h/app?token=****"},
		{"rtmp://h/app/s3cret", "+", "", "rtmp://h/app/****"},
		{"rtmp://h/app+s3cret", "+", "", "rtmp://h/app/****"},
		{"rtmp://h/app/s3cret/", "+", "", "****"},
		{"rtmp://h/app+s3cret ", "+", "", "****"},
		{"rtmp://h/app+s3cret", "#", "", "rtmp://h/app+****"}, // another delimiter than the one that is set
		{"rtmp://h/app#s3cret", "+", "", "rtmp://h/app#****"},
		{"rtmp://me:12/s3cret@h/app/key", "+", "", "rtmp://****"},
		{"rtmp://h/app+s3cret", "+", "other", "****"},
		{"rtmp://h/app", "+", "s3cret key", "****"},
		{"rtmp://h:0/app", "+", "", "****"},
		{"s3cret", "+", "", "****"},
	} {
		o := DefaultOptions()
		o.URL, o.URLDelimiter, o.StreamKey = c.url, c.delimiter, c.key
		require.Equal(t, c.want, o.Fields()[0].Show(), c.url)
	}
}

// Of backup URLs scheme and host are shown; of a list with anything else in it, such
// as the half of a password that a blank divides, nothing.
func TestFieldsShowBackupURLsWithoutTheirSecrets(t *testing.T) {
	for text, want := range map[string]string{
		"rtmp://h/app/s3cret":                      "rtmp://h/****",
		"rtmp://h:1936/app+s3cret RTMPS://[::1]/a": "rtmp://h:1936/**** RTMPS://[::1]/****",
		"rtmp://h+s3cret":                          "rtmp://h/****",
		"rtmp://me:s3/cret@h/app":                  "rtmp://****",
		"rtmp:h:1936/app/s3cret":                   "rtmp://h:1936/****", // the slashes may be missing
		"rtmp:h/app+s3cret rtmp:me:s3cret@h/app/k": "rtmp://h/**** rtmp://****",
		"rtmp:me:s3cret":                           "****",
		"rtmp://me:s3cret":                         "****",
		"rtmp://me:s3 cret@h/app/key":              "****",
		"rtmp://me:1935 secret@h/app/key":          "****",
		"rtmp://h/app/key s3cret":                  "****",
		"socks5://s3cret":                          "****",
		"s3cret":                                   "****",
	} {
		for _, field := range new(Options).Fields() {
			if field.Name == "backup-urls" {
				require.Equal(t, want, field.ShowText(text), text)
			}
		}
	}
}
