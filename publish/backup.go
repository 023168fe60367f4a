package publish

import (
	"fmt"

	"rtmpwriter/rtmp"
)

// ParseURLs splits URL and BackupURLs as the options say, URL first. With
// StreamKey all of them are URLs of an application, and the key goes to each;
// where the keys differ, they stand in the URLs. The results show keys and
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
		u, err := with.ParseURL()
		if err != nil {
			return nil, &OptionError{Name: "backup-urls", Value: "****", Reason: fmt.Sprintf("backup url %d: %v", i+1, err)}
		}
		urls = append(urls, u)
	}
	return urls, nil
}
