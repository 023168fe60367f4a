package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rtmpwriter/internal/settings"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp"
)

// The exit codes; the manual lists them.
const (
	exitOK          = 0   // all was sent
	exitFailure     = 1   // anything else, such as frames that did not arrive in the demo
	exitUsage       = 2   // wrong command line, option or URL
	exitInput       = 3   // the input is missing, damaged or not supported
	exitConnection  = 4   // the server could not be reached, or the connection broke, perhaps for a while
	exitRefused     = 5   // the server refused
	exitInterrupted = 130 // SIGINT or SIGTERM
)

// exitHelp is the manual's list of exit codes.
const exitHelp = `Exit codes:
  0    all was sent
  1    another failure
  2    wrong command line, option or URL
  3    the input is missing, damaged or not supported; what is whole was sent
  4    the server could not be reached, or the connection broke: also when it was
       made again, if frames were lost or outage-buffer is off
  5    the server refused
  130  interrupted (what was queued has been sent, and the stream closed)`

// usageError is a mistake on the command line.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// usage makes the errors of a check of arguments usage errors.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return &usageError{err}
		}
		return nil
	}
}

// inputError is a fault of the input; name is empty where err has it.
type inputError struct {
	name string
	err  error
}

func (e *inputError) Error() string {
	if e.name == "" {
		return e.err.Error()
	}
	return fmt.Sprintf("input %s: %v", e.name, e.err)
}
func (e *inputError) Unwrap() error { return e.err }

// lostError tells of connections that were lost and made again. Frames went with
// them: those counted and, where none are held for an outage, what the network
// had on its way. Of those counted the server may have some.
type lostError struct {
	frames, reconnects int
	held, newest       bool // as outage-buffer and outage-mode say
}

func (e *lostError) Error() string {
	text := fmt.Sprintf("the connection was lost and made again %s: %s missing", times(e.reconnects), counted(e.frames, "frame may be", "frames may be"))
	switch {
	case e.newest:
		return text + ", left out for the newest keyframe (outage-mode live)"
	case e.held:
		return text + "; a larger outage-buffer or outage-memory, or an outage-spool, holds more"
	}
	return text + ", and so may what was under way (outage-buffer is off)"
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// counted is a number with its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// exitCode reports err of the command line args to the user and tells the code to
// exit with.
func exitCode(root *cobra.Command, args []string, err error) int {
	if err == nil {
		return exitOK
	}
	fmt.Fprintln(os.Stderr, "rtmpwriter:", maskArguments(err.Error(), slices.Concat(args, variables())))
	code := codeOf(err)
	if code == exitUsage {
		fmt.Fprintf(os.Stderr, "Try '%s --help'.\n", root.Name())
	}
	return code
}

// variables are those of the environment that are the program's, with their names.
func variables() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool { return !strings.HasPrefix(v, publish.Environment("")) })
}

func codeOf(err error) int {
	var (
		usage  *usageError
		option *publish.OptionError
		given  *settings.Error
		badURL *rtmp.URLError
		input  *inputError
		status *rtmp.StatusError
		op     *rtmp.OpError
		lost   *lostError
	)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errInterrupted):
		return exitInterrupted
	case errors.As(err, &usage), errors.As(err, &option), errors.As(err, &given), errors.As(err, &badURL):
		return exitUsage
	case errors.As(err, &input):
		return exitInput
	case errors.As(err, &status):
		return exitRefused
	case errors.As(err, &op), errors.As(err, &lost):
		return exitConnection
	default:
		return exitFailure
	}
}
