package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
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

func environmentName(flag string) string {
	return "RTMPWRITER_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// fromEnvironment sets every flag that the command line does not from its
// environment variable. An empty variable counts as none.
func fromEnvironment(flags *pflag.FlagSet) (err error) {
	flags.VisitAll(func(f *pflag.Flag) {
		name := environmentName(f.Name)
		text := os.Getenv(name)
		if f.Changed || text == "" || err != nil {
			return
		}
		var wrong *publish.OptionError
		switch cause := f.Value.Set(text); {
		case errors.As(cause, &wrong):
			err = &usageError{fmt.Errorf("environment variable %s: %w", name, cause)}
		case cause != nil:
			err = &usageError{fmt.Errorf("environment variable %s: %q: %w", name, text, cause)}
		}
	})
	return err
}

// resolve takes over the environment and the key file: the command line goes
// before the environment, also where it gives the key in another way.
func (o *optionFlags) resolve(flags *pflag.FlagSet) error {
	if flags.Changed("stream-key") && flags.Changed("stream-key-file") {
		return &usageError{errors.New("the stream key is given twice: --stream-key and --stream-key-file")}
	}
	byHand := o.options.StreamKey
	if err := fromEnvironment(flags); err != nil {
		return err
	}
	if byHand != "" || o.keyFile == "" {
		return nil
	}
	key, err := readKey(o.keyFile)
	if err != nil {
		return &usageError{fmt.Errorf("stream-key-file %s: %w", o.keyFile, err)}
	}
	o.options.StreamKey = key
	return nil
}

// maxKeyFile is far above any stream key with its token.
const maxKeyFile = 64 << 10

// readKey is the first line of a file, without the byte order mark that some
// editors put before it.
func readKey(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", errors.Unwrap(err) // the name is told already
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return "", err
	}
	line, _, _ := bytes.Cut(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), []byte("\n"))
	key := strings.TrimSpace(string(line))
	if key == "" || strings.ContainsRune(key, 0) {
		return "", errors.New("its first line is no stream key")
	}
	return key, nil
}
