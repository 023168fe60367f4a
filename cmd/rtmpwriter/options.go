package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rtmpwriter/publish"
)

// optionFlags binds the engine's option table to a command's flags, and fills
// in what the environment gives and the command line does not.
type optionFlags struct {
	options publish.Options
	keyFile string
}

// newOptionFlags adds a flag for every option. The defaults are those that the
// specification gives the command line.
func newOptionFlags(cmd *cobra.Command) *optionFlags {
	o := &optionFlags{options: publish.DefaultOptions()}
	o.options.TCPNoDelay = true
	for _, f := range o.options.Fields() {
		help := f.Help
		if f.Unit != "" {
			help += fmt.Sprintf(" (%s, %d to %d)", f.Unit, f.Min, f.Max)
		}
		flag := cmd.Flags().VarPF(fieldFlag{f}, f.Name, "", help)
		if b, ok := f.Value.(interface{ IsBoolFlag() bool }); ok && b.IsBoolFlag() {
			flag.NoOptDefVal = "on"
		}
	}
	cmd.Flags().StringVar(&o.keyFile, "stream-key-file", "", "read the stream key from the first line of this file")
	return o
}

// fieldFlag makes a pflag.Value of an option.
type fieldFlag struct{ field publish.Field }

func (v fieldFlag) String() string     { return v.field.Show() }
func (v fieldFlag) Set(s string) error { return v.field.Set(s) }
func (v fieldFlag) Type() string       { return v.field.Value.Type() }

func environmentName(option string) string {
	return "RTMPWRITER_" + strings.ToUpper(strings.ReplaceAll(option, "-", "_"))
}

// resolve takes over the environment and the key file: the command line goes
// before the environment.
func (o *optionFlags) resolve(flags *pflag.FlagSet) error {
	for _, f := range o.options.Fields() {
		name := environmentName(f.Name)
		text, ok := os.LookupEnv(name)
		if !ok || flags.Changed(f.Name) || (f.Name == "url" && o.options.URL != "") {
			continue
		}
		if err := f.Set(text); err != nil {
			return &usageError{fmt.Errorf("environment variable %s: %w", name, err)}
		}
	}
	if o.keyFile == "" && !flags.Changed("stream-key") {
		o.keyFile = os.Getenv(environmentName("stream-key-file"))
	}
	if o.keyFile == "" {
		return nil
	}
	text, err := os.ReadFile(o.keyFile)
	if err != nil {
		return &usageError{fmt.Errorf("stream-key-file: %w", err)}
	}
	key, _, _ := strings.Cut(string(text), "\n")
	if o.options.StreamKey = strings.TrimSpace(key); o.options.StreamKey == "" {
		return &usageError{fmt.Errorf("stream-key-file %s: its first line is empty", o.keyFile)}
	}
	return nil
}
