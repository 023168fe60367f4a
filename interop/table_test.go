package interop

import (
	"fmt"
	"os"
	"strings"
	"sync"

	"rtmpwriter/interop/corpus"
)

// table is the outcome of the matrix, as the document shows it.
type table struct {
	mu      sync.Mutex
	servers []string
	cells   map[[2]string]string // by server and clip
}

func (tb *table) column(server string) {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	tb.servers = append(tb.servers, server)
}

func (tb *table) cell(server, clip, verdict string) {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	if tb.cells == nil {
		tb.cells = map[[2]string]string{}
	}
	tb.cells[[2]string{server, clip}] = verdict
}

const tableHead = `# Interoperability

Every clip below was published with ` + "`rtmpwriter publish --pace max`" + ` to every server
below, and the recording that the server made was read back with ffprobe and
ffmpeg. "same" means:

- the same frames, all of them to the last, each with the same bytes (NAL units
  or AAC frame);
- the same decode and presentation times, rounded to milliseconds, but for one
  offset that picture and sound share;
- the same pictures when decoded, and no complaint of the decoder;
- keyframes marked as such. The server in process also checks every message: the
  commands' order, metadata and sequence headers first and true, times that never
  go back.

A capture of one publish is read by tshark, which finds no malformed packet. It
gives up on large messages unless told otherwise: use
` + "`tshark -o rtmpt.max_packet_size:16777215`" + `.

The clips are made by ` + "`go run ./corpus/generate`" + `; this page is written by
` + "`go test . -run Matrix -update`" + ` in ` + "`interop`" + `.

`

// write writes the document.
func (tb *table) write(path string) error {
	var page strings.Builder
	page.WriteString(tableHead)
	fmt.Fprintf(&page, "| clip | container | %s |\n", strings.Join(tb.servers, " | "))
	page.WriteString("|---|---|" + strings.Repeat("---|", len(tb.servers)) + "\n")
	same, all := 0, 0
	for _, c := range corpus.Clips() {
		fmt.Fprintf(&page, "| %s | %s |", c.Name, c.Ext)
		for _, s := range tb.servers {
			verdict := tb.cells[[2]string{s, c.Name}]
			all++
			if verdict == "same" {
				same++
			}
			fmt.Fprintf(&page, " %s |", verdict)
		}
		page.WriteByte('\n')
	}
	fmt.Fprintf(&page, "\n%d of %d recordings are the same as their clips.\n", same, all)
	return os.WriteFile(path, []byte(page.String()), 0o644)
}
