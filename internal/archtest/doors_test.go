package archtest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
)

// TestOptionsHaveTheirDoors looks for every option in the reference that the
// program writes of its own flags.
func TestOptionsHaveTheirDoors(t *testing.T) {
	reference, err := os.ReadFile(filepath.Join(repository, "docs", "cli", "rtmpwriter_publish.md"))
	require.NoError(t, err, "the reference of the command line; run: make docs")
	options := publish.DefaultOptions()
	for _, field := range options.Fields() {
		require.Contains(t, string(reference), "--"+field.Name+" ",
			"the option is no flag of the command line, or the reference is old; run: make docs")
	}
}
