package settings

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp"
)

// Validate checks the options as a whole, as publish.New does. The error tells
// the place of the option that it is about.
func (s *Settings) Validate() error {
	return s.Place(s.Options.Validate())
}

// Check is Validate, and looks besides at what the options name: files, the
// proxy of the environment. A url may be missing.
func (s *Settings) Check() error {
	o := s.Options
	if o.URL == "" {
		// The rest is checked with a URL that takes everything: it names a user
		// already. Its key stands where the options look for it.
		o.URL = "rtmp://user:password@127.0.0.1/app"
		switch {
		case o.StreamKey == "":
			o.URL += cmp.Or(o.URLDelimiter, "/") + "stream"
		case o.URLDelimiter != "" && strings.Contains(o.URL, o.URLDelimiter):
			o.URLDelimiter, o.BackupURLs = "", nil // such a delimiter needs the real one
		}
	}
	_, _, err := o.Session()
	return s.Place(err)
}

// Place adds to an error about an option where its value came from.
func (s *Settings) Place(err error) error {
	var (
		wrong  *publish.OptionError
		badURL *rtmp.URLError
	)
	switch {
	case errors.As(err, &wrong) && s.origins[wrong.Name] != "":
		placed := *wrong
		placed.Source = s.origins[wrong.Name]
		if wrong.Name == "backup-urls" {
			placed.Source = s.backupPlace()
		}
		return &placed
	case errors.As(err, &badURL):
		return s.placeURL(badURL, err)
	}
	return err
}

// placeURL names the option that gave the wrong part of the URL, unless its
// place is the URL itself.
func (s *Settings) placeURL(bad *rtmp.URLError, err error) error {
	name := "url"
	switch {
	case bad.Part == "delimiter":
		name = "url-delimiter"
	case bad.Part == "stream key" && s.Options.StreamKey != "":
		name = "stream-key"
	}
	switch place := s.origins[name]; place {
	case "":
		return err
	case URLArgument:
		return fmt.Errorf("%s: %w", place, err)
	default:
		return fmt.Errorf("%s: option %s: %w", place, name, err)
	}
}

// backupPlace is the place of the first backup URL that is wrong: its own line
// where a file has a list.
func (s *Settings) backupPlace() string {
	place := s.origins["backup-urls"]
	items := s.items[place]
	for i, text := range s.Options.BackupURLs[:min(len(items), len(s.Options.BackupURLs))] {
		o := s.Options
		if o.URL = text; o.URLDelimiter != "" && strings.Contains(text, o.URLDelimiter) {
			o.StreamKey = "" // it has one
		}
		if _, err := o.ParseURL(); err != nil {
			return items[i]
		}
	}
	return place
}
