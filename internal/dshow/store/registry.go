package store

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp"
)

const (
	// OptionsKey has the defaults of all options, of the machine below HKLM and
	// of the user, which go first, below HKCU.
	OptionsKey = `Software\RTMPWriter`
	// LogKey has LogToFile and TRACE, below HKCU (specification, section 9).
	LogKey = `Software\DebugNano\nRtmpRenderer.ax`
)

// The roots of the registry.
const (
	Machine = "HKLM"
	User    = "HKCU"
)

// Registry reads the registry of Windows.
type Registry interface {
	// Values are the values of a key as text: strings as they stand, numbers in
	// decimal. A key that does not exist has none. The error tells what cannot be
	// read; the other values are returned.
	Values(root, key string) (map[string]string, error)
}

// Defaults are the options of a new filter: those of the specification, over
// them the registry's. What is wrong there is left out, and told with its place.
func Defaults(r Registry) (publish.Options, []error) {
	d := defaults{registry: r, options: publish.DefaultOptions(), places: map[string]string{}}
	for _, root := range []string{Machine, User} {
		d.readOptions(root)
	}
	d.readLog()
	d.checkURL()
	return d.options, d.problems
}

// defaults collects options.
type defaults struct {
	registry Registry
	options  publish.Options
	places   map[string]string // of each option that is given
	problems []error
}

// value is one value of a key.
type value struct{ name, text, place string }

// values are those of a key by their names in lower case: the registry does not
// tell capitals apart. The value without a name is nobody's.
func (d *defaults) values(root, key string) map[string]value {
	read, err := d.registry.Values(root, key)
	if err != nil {
		d.problem(&Error{root + `\` + key, err.Error()})
	}
	values := map[string]value{}
	for name, text := range read {
		if name != "" {
			values[strings.ToLower(name)] = value{name, text, root + `\` + key + `\` + shorten(name)}
		}
	}
	return values
}

func (d *defaults) problem(err error) { d.problems = append(d.problems, err) }

// readOptions takes what one key gives for the options, and for the companions
// that read an option from a file.
func (d *defaults) readOptions(root string) {
	values := d.values(root, OptionsKey)
	taken := func(name string) (value, bool) {
		key := strings.ToLower(Camel(name))
		v, ok := values[key]
		delete(values, key)
		return v, ok && name != ""
	}
	for _, f := range d.options.Fields() {
		given, has := taken(f.Name)
		file, hasFile := taken(f.File)
		switch {
		case has && hasFile:
			d.problem(&Error{file.place, "is left out, since " + given.name + " gives the same option"})
			fallthrough
		case has:
			d.set(f, given.text, given.place)
		case hasFile && file.text != "":
			d.setFromFile(f, file)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		d.unknown(values[key])
	}
}

// unknown tells of a name that is no option's, and which may have been meant.
func (d *defaults) unknown(v value) {
	reason := "no such option"
	for _, f := range d.options.Fields() {
		if letters(f.Name) == letters(v.name) {
			reason += "; write " + Camel(f.Name)
		}
	}
	d.problem(&Error{v.place, reason})
}

// setFromFile sets an option to the first line of a file.
func (d *defaults) setFromFile(f publish.Field, file value) {
	text, err := firstLine(file.text)
	if err != nil {
		d.problem(&publish.OptionError{Name: f.File, Value: file.text, Reason: err.Error(), Source: file.place})
		return
	}
	d.set(f, text, file.place)
}

func (d *defaults) set(f publish.Field, text, place string) {
	err := set(f, text)
	var wrong *publish.OptionError
	if errors.As(err, &wrong) {
		wrong.Source = place
	}
	if err != nil {
		d.problem(err)
		return
	}
	d.places[f.Name] = place
}

// logValues are the names that the filter's log has always had.
var logValues = []struct{ name, option string }{{"LogToFile", "log-file"}, {"TRACE", "trace"}}

// readLog takes what the log's own key gives.
func (d *defaults) readLog() {
	values := d.values(User, LogKey)
	for _, l := range logValues {
		v, ok := values[strings.ToLower(l.name)]
		for _, f := range d.options.Fields() {
			if ok && f.Name == l.option {
				d.set(f, v.text, v.place)
			}
		}
	}
}

// checkURL drops a url that no option can complete, and tells of two keys.
func (d *defaults) checkURL() {
	if d.options.URL == "" {
		return
	}
	_, err := d.options.ParseURL()
	var (
		bad    *rtmp.URLError
		option *publish.OptionError
	)
	switch {
	case errors.As(err, &option):
		option.Source = d.places[option.Name]
		d.problem(option)
	case errors.As(err, &bad) && bad.Part != "stream key": // which the program may give
		d.options.URL = ""
		d.problem(&Error{d.places["url"], err.Error()})
	}
}
