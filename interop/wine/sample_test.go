package wine

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/interop/elementary"
	"rtmpwriter/interop/server"
)

// The sample's sources, and what it prints when all is sent.
const (
	sampleSources = "../../examples/directshow"
	allSent       = "complete: everything is with the server"
)

// sampleProgram is the sample host, compiled for a machine.
func sampleProgram(t *testing.T, m *Machine) string {
	t.Helper()
	sources, err := filepath.Glob(sampleSources + "/*.cpp")
	require.NoError(t, err)
	require.NotEmpty(t, sources)
	args := append([]string{"-municode", "-Werror"}, sources...)
	require.NoError(t, onlyOnce(m.Arch+" sample", func() error {
		return m.Compile(context.Background(), "sample.exe", append(args, "-lquartz")...)
	}))
	return "sample.exe"
}

// flvClip is the demo's clip, or its beginning, as an FLV file.
func flvClip(t *testing.T, seconds string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "clip.flv")
	said, err := exec.CommandContext(t.Context(), "ffmpeg", "-nostdin", "-v", "error",
		"-i", "../../internal/clip/clip.mp4", "-t", seconds, "-c", "copy", path).CombinedOutput()
	require.NoError(t, err, "%s", said)
	return path
}

// launched is nginx for one test.
func launched(t *testing.T) server.Server {
	t.Helper()
	require.NoError(t, server.HasNginx())
	s, err := server.Nginx(t.Context(), t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// delivers publishes a clip with a sample program, which must succeed, and
// demands that the recording is the clip. It returns what the program printed.
func delivers(t *testing.T, m *Machine, s server.Server, program, clip, key string, switches ...string) string {
	t.Helper()
	ctx := bounded(t)
	reception, err := s.Expect(ctx, key)
	require.NoError(t, err)
	out := succeeds(t, m, append([]string{program, m.WindowsPath(clip), reception.URL}, switches...)...)
	require.Contains(t, out, allSent)
	require.NotContains(t, out, key, "the stream key is printed")
	recording, err := reception.Wait(ctx)
	require.NoError(t, err)
	sent, err := elementary.Read(ctx, clip)
	require.NoError(t, err)
	got, err := elementary.Read(ctx, recording)
	require.NoError(t, err)
	require.Empty(t, elementary.Compare(sent, sent, got))
	return out
}

// TestSampleHost publishes with the sample host in each of its ways.
func TestSampleHost(t *testing.T) {
	require.NoError(t, server.Installed("ffmpeg", "ffprobe")())
	s, clip := launched(t), flvClip(t, "3")
	onEach(t, func(t *testing.T, m *Machine) {
		program := sampleProgram(t, m)
		for name, switches := range map[string][]string{
			"realtime":     nil,
			"annexb":       {"--annexb", "--fast"},
			"latency":      {"--low-latency"},
			"live":         {"--live", "--connect-first"},
			"callback":     {"--callback", "--fast"},
			"option":       {"--set", "chunk-size=4096", "--fast"},
			"unregistered": {"--filter", FilterName, "--fast"},
		} {
			t.Run(name, func(t *testing.T) {
				out := delivers(t, m, s, program, clip, "secret-"+name+m.Arch, switches...)
				require.Regexp(t, `status 0: connected`, out)
				if name == "realtime" {
					require.Regexp(t, `sent \d+ video, \d+ audio; \d+ kbit/s`, out, "statistics")
				}
			})
		}
	})
}

// TestSampleHostFails looks at what the sample says of failures. It never prints the
// key.
func TestSampleHostFails(t *testing.T) {
	clip := flvClip(t, "2")
	noFile := filepath.Join(t.TempDir(), "text.flv")
	require.NoError(t, os.WriteFile(noFile, []byte("FLV? no"), 0o600))
	nobody := "rtmp://" + dead(t) + "/live/secretkey"
	onEach(t, func(t *testing.T, m *Machine) {
		program := sampleProgram(t, m)
		for name, c := range map[string]struct {
			code int
			says string
			args []string
		}{
			"nobody":       {1, `aborted: dial 127\.0\.0\.1`, []string{m.WindowsPath(clip), nobody}},
			"nobody first": {1, `connecting: dial .* 0x80040A01`, []string{m.WindowsPath(clip), nobody, "--connect-first"}},
			"option":       {1, `chunk-size = "5": must be`, []string{m.WindowsPath(clip), nobody, "--set", "chunk-size=5"}},
			"url":          {1, `the URL: .*scheme`, []string{m.WindowsPath(clip), "http://127.0.0.1/live/secretkey"}},
			"no file":      {1, `is no FLV file`, []string{m.WindowsPath(noFile), nobody}},
			"gone":         {1, `can't be opened`, []string{`C:\gone.flv`, nobody}},
			"switch":       {2, `argument 3 is unknown`, []string{m.WindowsPath(clip), nobody, "--secretkey"}},
			"usage":        {2, `--low-latency`, nil},
		} {
			t.Run(name, func(t *testing.T) {
				out, code, err := m.Run(bounded(t), append([]string{program}, c.args...)...)
				require.NoError(t, err)
				require.Equal(t, c.code, code, out)
				require.Regexp(t, c.says, out)
				require.NotContains(t, out, "secretkey")
			})
		}
	})
}

// TestSampleHostReconnects loses the connection once: the graph plays on.
func TestSampleHostReconnects(t *testing.T) {
	s, clip := newStage(t), flvClip(t, "6")
	onEach(t, func(t *testing.T, m *Machine) {
		out := succeeds(t, m, sampleProgram(t, m), m.WindowsPath(clip), s.base()+"once+sample"+m.Arch, "--reconnect")
		var states []string
		for _, found := range regexp.MustCompile(`status (\d)`).FindAllStringSubmatch(out, -1) {
			states = append(states, found[1])
		}
		require.Equal(t, "020", strings.Join(states, "")[:3], out)
		require.Contains(t, out, allSent)
		require.Len(t, s.published("sample"+m.Arch), 2)
	})
}

// TestSampleHostStops ends a stream in the middle.
func TestSampleHostStops(t *testing.T) {
	s, clip := newStage(t), flvClip(t, "6")
	onEach(t, func(t *testing.T, m *Machine) {
		out, code, err := m.Run(bounded(t), sampleProgram(t, m), m.WindowsPath(clip), s.base()+"live+stop"+m.Arch, "--seconds", "1")
		require.NoError(t, err)
		require.Equal(t, 1, code, "not all was sent")
		require.Regexp(t, `stopped in \d{1,3} ms`, out)
		require.NotContains(t, out, allSent)
	})
}

// TestDocumentedPrograms compiles what docs/directshow.md and the C# sample show.
func TestDocumentedPrograms(t *testing.T) {
	page, err := os.ReadFile("../../docs/directshow.md")
	require.NoError(t, err)
	_, code, ok := strings.Cut(string(page), "```cpp\n")
	require.True(t, ok)
	code, _, _ = strings.Cut(code, "```")
	require.Contains(t, code, "int wmain")
	source := filepath.Join(t.TempDir(), "documented.cpp")
	require.NoError(t, os.WriteFile(source, []byte(code), 0o600))
	onEach(t, func(t *testing.T, m *Machine) {
		require.NoError(t, m.Compile(t.Context(), "documented.exe", "-municode", "-Werror", source))
	})

	require.NoError(t, server.Installed("mcs")(), "on Debian and Ubuntu: apt-get install mono-mcs")
	compiler := exec.CommandContext(t.Context(), "mcs", "-warn:4", "-warnaserror", "-out:"+filepath.Join(t.TempDir(), "publish.exe"),
		"../../examples/directshow-csharp/Publish.cs", "../../include/RTMPWriterOptions.cs")
	said, err := compiler.CombinedOutput()
	require.NoError(t, err, "%s", said)
}
