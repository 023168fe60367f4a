package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// readme are the lines of the README's blocks of one language, with the server
// of a test for the one that they name.
func readme(t *testing.T, language, server string) []string {
	t.Helper()
	return blocks(t, "README.md", "\n## Use\n", language, server) // what is before is make's
}

// reliability are the shell commands of docs/reliability.md.
func reliability(t *testing.T, server string) []string {
	t.Helper()
	return blocks(t, filepath.Join("docs", "reliability.md"), "\n## Settings\n", "sh", server)
}

// blocks are the lines of a page's blocks of one language, behind a heading.
func blocks(t *testing.T, page, behind, language, server string) (lines []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", page))
	require.NoError(t, err)
	_, text, _ = bytes.Cut(text, []byte(behind))
	for _, block := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllSubmatch(text, -1) {
		for line := range strings.Lines(string(block[1])) {
			lines = append(lines, strings.ReplaceAll(strings.TrimSuffix(line, "\n"), "rtmp://127.0.0.1/", server+"/"))
		}
	}
	require.NotEmpty(t, lines)
	return lines
}

// asTyped makes environment and arguments of a line. What a pipe brings is an
// FLV file here.
func asTyped(line string) (environment, args []string, piped bool) {
	line, _, _ = strings.Cut(line, " #")
	if _, after, ok := strings.Cut(line, "| "); ok {
		line, piped = after, true
	}
	for i, word := range strings.Fields(strings.TrimSuffix(line, "&")) {
		switch {
		case word == "build/rtmpwriter":
		case i == 0:
			environment = append(environment, word)
		default:
			args = append(args, word)
		}
	}
	return environment, args, piped
}

// TestReadme runs every command of the README, in a folder that has the files
// it speaks of.
func TestReadme(t *testing.T) {
	obeyed(t, func(t *testing.T, server string) []string { return readme(t, "sh", server) })
}

// TestReliabilityPage does the same with the settings that the page recommends.
func TestReliabilityPage(t *testing.T) {
	obeyed(t, reliability)
}

// obeyed runs every command of a page.
func obeyed(t *testing.T, page func(t *testing.T, server string) []string) {
	t.Helper()
	for at, shown := range page(t, "x:") {
		if !strings.Contains(shown, "build/rtmpwriter") {
			continue
		}
		t.Run(shown, func(t *testing.T) {
			folder, server, _, pictures := atHome(t)
			line := page(t, server)[at]
			require.NoError(t, os.WriteFile(filepath.Join(folder, "rtmpwriter.yaml"), []byte(strings.Join(readme(t, "yaml", server), "\n")), 0o600))
			require.NoError(t, writeFLV(filepath.Join(folder, "clip.flv")))
			require.NoError(t, os.Mkdir(filepath.Join(folder, "spool"), 0o750))
			environment, args, piped := asTyped(line)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			cmd := exec.CommandContext(ctx, "rtmpwriter", args...)
			cmd.Dir, cmd.Env = folder, append(append(os.Environ(), "RTMPWRITER_PACE=max"), environment...)
			if piped {
				stdin, err := os.Open(filepath.Join(folder, "clip.flv"))
				require.NoError(t, err)
				defer stdin.Close()
				cmd.Stdin = stdin
			}
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			require.NoError(t, cmd.Start())
			want := exitOK
			if strings.Contains(line, "--loop") { // for ever
				want = exitInterrupted
				select {
				case <-pictures:
				case <-ctx.Done():
				}
				if strings.Contains(line, "--control") {
					echoed(t, filepath.Join(folder, "control.sock"))
				}
				require.NoError(t, cmd.Process.Signal(os.Interrupt))
			}
			_ = cmd.Wait()
			require.Equal(t, want, cmd.ProcessState.ExitCode(), "%s", out.String())
		})
	}
}

// echoed gives the lines that the README echoes to the control socket.
func echoed(t *testing.T, socket string) {
	t.Helper()
	conn, err := net.Dial("unix", socket)
	require.NoError(t, err)
	defer conn.Close()
	answers := bufio.NewScanner(conn)
	n := 0
	for _, line := range readme(t, "sh", "x:") {
		if !strings.HasPrefix(line, "echo '") {
			continue
		}
		_, err := fmt.Fprintln(conn, strings.Split(line, "'")[1])
		require.NoError(t, err)
		require.True(t, answers.Scan())
		require.Contains(t, answers.Text(), `{"ok":true`)
		n++
	}
	require.Positive(t, n)
}

// TestReadmeMistake makes the mistake in the README's file that it tells of.
func TestReadmeMistake(t *testing.T) {
	folder, server, _, _ := atHome(t)
	text := strings.Replace(strings.Join(readme(t, "yaml", server), "\n"), "chunk-size: 4096", "chunk-size: 40", 1)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "rtmpwriter.yaml"), []byte(text), 0o600))
	out, code := run(t, folder, nil, "publish", "--config", "rtmpwriter.yaml", "clip.mp4")
	require.Equal(t, exitUsage, code)
	page, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	require.NoError(t, err)
	told := strings.Join(strings.Fields(string(page)), " ")
	line, _, _ := strings.Cut(strings.TrimPrefix(out, "rtmpwriter: "), "\n")
	require.Contains(t, told, "`"+line+"`")
}
