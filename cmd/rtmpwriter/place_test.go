package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
)

// TestFilesThatCannotServeTellTheirPlace names files that are missing or no PEM
// through each door of each command that reads them.
func TestFilesThatCannotServeTellTheirPlace(t *testing.T) {
	const url = "rtmps://127.0.0.1:1/live+" + hidden
	folder, _, _, _ := atHome(t)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "text.pem"), []byte("no PEM at all"), 0o600))
	for option, c := range map[string]struct{ other, reason string }{
		"tls-ca-file=text.pem":      {"", `option tls-ca-file = "text.pem": the file has no certificate in PEM form`},
		"tls-key-file=missing.pem":  {"RTMPWRITER_TLS_CERT_FILE=text.pem", `option tls-key-file = "missing.pem": there is no such file`},
		"proxy=environment":         {"ALL_PROXY=gopher://user:" + hidden + "@127.0.0.1", `option proxy = "environment": `},
		"log-file=missing/file.log": {"", `option log-file = "missing/file.log": the folder missing does not exist; make it, or name another`},
	} {
		name, value, _ := strings.Cut(option, "=")
		config := name + ".yaml"
		require.NoError(t, os.WriteFile(filepath.Join(folder, config), []byte("trace: 0\n"+name+": "+value+"\n"), 0o600))
		for _, command := range [][]string{{"publish", "clip.mp4", url}, {"check", url}, {"options", "--values", "--url", url}, {"options", "--values"}} {
			for place, door := range map[string]struct{ environment, args []string }{
				"--" + name:   {nil, []string{"--" + option}},
				config + ":2": {nil, []string{"--config", config}},
				"environment variable " + publish.Environment(name): {[]string{publish.Environment(name) + "=" + value}, nil},
			} {
				args := append(append([]string{}, command...), door.args...)
				out, code := run(t, folder, append(door.environment, c.other), args...)
				require.Equal(t, exitUsage, code, "%s", out)
				require.Contains(t, out, "rtmpwriter: "+place+": "+c.reason, args)
				requireHidden(t, "the output", out)
			}
		}
	}
}
