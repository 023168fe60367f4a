//go:build unix

package main

import (
	"os"
	"strings"
	"unsafe"
)

// hideArguments returns the command line's arguments, and masks those that hold
// secrets where the system shows them (ps, /proc): on Unix the strings of
// os.Args are the very memory that it reads.
func hideArguments() []string {
	args := make([]string, len(os.Args)-1)
	for i, arg := range os.Args[1:] {
		args[i] = strings.Clone(arg)
	}
	for i, arg := range args {
		if masked := maskArgument(args, i); masked != arg {
			shown := unsafe.Slice(unsafe.StringData(os.Args[i+1]), len(arg)) //nolint:gosec // see above
			n := copy(shown, masked)
			clear(shown[n:])
		}
	}
	return args
}
