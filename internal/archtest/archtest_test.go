package archtest

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// repository is the top of the tree, from this package's folder.
const repository = "../.."

// TestHouse holds the tree to every rule.
func TestHouse(t *testing.T) {
	tree, err := Load(os.DirFS(repository))
	require.NoError(t, err)
	require.NotEmpty(t, tree.Packages)
	for _, rule := range Rules() {
		t.Run(rule.Name, func(t *testing.T) {
			obey(t, rule.Check(tree))
		})
	}
	for _, line := range LongFiles(tree) {
		t.Log(line)
	}
}

// TestEngineStandsAlone asks the go command what a program that imports the
// engine compiles, on each system.
func TestEngineStandsAlone(t *testing.T) {
	for _, system := range []string{"linux", "windows", "darwin"} {
		t.Run(system, func(t *testing.T) {
			list := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", mainModule+"/publish")
			list.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
			out, err := list.Output()
			require.NoError(t, err, "go list -deps publish")
			compiled := strings.Fields(string(out))
			require.Contains(t, compiled, mainModule+"/publish")
			obey(t, StrangersBelow(compiled))
		})
	}
}

// obey fails with every line of broken.
func obey(t *testing.T, broken []string) {
	t.Helper()
	if len(broken) > 0 {
		t.Errorf("%d places break the rule:\n%s", len(broken), strings.Join(broken, "\n"))
	}
}
