package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// lines are the lines of a report that begin so.
func lines(text, begin string) (found []string) {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, begin) {
			found = append(found, strings.TrimSuffix(line, "\n"))
		}
	}
	return found
}

func TestTable(t *testing.T) {
	c, _ := played(t, []string{"we", "they", "once", "broken"},
		figures{1, 3, 2}, figures{2, 3, 8}, figures{nan, 6, nan}, figures{nan, nan, nan})
	c.title, c.about = "A race", "They run."
	var w strings.Builder
	c.table(&w)
	require.Equal(t, `
### A race

They run. 3 rounds.

| publisher | s | we, of this |
|---|---|---|
| we | 2.0 (1.0 to 3.0) | |
| they | 3.0 (2.0 to 8.0) | 0.50 |
| once | 6.0 | 0.50 |
| broken | failed | – |
`, w.String())
}

func TestTableOfOneContender(t *testing.T) {
	c, _ := played(t, []string{"we"}, figures{7})
	c.title, c.about = "Alone", "It runs."
	var w strings.Builder
	c.table(&w)
	require.Equal(t, "\n### Alone\n\nIt runs.\n\n| publisher | s |\n|---|---|\n| we | 7.0 |\n", w.String())
	w.Reset()
	(&contest{title: "Nobody"}).table(&w)
	require.Empty(t, w.String())
}

func TestMarkdown(t *testing.T) {
	c, _ := played(t, []string{"we", "they"}, figures{1, 3, 2}, figures{2, 3, 8})
	c.title = "A race"
	c.targets = []target{
		{"at most 0.6 of theirs", "we", 0, "they", 0.6}, {"below 1.5", "we", 0, "", 1.5}, {"below gst's", "we", 0, gst, 1},
	}
	b := &bench{tools: &tools{
		programs: map[string]string{ours: "x", lal: "y"}, versions: map[string]string{lal: "v1.2"},
		missing: map[string]string{gst: "no element rtmp2sink", ffmpeg: "not installed"},
	}}
	text := b.markdown([]*contest{c}, time.Date(2024, 2, 29, 1, 2, 3, 0, time.UTC))
	require.True(t, strings.HasPrefix(text, "Measured on 2024-02-29, "), text)
	require.Equal(t, []string{"Publishers: lal v1.2, rtmpwriter."}, lines(text, "Publishers"))
	require.Equal(t, []string{"Missing: ffmpeg (not installed).", "Missing: gst rtmp2sink (no element rtmp2sink)."}, lines(text, "Missing"))
	require.Equal(t, []string{
		"| A race | at most 0.6 of theirs | 0.5 | reached |",
		"| A race | below 1.5 | 2 | **missed** |",
		"| A race | below gst's | – | not measured |",
	}, lines(text, "| A race"))
	require.Len(t, lines(text, "### A race"), 1)
	require.Contains(t, machine(), "cores of ")
}

func TestBetweenTheMarks(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page.md")
	write := func(text string) { require.NoError(t, os.WriteFile(page, []byte(text), 0o600)) }
	read := func() string {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		return string(text)
	}
	write("# Page\n\n" + opens + "old\nlines\n" + closes + "\nThe end.\n")
	require.NoError(t, between(page, "new"))
	want := "# Page\n\n" + opens + "\nnew\n" + closes + "\nThe end.\n"
	require.Equal(t, want, read())
	require.NoError(t, between(page, "new"))
	require.Equal(t, want, read(), "again the same")

	for name, text := range map[string]string{
		"no marks": "# Page\n", "no end": opens + "old\n", "no beginning": "old\n" + closes, "the wrong way round": closes + opens, "empty": "",
	} {
		t.Run(name, func(t *testing.T) {
			write(text)
			require.ErrorContains(t, between(page, "new"), "no place for the results")
			require.Equal(t, text, read(), "the page is as it was")
		})
	}
	require.ErrorIs(t, between(filepath.Join(t.TempDir(), "none.md"), "new"), os.ErrNotExist)
}

func TestMissingPeersDoNotTakePart(t *testing.T) {
	b := &bench{tools: &tools{missing: map[string]string{gst: "not installed"}}}
	c := &contest{}
	for _, name := range []string{ours, gst, library} {
		b.add(c, name, name, nil)
	}
	require.Len(t, c.entries, 2)
	require.True(t, c.entry(ours).ours)
	require.True(t, c.entry(library).ours)
	b.add(c, "another", lal, nil)
	require.False(t, c.entry("another").ours)
	require.NoError(t, b.tools.needed(ours))
	require.EqualError(t, b.tools.needed(ours, gst), gst+": not installed")
}
