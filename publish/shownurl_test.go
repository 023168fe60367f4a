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
