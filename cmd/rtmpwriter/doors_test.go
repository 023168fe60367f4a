package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"rtmpwriter/internal/settings"
	"rtmpwriter/publish"
)

// samples are values that the options without a range take.
var samples = map[string]string{
	"url": "rtmp://127.0.0.1/app+other", "backup-urls": "rtmp://127.0.0.2/app+other rtmp://127.0.0.3/app+other",
	"first-timecode": "01:00:00:00", "connect-info": `{"a":1}`, "proxy": "socks5://127.0.0.1:1080", "bind": "127.0.0.2",
}

// sample is a value of the option that is not its default on the command line.
func sample(f publish.Field) string {
	inForce := commandLineDefault(f)
	switch {
	case samples[f.Name] != "":
		return samples[f.Name]
	case len(f.Choices) > 0 && inForce == f.Choices[0]:
		return f.Choices[1]
	case f.Choices != nil:
		return f.Choices[0]
	case f.IsBool() && inForce == "on":
		return "off"
	case f.IsBool():
		return "on"
	case f.Min > 3000:
		return strconv.FormatInt(f.Min, 10)
	case f.Max != 0:
		return map[bool]string{true: "7", false: "3000"}[f.Max < 1000]
	default:
		return "other"
	}
}

// through is what options a command line, an environment and a file make.
func through(t *testing.T, yaml string, args ...string) *settings.Settings {
	t.Helper()
	cmd := &cobra.Command{}
	flags := newOptionFlags(cmd)
	if yaml != "" {
		name := filepath.Join(t.TempDir(), "c.yaml")
		require.NoError(t, os.WriteFile(name, []byte(yaml), 0o600))
		args = append(args, "--config", name)
	}
	require.NoError(t, cmd.ParseFlags(args))
	s, err := flags.resolve()
	require.NoError(t, err)
	return s
}

// TestEveryOptionHasEveryDoor gives each option, and each companion, through
// each door, and looks for it where the table is shown.
func TestEveryOptionHasEveryDoor(t *testing.T) {
	var page strings.Builder
	require.NoError(t, writeOptionPage(&page))
	written, err := os.ReadFile(filepath.Join("..", "..", "docs", "options.md"))
	require.NoError(t, err)
	if page.String() != string(written) { // not require.Equal: it would print the page three times
		t.Fatal("docs/options.md is old; run: make docs")
	}

	defaults := through(t, "").Options
	o := publish.DefaultOptions()
	for _, f := range o.Fields() {
		t.Run(f.Name, func(t *testing.T) {
			text := sample(f)
			want := defaults
			for _, of := range want.Fields() {
				if of.Name == f.Name {
					require.NoError(t, of.Set(text))
				}
			}
			require.NotEqual(t, want, defaults)
			for _, of := range want.Fields() {
				if of.Unless == f.Name {
					require.NoError(t, of.Set(of.Default))
				}
			}
			quoted, err := json.Marshal(text)
			require.NoError(t, err)

			s := through(t, "", "--"+f.Name+"="+text)
			require.Equal(t, want, s.Options, "flag")
			require.Equal(t, "--"+f.Name, s.Origin(f.Name))
			s = through(t, f.Name+": "+string(quoted)+"\n")
			require.Equal(t, want, s.Options, "YAML")
			require.Contains(t, s.Origin(f.Name), "c.yaml:1")
			t.Setenv(publish.Environment(f.Name), text)
			s = through(t, "")
			require.Equal(t, want, s.Options, "environment")
			require.Equal(t, "environment variable "+publish.Environment(f.Name), s.Origin(f.Name))
			t.Setenv(publish.Environment(f.Name), "")

			for _, shown := range []string{"`--" + f.Name + "`", "`" + f.Name + ":`", "`" + publish.Environment(f.Name) + "`"} {
				require.Contains(t, page.String(), shown, "docs/options.md")
			}
			if f.File == "" {
				return
			}
			file := filepath.Join(t.TempDir(), "secret")
			require.NoError(t, os.WriteFile(file, []byte(text+"\n"), 0o600))
			require.Equal(t, want, through(t, "", "--"+f.File, file).Options)
			require.Equal(t, want, through(t, f.File+": "+file).Options)
			t.Setenv(publish.Environment(f.File), file)
			require.Equal(t, want, through(t, "").Options)
		})
	}
}

// TestOptionsForMachines checks that `options --json` has the whole table.
func TestOptionsForMachines(t *testing.T) {
	in, err := settings.Load(settings.Sources{})
	require.NoError(t, err)
	text, err := json.Marshal(describe(in, false))
	require.NoError(t, err)
	var list []map[string]any
	require.NoError(t, json.Unmarshal(text, &list))
	o := publish.DefaultOptions()
	fields := o.Fields()
	require.Len(t, list, len(fields))
	for i, f := range fields {
		e := list[i]
		require.Equal(t, f.Name, e["name"])
		require.Equal(t, f.Help, e["help"])
		require.Equal(t, publish.Environment(f.Name), e["environment"])
		require.Equal(t, f.Default, e["default"])
		require.Equal(t, f.Secret, e["secret"])
		if f.Max != 0 {
			require.EqualValues(t, f.Min, e["min"])
			require.EqualValues(t, f.Max, e["max"])
			require.Empty(t, e["choices"])
		}
	}
}

// TestOptionsForPeople checks that the table fits a terminal.
func TestOptionsForPeople(t *testing.T) {
	in, err := settings.Load(settings.Sources{})
	require.NoError(t, err)
	var out strings.Builder
	printOptions(&out, describe(in, false))
	for line := range strings.Lines(out.String()) {
		require.LessOrEqual(t, len([]rune(strings.TrimSuffix(line, "\n"))), width, line)
	}
	for _, name := range settings.Names() {
		require.Contains(t, out.String(), name)
	}
}

// TestExampleConfiguration loads the example file as a user would.
func TestExampleConfiguration(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "rtmpwriter.yaml"))
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("key.txt", []byte("myStream\n"), 0o600))
	s := through(t, string(text))
	require.NoError(t, s.Validate())
	require.Equal(t, "myStream", s.Options.StreamKey)
	require.Len(t, s.Options.BackupURLs, 2)
	require.Zero(t, s.Options.OutputBufferSize)
}
