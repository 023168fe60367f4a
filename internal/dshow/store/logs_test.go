package store

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Filters of one process share the log that they name alike.
func TestLogsAreShared(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.log")
	var console bytes.Buffer
	logs := Logs{Console: &console}
	one, closeOne := logs.Open(file, 3)
	two, closeTwo := logs.Open(filepath.Join(filepath.Dir(file), ".", "a.log"), 3)
	more, closeMore := logs.Open(file, 9)
	require.Same(t, one, two)
	require.NotSame(t, one, more)
	one.Info("first")
	require.NoError(t, closeOne())
	require.NoError(t, closeOne()) // once is enough, twice no harm
	two.Info("second")
	require.NoError(t, closeTwo())
	more.Debug("third")
	require.NoError(t, closeMore())
	require.Empty(t, logs.open)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, want := range []string{"msg=first", "msg=second", "msg=third"} {
		require.Contains(t, string(text), want)
	}

	appended, done := logs.Open(file, 3)
	appended.Warn("fourth")
	require.NoError(t, done())
	longer, err := os.ReadFile(file)
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(longer, text))
	require.Contains(t, string(longer), "msg=fourth")
	require.Empty(t, console.String())
}

// Without a file, or with one that can't be written, the console has the log.
func TestLogsWithoutAFile(t *testing.T) {
	var console bytes.Buffer
	logs := Logs{Console: &console}
	log, done := logs.Open("", 0)
	log.Warn("one")
	log.Info("two")
	require.NoError(t, done())
	require.Contains(t, console.String(), "msg=one")
	require.NotContains(t, console.String(), "msg=two")

	console.Reset()
	log, done = logs.Open(filepath.Join(t.TempDir(), "none", "a.log"), 3)
	log.Info("three")
	require.NoError(t, done())
	require.Contains(t, console.String(), "does not exist; make it, or name another")
	require.Contains(t, console.String(), "msg=three")

	quiet := Logs{}
	log, done = quiet.Open(filepath.Join(t.TempDir(), "none", "a.log"), 3)
	log.Warn("nobody hears")
	require.NoError(t, done())
}
