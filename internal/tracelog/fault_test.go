package tracelog

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
)

// A disk that is full is told once; the console goes on.
func TestAFullDiskIsToldOnce(t *testing.T) {
	const full = "/dev/full"
	if _, err := os.Stat(full); err != nil {
		return // the system has no such file
	}
	var console bytes.Buffer
	var told []error
	l, err := Open(Config{File: full, Trace: 3, Console: &console, Fault: func(err error) { told = append(told, err) }})
	require.NoError(t, err)
	l.Info("one")
	l.Warn("two")
	l.File.Warn("three")
	require.NoError(t, l.Close())
	require.Len(t, told, 1)
	var wrong *publish.OptionError
	require.ErrorAs(t, told[0], &wrong)
	require.EqualError(t, told[0], `option log-file = "/dev/full": can't be written, so that the log has gaps: no space left on device`)
	require.Contains(t, console.String(), "msg=one")
	require.Contains(t, console.String(), "msg=two")

	l, err = Open(Config{File: full})
	require.NoError(t, err)
	l.Error("nobody to tell")
	require.NoError(t, l.Close())
}
