package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"rtmpwriter/internal/settings"
	"rtmpwriter/publish"
)

// newOptions is the command that shows the option table.
func newOptions() *cobra.Command {
	var asJSON, values bool
	cmd := &cobra.Command{
		Use:   "options",
		Short: "Show every option: what it takes, its default, what it does; or the values in force",
		Long: `Options shows every option of the writer with its unit, range, default and
meaning. Each is a flag of publish, a key of the YAML file that --config names,
and an environment variable: RTMPWRITER_ and the name in capitals, with
underscores. The flag goes before the variable, the variable before the file,
the file before the default.

With --values, or --config, it takes the same flags as publish, reads the same file and
variables, and shows the value that each option would have and where that comes
from, secrets masked. So it checks a configuration as publish does, with the
files that the options name and the folder of log-file: a mistake is refused with
its place, and the exit code is 2. Only the url may be missing.`,
		Example: "  rtmpwriter options\n  rtmpwriter options --json\n  rtmpwriter options --values --config rtmpwriter.yaml",
		Args:    usage(cobra.NoArgs),
	}
	flags := newOptionFlags(cmd)
	for _, name := range settings.Names() {
		flags.flags.Lookup(name).Hidden = true // they are what this command prints
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&values, "values", false, "show the values in force and where they come from")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		values = values || cmd.Flags().Changed("config")
		load := func() (*settings.Settings, error) { return settings.Load(settings.Sources{}) }
		if values {
			load = flags.checked
		}
		in, err := load()
		if err != nil {
			return err
		}
		list := describe(in, values)
		out := bufio.NewWriter(os.Stdout)
		switch {
		case asJSON:
			e := json.NewEncoder(out)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			_ = e.Encode(list) // Flush tells
		case values:
			printValues(out, list)
		default:
			printOptions(out, list)
		}
		return out.Flush()
	}
	return cmd
}

// optionEntry is one option as `options` shows it.
type optionEntry struct {
	Name        string   `json:"name"`
	Group       string   `json:"group"`
	Label       string   `json:"label"`
	Help        string   `json:"help"`
	Type        string   `json:"type"`
	Unit        string   `json:"unit,omitempty"`
	Min         *int64   `json:"min,omitempty"`
	Max         *int64   `json:"max,omitempty"`
	OrZero      bool     `json:"or_zero,omitempty"`
	Choices     []string `json:"choices,omitempty"`
	Default     string   `json:"default"`
	CommandLine string   `json:"command_line_default"`
	Unless      string   `json:"command_line_default_unless_given,omitempty"`
	Secret      bool     `json:"secret"`
	Flag        string   `json:"flag"`
	Environment string   `json:"environment"`
	YAML        string   `json:"yaml"`
	File        string   `json:"file,omitempty"`
	Value       *string  `json:"value,omitempty"`
	Source      string   `json:"source,omitempty"`
	takes       string
}

// describe lists the whole table, with the values of in when they are asked
// for.
func describe(in *settings.Settings, values bool) (list []optionEntry) {
	for _, f := range in.Options.Fields() {
		e := optionEntry{
			Name: f.Name, Group: f.Group, Label: f.Label, Help: f.Help, Type: f.Value.Type(),
			Unit: f.Unit, OrZero: f.OrZero, Choices: f.Choices, Default: f.Default, CommandLine: commandLineDefault(f), Unless: f.Unless, Secret: f.Secret,
			Flag: "--" + f.Name, Environment: publish.Environment(f.Name), YAML: f.Name, File: f.File, takes: f.Range(),
		}
		if f.Max != 0 {
			e.Min, e.Max = &f.Min, &f.Max
		}
		if values {
			shown := f.Show()
			e.Value, e.Source = &shown, in.Origin(f.Name)
		}
		list = append(list, e)
	}
	return list
}

func commandLineDefault(f publish.Field) string {
	if f.CommandLine != "" {
		return f.CommandLine
	}
	return f.Default
}

// unless says when a default of the command line does not hold.
func unless(option string) string {
	if option == "" {
		return ""
	}
	return ", unless " + option + " is given"
}

// width is how wide a line for people may be.
const width = 100

// printOptions writes the table for people, in its groups.
func printOptions(w io.Writer, list []optionEntry) {
	group := ""
	for _, e := range list {
		if e.Group != group {
			if group != "" {
				fmt.Fprintln(w)
			}
			group = e.Group
			fmt.Fprintln(w, group)
		}
		facts := []string{e.Name}
		if e.takes != "" {
			facts = append(facts, e.takes)
		}
		if e.Default != "" {
			facts = append(facts, "default "+e.Default)
		}
		if e.CommandLine != e.Default {
			facts = append(facts, "command line "+e.CommandLine+unless(e.Unless))
		}
		if e.Secret {
			facts = append(facts, "secret")
		}
		if e.File != "" {
			facts = append(facts, "or "+e.File)
		}
		wrap(w, "  ", "      ", strings.Join(facts, " · "))
		wrap(w, "      ", "      ", e.Help)
	}
}

// wrap writes text in lines of at most width characters.
func wrap(w io.Writer, first, next, text string) {
	line, empty := first, true
	for word := range strings.FieldsSeq(text) {
		if !empty && len([]rune(line))+1+len([]rune(word)) > width {
			fmt.Fprintln(w, line)
			line, empty = next, true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	fmt.Fprintln(w, line)
}

// printValues writes one line an option: its value, and where that comes from.
func printValues(w io.Writer, list []optionEntry) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, e := range list {
		value := *e.Value
		if value == "" {
			value = `""`
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", e.Name, value, e.Source)
	}
	_ = t.Flush() // the writer below tells
}
