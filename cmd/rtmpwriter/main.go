// Command rtmpwriter publishes encoded media to RTMP servers.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rtmpwriter/internal/settings"
)

// version is set by the linker (see the Makefile).
var version = "dev"

func main() {
	args := hideArguments()
	hushCompletion(args)
	ctx := interruptible(context.Background())
	oneProcessor(args)
	root := newRoot()
	root.SetArgs(args)
	os.Exit(exitCode(root, args, root.ExecuteContext(ctx)))
}

// hushCompletion throws away what a shell's request for completions says of mistakes,
// which no shell shows: it repeats the whole line, with the secrets in it.
func hushCompletion(args []string) {
	if len(args) == 0 || args[0] != cobra.ShellCompRequestCmd && args[0] != cobra.ShellCompNoDescRequestCmd {
		return
	}
	if nowhere, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		os.Stderr = nowhere
	}
}

// oneProcessor lets one thread at a time run Go where a single stream is published:
// it fills no more, and waking a second one for every frame costs more than the frame.
// The environment variable GOMAXPROCS still has its way.
func oneProcessor(args []string) {
	if len(args) > 0 && args[0] == "publish" && os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(1)
	}
}

// newRoot builds the command tree.
func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "rtmpwriter",
		Short: "Publish encoded media to RTMP servers",
		Long: `rtmpwriter takes H.264 and AAC as they are, from files and pipes, and keeps
them flowing to an RTMP server. Nothing is decoded or coded again.`,
		Example: `  rtmpwriter demo
  rtmpwriter publish clip.mp4 rtmp://127.0.0.1/live+myStream
  ffmpeg ... -f mpegts - | rtmpwriter publish - rtmp://127.0.0.1/live/myStream
  rtmpwriter check rtmp://127.0.0.1/live/myStream
  rtmpwriter probe clip.mp4`,
		Version:           version,
		SilenceErrors:     true,
		SilenceUsage:      true,
		DisableAutoGenTag: true,
		Args:              cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			err := fmt.Errorf("unknown command %q", args[0])
			if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
				err = fmt.Errorf("%w: did you mean %s?", err, near[0])
			}
			return &usageError{err}
		},
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return &usageError{plainWords(suggestFlag(cmd, err))} })
	root.AddCommand(newPublish(), newCheck(), newDemo(), newProbe(), newOptions(), newGenerate())
	return root
}

// plainWords says of a value that a flag refused what it must be, where the cause
// speaks of the program's insides.
func plainWords(err error) error {
	var wrong *pflag.InvalidValueError
	var number *strconv.NumError
	if !errors.As(err, &wrong) || !errors.As(err, &number) {
		return err
	}
	return fmt.Errorf("--%s %q: %s", wrong.GetFlag().Name, wrong.GetValue(), mustBe(wrong.GetFlag()))
}

// mustBe says what a flag that is no option of the engine takes.
func mustBe(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "bool":
		return "must be true or false"
	case "float64":
		return "must be a number"
	}
	return "must be a whole number"
}

// suggestFlag says what is wrong with a flag, and of an unknown one which may be
// meant. Of what was typed it tells no more than a name: what follows may be a key.
func suggestFlag(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	switch {
	case errors.As(err, new(*pflag.InvalidSyntaxError)):
		return errors.New("bad flag syntax: a flag is written --name=value or --name value")
	case !errors.As(err, &unknown):
		return err
	case unknown.GetSpecifiedShortnames() != "":
		return fmt.Errorf("unknown flag: -%s", unknown.GetSpecifiedName())
	}
	name := unknown.GetSpecifiedName()
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if near := settings.Nearest(name, names); near != "" {
		return fmt.Errorf("unknown flag: --%s: did you mean --%s?", settings.ShownName(name), near)
	}
	return fmt.Errorf("unknown flag: --%s", settings.ShownName(name))
}
