package settings

import (
	"errors"
	"fmt"
	"slices"

	"rtmpwriter/publish"
)

// Given is the text that a source gives for an option, or for the companion
// that reads the option from a file.
type Given struct {
	Name, Text string
	// Source is where it stands, as errors tell it.
	Source string
}

// Sources are the places to take options from, the strongest last.
type Sources struct {
	// CommandLine begins with the defaults of the command line in place of the
	// library's, but for those that an option given takes back.
	CommandLine bool
	// File is a YAML file; "" for none.
	File string
	// Environment looks up a variable; nil for none. An empty one counts as
	// none.
	Environment func(name string) string
	// Flags are what the command line gives.
	Flags []Given
}

// Settings are the options in force and where each came from.
type Settings struct {
	Options publish.Options
	fields  map[string]publish.Field
	// owner leads from a companion to its option.
	owner   map[string]string
	origins map[string]string
	// files are the companions in force, by their option.
	files map[string]Given
	// items are the places of a list's values, by the list's own place.
	items map[string][]string
}

// URLArgument is the source of a url that stands on the command line by itself:
// no name of an option goes with it.
const URLArgument = "the URL argument"

// Default is the origin of an option that nobody gave.
const Default = "default"

// Load takes the options from all sources. Every value is checked, also one
// that a stronger source overrides: the error is a *publish.OptionError or an
// *Error, with the place.
func Load(from Sources) (*Settings, error) {
	s := &Settings{
		Options: publish.DefaultOptions(),
		fields:  map[string]publish.Field{}, owner: map[string]string{}, origins: map[string]string{}, files: map[string]Given{}, items: map[string][]string{},
	}
	for _, f := range s.Options.Fields() {
		s.fields[f.Name] = f
		if f.File != "" {
			s.owner[f.File] = f.Name
		}
	}
	var file []Given
	if from.File != "" {
		var err error
		if file, s.items, err = readFile(from.File); err != nil {
			return nil, err
		}
	}
	for _, layer := range [][]Given{file, s.environment(from.Environment), from.Flags} {
		if err := s.apply(layer); err != nil {
			return nil, err
		}
	}
	if from.CommandLine {
		if err := s.ownDefaults(); err != nil {
			return nil, err
		}
	}
	return s, s.readCompanions()
}

// ownDefaults are those of the command line: for what nobody gave, and unless
// they would override what somebody gave.
func (s *Settings) ownDefaults() error {
	for _, f := range s.Options.Fields() {
		if f.CommandLine == "" || s.origins[f.Name] != "" {
			continue
		}
		if given := s.origins[f.Unless]; given != "" {
			s.origins[f.Name] = fmt.Sprintf("%s, since %s is given (%s)", Default, f.Unless, given)
		} else if err := f.Set(f.CommandLine); err != nil {
			return err
		}
	}
	return nil
}

// environment is what the environment gives.
func (s *Settings) environment(lookup func(string) string) (given []Given) {
	if lookup == nil {
		return nil
	}
	for _, name := range Names() {
		variable := publish.Environment(name)
		if text := lookup(variable); text != "" {
			given = append(given, Given{name, text, "environment variable " + variable})
		}
	}
	return given
}

// Names lists every option, each companion behind its own.
func Names() (names []string) {
	o := publish.DefaultOptions()
	for _, f := range o.Fields() {
		names = append(names, f.Name)
		if f.File != "" {
			names = append(names, f.File)
		}
	}
	return names
}

// apply takes over what one source gives. An option and its companion are two
// ways to give one thing: the stronger source's way is taken.
func (s *Settings) apply(layer []Given) error {
	for i, g := range layer {
		f, companion := s.fields[g.Name], false
		if name, ok := s.owner[g.Name]; ok {
			f, companion = s.fields[name], true
		}
		if f.Name == "" {
			return &Error{g.Source, unknown(g.Name)}
		}
		if twin := slices.IndexFunc(layer[:i], func(other Given) bool { return f.File != "" && (other.Name == f.Name || other.Name == f.File) }); twin >= 0 {
			return &Error{g.Source, fmt.Sprintf("%s is given twice: as %s and as %s (%s)", f.Name, g.Name, layer[twin].Name, layer[twin].Source)}
		}
		delete(s.files, f.Name)
		text := g.Text
		if companion {
			text = f.Default
			s.files[f.Name] = g
		}
		if err := s.set(f, text, g.Source); err != nil {
			return err
		}
	}
	return nil
}

func (s *Settings) set(f publish.Field, text, source string) error {
	err := f.Set(text)
	var wrong *publish.OptionError
	if errors.As(err, &wrong) {
		wrong.Source = source
		return wrong
	}
	s.origins[f.Name] = source
	return err
}

// Origin tells where the option's value came from: Default, or the source.
func (s *Settings) Origin(name string) string {
	if source := s.origins[name]; source != "" {
		return source
	}
	return Default
}

// Error refuses what a source gives where that is no option's value.
type Error struct {
	// Source is the place: a file, with its line where there is one, a variable
	// or a flag.
	Source string
	// Reason is what is wrong there.
	Reason string
}

// Error tells the place and the reason.
func (e *Error) Error() string { return e.Source + ": " + e.Reason }
