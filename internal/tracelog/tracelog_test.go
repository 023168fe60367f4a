package tracelog

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp"
)

func TestLevels(t *testing.T) {
	var names []string
	for trace := range 10 {
		var out bytes.Buffer
		l, err := Open(Config{Trace: trace, Console: &out})
		require.NoError(t, err)
		for level, word := range map[slog.Level]string{slog.LevelError: "e", slog.LevelWarn: "w", slog.LevelInfo: "i", slog.LevelDebug: "d", rtmp.LevelMessage: "m"} {
			l.Log(context.Background(), level, word)
		}
		got := ""
		for _, word := range []string{"e", "w", "i", "d", "m"} {
			if strings.Contains(out.String(), "msg="+word) {
				got += word
			}
		}
		names = append(names, got)
		require.Equal(t, trace == 9, strings.Contains(out.String(), "level=TRACE msg=m"))
		require.NoError(t, l.Close())
	}
	require.Equal(t, []string{"ew", "ew", "ew", "ewi", "ewi", "ewi", "ewid", "ewid", "ewid", "ewidm"}, names)
}

// The file is appended to, nobody else can read it, and the console gets the
// same.
func TestFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.log")
	for _, word := range []string{"first", "second"} {
		var out bytes.Buffer
		l, err := Open(Config{File: name, Trace: 3, Console: &out})
		require.NoError(t, err)
		l.Info(word)
		l.File.Info("file alone")
		require.NoError(t, l.Close())
		require.Contains(t, out.String(), word)
		require.NotContains(t, out.String(), "file alone")
	}
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Contains(t, string(text), "msg=first")
	require.Contains(t, string(text), "msg=second")
	require.Equal(t, 2, strings.Count(string(text), "file alone"))
	if runtime.GOOS != "windows" {
		info, err := os.Stat(name)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
	l, err := Open(Config{})
	require.NoError(t, err)
	require.False(t, l.Enabled(context.Background(), slog.LevelError), "no place to go")
	require.NoError(t, l.Close())
}

func TestBadFiles(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "file"), nil, 0o600))
	for name, want := range map[string]string{
		filepath.Join(folder, "gone", "a.log"): "does not exist; make it",
		filepath.Join(folder, "file", "a.log"): "is no folder",
		folder:                                 "is a folder; name a file in it",
	} {
		_, err := Open(Config{File: name})
		var wrong *publish.OptionError
		require.ErrorAs(t, err, &wrong)
		require.Equal(t, "log-file", wrong.Name)
		require.ErrorContains(t, err, want)
	}
}

// A flood of one message makes one line a second more; others go on, and at
// level 9 nothing is left out.
func TestFloodsAreSummedUp(t *testing.T) {
	for trace, want := range map[int]int{6: perSecond, 9: 1000} {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			l, err := Open(Config{Trace: trace, Console: &out})
			require.NoError(t, err)
			for range 1000 {
				l.With("server", "x").Debug("flood")
			}
			l.Debug("another")
			require.Equal(t, want, strings.Count(out.String(), "msg=flood"))
			require.Equal(t, 1, strings.Count(out.String(), "msg=another"))
			out.Reset()
			time.Sleep(time.Second)
			l.Debug("later")
			l.Debug("flood")
			if trace == 9 {
				require.NotContains(t, out.String(), "summed_up")
				return
			}
			require.Equal(t, 1, strings.Count(out.String(), "msg=flood summed_up=950"))
			require.Equal(t, 2, strings.Count(out.String(), "msg=flood"))
			for range 100 {
				l.Debug("flood")
			}
			require.NoError(t, l.Close())
			require.Contains(t, out.String(), "msg=flood summed_up=51")
		})
	}
}

// Check says what Open says, and makes nothing.
func TestCheckMakesNoFile(t *testing.T) {
	folder := t.TempDir()
	there := filepath.Join(folder, "there.log")
	require.NoError(t, os.WriteFile(there, []byte("kept"), 0o600))
	fresh := filepath.Join(folder, "fresh.log")
	for _, name := range []string{"", there, fresh} {
		require.NoError(t, Check(name))
	}
	require.NoFileExists(t, fresh)
	text, err := os.ReadFile(there)
	require.NoError(t, err)
	require.Equal(t, "kept", string(text))
	for _, name := range []string{folder, filepath.Join(folder, "missing", "x.log"), filepath.Join(there, "x.log")} {
		_, want := Open(Config{File: name})
		require.Error(t, want)
		require.EqualError(t, Check(name), want.Error())
	}
}
