package archtest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
)

// TestOptionsHaveTheirDoors looks for every option in the pages that the
// program writes of itself. What the doors do with an option, the test of the
// same name in cmd/rtmpwriter shows.
func TestOptionsHaveTheirDoors(t *testing.T) {
	pages := map[string]string{}
	for _, name := range []string{"cli/rtmpwriter_publish.md", "options.md"} {
		page, err := os.ReadFile(filepath.Join(repository, "docs", filepath.FromSlash(name)))
		require.NoError(t, err, "run: make docs")
		pages[name] = string(page)
	}
	options := publish.DefaultOptions()
	for _, f := range options.Fields() {
		names := []string{f.Name}
		if f.File != "" {
			names = append(names, f.File)
		}
		for _, name := range names {
			require.Contains(t, pages["cli/rtmpwriter_publish.md"], "--"+name+" ", "the option is no flag of the command line, or the page is old; run: make docs")
			for _, door := range []string{"`--" + name + "`", "`" + name + ":`", "`" + publish.Environment(name) + "`"} {
				require.Contains(t, pages["options.md"], door, "the page of the options is old; run: make docs")
			}
		}
	}
}

// TestOptionsHaveTheirTests looks for a test that shows each option's effect.
func TestOptionsHaveTheirTests(t *testing.T) {
	tree, err := Load(os.DirFS(repository))
	require.NoError(t, err)
	var names []string
	options := publish.DefaultOptions()
	for _, f := range options.Fields() {
		names = append(names, f.Name)
	}
	obey(t, OptionsWithoutTest(tree, names))
}

func TestOptionTests(t *testing.T) {
	tree := fixture{
		"publish/a_test.go": "package publish\nfunc TestOptionChunkSize(t *testing.T) {}\nfunc TestOptionTLSCAFileAndHandshake(t *testing.T) {}",
		"publish/b.go":      "package publish\nfunc TestOptionTrace() {}",
		"amf0/c_test.go":    "package amf0\nfunc TestOptionBind(t *testing.T) {}",
	}.load(t)
	require.Empty(t, OptionsWithoutTest(tree, []string{"chunk-size", "tls-ca-file", "handshake"}))
	broken := OptionsWithoutTest(tree, []string{"trace", "bind", "chunk-size"})
	require.Len(t, broken, 2)
	require.Contains(t, broken[0], "option trace: no test shows its effect")
	require.Contains(t, broken[0], "TestOptionTrace")
	require.Contains(t, broken[1], "TestOptionBind")
}
