package publish

import (
	"fmt"
	"strings"

	"rtmpwriter/rtmp"
)

// ParseURLs splits URL and BackupURLs as the options say, URL first. StreamKey
// goes to each that does not hold a key of its own behind the delimiter. The results show keys and
// passwords masked wherever they are printed.
func (o *Options) ParseURLs() ([]*rtmp.URL, error) {
	first, err := o.ParseURL()
	if err != nil {
		return nil, err
	}
	urls := []*rtmp.URL{first}
	for i, text := range o.BackupURLs {
		with := *o
		with.URL = text
		if o.URLDelimiter != "" && strings.Contains(text, o.URLDelimiter) {
			with.StreamKey = ""
		}
		u, err := with.ParseURL()
		if err != nil {
			return nil, &OptionError{Name: "backup-urls", Value: "****", Reason: fmt.Sprintf("backup url %d: %v", i+1, err)}
		}
		urls = append(urls, u)
	}
	return urls, nil
}
