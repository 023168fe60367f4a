package dshow

import (
	"errors"
	"slices"

	"rtmpwriter/publish"
)

// Fields is the option table over a copy of the options.
func (r *Renderer) Fields() []publish.Field {
	o := r.Options()
	return o.Fields()
}

// Options is a copy of the options. It holds secrets.
func (r *Renderer) Options() publish.Options {
	r.mu.Lock()
	defer r.mu.Unlock()
	o := r.options
	o.BackupURLs = slices.Clone(o.BackupURLs)
	return o
}

// Defaults are the options of a new filter of this machine and user.
func (r *Renderer) Defaults() publish.Options { return r.defaults }

// SetOption sets one option. kept tells that it waits for the next connection,
// since there is one now that goes on as it is. The error is a
// *publish.OptionError or, for a url, an *rtmp.URLError; nothing is changed then,
// nor by a secret's own masked text.
func (r *Renderer) SetOption(name, text string) (kept bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	o := r.options
	fields := o.Fields()
	i := slices.IndexFunc(fields, func(f publish.Field) bool { return f.Name == name })
	if i < 0 {
		return false, &publish.OptionError{Name: name, Reason: "there is no such option"}
	}
	if fields[i].Secret && text != "" && text == fields[i].Show() && text != fields[i].Value.String() {
		return false, nil // what was read masked and is written back
	}
	if err := fields[i].Set(text); err != nil {
		return false, err
	}
	if err := checkURLs(name, o); err != nil {
		return false, err
	}
	r.take(o)
	return r.busy() && !fields[i].WhileStreaming, nil
}

// checkURLs checks the option where it is one of URLs.
func checkURLs(name string, o publish.Options) error {
	switch {
	case name == "url" && o.URL != "":
		return checkURL(o)
	case name == "backup-urls":
		for _, url := range o.BackupURLs {
			backup := o
			backup.URL, backup.StreamKey = url, ""
			if err := checkURL(backup); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkURL refuses a url that can never be published to. What is missing may
// come in an option of its own.
func checkURL(o publish.Options) error {
	_, err := o.ParseURL()
	if err == nil || o.StreamKey != "" {
		return err
	}
	keyed := o
	keyed.StreamKey = "key"
	if _, withKey := keyed.ParseURL(); withKey == nil {
		return nil
	}
	return err
}

// Restore takes over all options at once, as they were saved.
func (r *Renderer) Restore(o publish.Options) (kept bool, err error) {
	checked := o
	for _, f := range checked.Fields() {
		if err := f.Set(f.Value.String()); err != nil {
			return false, err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.take(o)
	return r.busy(), nil
}

// take puts options in force. r.mu is held.
func (r *Renderer) take(o publish.Options) {
	r.options, r.dirty = o, true
}

// Dirty tells that the options have changed since SetClean.
func (r *Renderer) Dirty() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.dirty
}

// SetClean notes that the options are saved.
func (r *Renderer) SetClean() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.dirty = false
}

var errNoURL = errors.New("no url: set one with IFileSinkFilter::SetFileName, or on the property page")
