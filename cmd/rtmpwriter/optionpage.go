package main

import (
	"fmt"
	"io"
	"strings"

	"rtmpwriter/internal/settings"
	"rtmpwriter/publish"
)

const optionPageHead = `# Options

This page is written by the program from the one table of options
(` + "`make docs`" + `); ` + "`rtmpwriter options`" + ` shows the same.

Each option can be given in three ways. A flag goes before the environment, the
environment before the file, the file before the default:

| way | form | example |
|---|---|---|
| flag of ` + "`publish`" + ` | ` + "`--name value` or `--name=value`; for on and off `--name` (which is on) or `--name=off`" + ` | ` + "`--chunk-size 4096`" + ` |
| environment variable | ` + "`RTMPWRITER_`" + ` and the name in capitals with underscores; an empty one counts as none | ` + "`RTMPWRITER_CHUNK_SIZE=4096`" + ` |
| key of a YAML file | the name; the file is named by ` + "`--config FILE` or `RTMPWRITER_CONFIG`" + ` | ` + "`chunk-size: 4096`" + ` |

A value is refused with the option's name, the value, the range, and the place
where it stands: the file and its line, the variable, the flag. So are unknown
keys, keys given twice, and lists or maps where one value belongs. On and off may
be written on, true, yes or 1, and off, false, no or 0. File names are looked up
from the folder that the program was started in.
` + "`rtmpwriter options --values`" + ` shows what came of it all, and from where. A whole
file stands in [examples/rtmpwriter.yaml](../examples/rtmpwriter.yaml).

Secrets are shown as ` + "`****`" + ` in logs, errors, status and statistics. A secret on the
command line can be seen in the list of processes by every user of the machine, for the
instant (some tens of milliseconds) until the program has started and wiped it; on Windows,
for as long as the program runs. The environment can be read by its own user and the
administrator only, and a file (` + "`stream-key-file`, `password-file`, `config`" + `) by those that may
open it: they are the better places.
`

// writeOptionPage writes docs/options.md.
func writeOptionPage(w io.Writer) error {
	in, err := settings.Load(settings.Sources{})
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString(optionPageHead)
	group := ""
	for _, e := range describe(in, false) {
		if e.Group != group {
			group = e.Group
			fmt.Fprintf(&b, "\n## %s\n\n| flag, YAML key | environment | takes | default | meaning |\n|---|---|---|---|---|\n", group)
		}
		fmt.Fprintf(&b, "| `--%s`<br>`%s:` | `%s` | %s | %s | %s |\n", e.Name, e.YAML, e.Environment, cell(pageRange(e)), pageDefault(e), cell(pageMeaning(e)))
		if e.File != "" {
			fmt.Fprintf(&b, "| `--%s`<br>`%s:` | `%s` | a file's name | none | read %s from the first line of this file |\n",
				e.File, e.File, publish.Environment(e.File), e.Name)
		}
	}
	_, err = io.WriteString(w, b.String())
	return err
}

func pageRange(e optionEntry) string {
	switch {
	case e.takes != "":
		return e.takes
	case e.Type == "list":
		return "URLs, separated by spaces; in YAML also a list"
	case e.Type == "url":
		return "a URL"
	case e.Type == "string":
		return "text"
	}
	return "a " + e.Type
}

func pageDefault(e optionEntry) string {
	text := "none"
	if e.Default != "" {
		text = "`" + e.Default + "`"
	}
	if e.CommandLine != e.Default {
		text += "; on the command line `" + e.CommandLine + "`" + unless(e.Unless)
	}
	return text
}

func pageMeaning(e optionEntry) string {
	if e.Secret {
		return e.Help + ". **A secret.**"
	}
	return e.Help
}

// cell keeps a text from ending a cell of the table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
