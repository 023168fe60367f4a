package publish

import (
	"fmt"
	"strings"

	"rtmpwriter/rtmp"
)

// Validate checks every option against its range and the URL against the
// specification's section 3. The error is an *OptionError or an *rtmp.URLError.
func (o *Options) Validate() error {
	if _, err := o.proxy(); err != nil {
		return err
	}
	for _, f := range o.table() {
		if err := f.check(); err != nil {
			return err
		}
	}
	if err := o.checkTogether(); err != nil {
		return err
	}
	if err := o.checkTimecode(); err != nil {
		return err
	}
	urls, err := o.ParseURLs()
	if err != nil {
		return err
	}
	return o.checkSession(urls)
}

// ParseURL splits URL and StreamKey as the options say. The result shows keys
// and passwords masked wherever it is printed.
func (o *Options) ParseURL() (*rtmp.URL, error) {
	if o.StreamKey != "" {
		if o.URLDelimiter != "" && strings.Contains(o.URL, o.URLDelimiter) {
			return nil, &OptionError{Name: "stream-key", Value: "****", Reason: fmt.Sprintf(
				"the url holds a stream key already, behind %q; give one of them, or an empty url-delimiter", o.URLDelimiter)}
		}
		u, err := rtmp.ParseAppURL(o.URL)
		if err != nil {
			return nil, err
		}
		return u.WithStreamKey(o.StreamKey)
	}
	return rtmp.ParseURL(o.URL, o.URLDelimiter)
}

// String shows the options without their secrets.
func (o Options) String() string {
	shown := "(not a valid URL)"
	if u, err := o.ParseURL(); err == nil {
		shown = u.String()
	}
	return fmt.Sprintf("publish.Options{%s, buffer %d B, chunk %d B, live %t}", shown, o.OutputBufferSize, o.ChunkSize, o.LiveMode)
}

// GoString keeps secrets out of %#v.
func (o Options) GoString() string { return o.String() }
