package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rtmpwriter/internal/settings"
	"rtmpwriter/internal/tracelog"
	"rtmpwriter/publish"
)

// optionFlags binds the engine's option table to a command's flags. Nothing is
// checked until resolve, which knows where each value came from.
type optionFlags struct {
	flags  *pflag.FlagSet
	config string
	// url is the URL that is given as an argument.
	url string
}

// newOptionFlags adds a flag for every option, or for those named only, and for
// its companion.
func newOptionFlags(cmd *cobra.Command, only ...string) *optionFlags {
	o := &optionFlags{flags: cmd.Flags()}
	defaults := publish.DefaultOptions()
	for _, f := range defaults.Fields() {
		if len(only) > 0 && !slices.Contains(only, f.Name) {
			continue
		}
		shown := f.Default
		if f.CommandLine != "" {
			shown = f.CommandLine
		}
		flag := o.flags.VarPF(&textFlag{text: shown, kind: f.Value.Type()}, f.Name, "", helpOf(f))
		if f.IsBool() {
			flag.NoOptDefVal = "on"
		}
		if f.File != "" {
			o.flags.Var(&textFlag{kind: "file"}, f.File, "read "+f.Name+" from the first line of this file")
		}
	}
	if len(only) > 0 {
		return o
	}
	o.flags.StringVar(&o.config, "config", "", "read options from this YAML file; the environment and the command line go before it")
	return o
}

// helpOf is an option's help with what it takes.
func helpOf(f publish.Field) string {
	if f.Unless != "" {
		return f.Help + "; " + f.CommandLine + unless(f.Unless)
	}
	if f.Unit != "" {
		return fmt.Sprintf("%s (%s, %s)", f.Help, f.Unit, f.Bounds())
	}
	return f.Help
}

// textFlag keeps what the command line gives for an option as it is. A secret
// has no default, so that help shows none.
type textFlag struct{ text, kind string }

func (v *textFlag) String() string     { return v.text }
func (v *textFlag) Set(s string) error { v.text = s; return nil }
func (v *textFlag) Type() string       { return v.kind }

// setURL takes the URL that is given as an argument.
func (o *optionFlags) setURL(url string) error {
	if o.flags.Changed("url") {
		return &usageError{errors.New("the URL is given twice: as an argument and as --url")}
	}
	o.url = url
	return nil
}

// resolve puts the options together: the defaults of the command line, the
// file, the environment, the flags.
func (o *optionFlags) resolve() (*settings.Settings, error) {
	if err := fromEnvironment(o.flags); err != nil {
		return nil, err
	}
	var given []settings.Given
	for _, name := range settings.Names() {
		if f := o.flags.Lookup(name); f != nil && f.Changed {
			given = append(given, settings.Given{Name: name, Text: f.Value.String(), Source: "--" + name})
		}
	}
	if o.url != "" {
		given = append(given, settings.Given{Name: "url", Text: o.url, Source: settings.URLArgument})
	}
	return settings.Load(settings.Sources{CommandLine: true, File: o.config, Environment: o.variable, Flags: given})
}

// checked is resolve with all the checks that come before publishing.
func (o *optionFlags) checked() (*settings.Settings, error) {
	in, err := o.resolve()
	if err != nil {
		return nil, err
	}
	if err := in.Check(); err != nil {
		return nil, err
	}
	return in, in.Place(tracelog.Check(in.Options.LogFile))
}

// variable is the environment variable of an option that the command has.
func (o *optionFlags) variable(name string) string {
	for _, option := range settings.Names() {
		if publish.Environment(option) == name && o.flags.Lookup(option) != nil {
			return os.Getenv(name)
		}
	}
	return ""
}

// fromEnvironment sets the flags that are no options of the engine, and that
// the command line does not set, from their environment variables. An empty
// variable counts as none.
func fromEnvironment(flags *pflag.FlagSet) (err error) {
	flags.VisitAll(func(f *pflag.Flag) {
		name := publish.Environment(f.Name)
		text := os.Getenv(name)
		if _, option := f.Value.(*textFlag); option || f.Changed || text == "" || err != nil {
			return
		}
		if cause := f.Value.Set(text); cause != nil {
			if number := (*strconv.NumError)(nil); errors.As(cause, &number) {
				cause = errors.New(mustBe(f))
			}
			err = &usageError{fmt.Errorf("environment variable %s: %q: %w", name, text, cause)}
		}
	})
	return err
}
