package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// TestFaultsExit runs the program into faults of docs/reliability.md: it says what
// the page says, and exits with the page's code.
func TestFaultsExit(t *testing.T) {
	on := func(step string, h rtmptest.Handler) rtmptest.Script {
		return rtmptest.Script{On: map[string]rtmptest.Handler{step: h}}
	}
	say := func(b ...byte) rtmptest.Handler {
		return func(s *rtmptest.Session, _ rtmptest.Message) { s.SendBytes(b) }
	}
	page := faultPage(t)
	for what, script := range map[string]rtmptest.Script{
		"the server resets or closes the connection, at any step, before, within and after its answer": on("createStream", rtmptest.Reset()),
		"the server falls silent at any step, or gives no whole answer":                                on("publish", rtmptest.Silent()),
		"the server refuses for good (for example `NetStream.Publish.Denied`: a wrong key)":            on("publish", rtmptest.Refuse("NetStream.Publish.Denied", "no")),
		"something else answers: a web server, TLS, noise":                                             on("handshake", say([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")...)),
		"a message of 16 MiB is announced":                                                             on("connect", say(3, 0, 0, 0, 0xff, 0xff, 0xff, 20, 0, 0, 0, 0)),
		"the server takes its go-ahead back: `NetStream.Publish.Denied`": {Message: func(s *rtmptest.Session, m rtmptest.Message) {
			if m.Type == 9 {
				s.Send(rtmptest.OnStatus(m.StreamID, "error", "NetStream.Publish.Denied", "no"))
			}
		}},
	} {
		t.Run(what, func(t *testing.T) {
			row, found := page[what]
			require.True(t, found, "the page has it")
			folder, _, _, _ := atHome(t)
			out, code := run(t, folder, nil, "publish", "clip.mp4", rtmptest.NewServer(t, script).URL("live+"+hidden))
			require.Equal(t, row.exit, code, out)
			require.Contains(t, out, row.words)
			requireHidden(t, "the output", out)
		})
	}
}

// faultRow is a row of the page's tables.
type faultRow struct {
	words string
	exit  int
}

func faultPage(t *testing.T) map[string]faultRow {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "docs", "reliability.md"))
	require.NoError(t, err)
	defer file.Close()
	rows := map[string]faultRow{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		cells := strings.Split(strings.Trim(lines.Text(), "|"), " | ")
		if len(cells) != 6 {
			continue
		}
		if exit, err := strconv.Atoi(cells[4]); err == nil {
			rows[strings.TrimSpace(cells[0])] = faultRow{cells[1], exit}
		}
	}
	require.Greater(t, len(rows), 20, fmt.Sprint(rows))
	return rows
}
