package wire

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// Turn is what one side said in one TCP segment: tshark's words for the RTMP
// messages that end in it.
type Turn struct {
	// Client tells who speaks: the side that connected.
	Client bool
	// Says are summaries such as connect('live') or Set Chunk Size 4096.
	Says []string
	// Types are the message type IDs of the messages that are not part of the
	// handshake.
	Types []string
	// Strings are the AMF strings in them, property names and values among them,
	// Numbers and Booleans the other values, each as tshark writes it.
	Strings, Numbers, Booleans []string
}

// Dissect returns the turns of a captured RTMP session with a server at port.
func Dissect(ctx context.Context, path string, port int) ([]Turn, error) {
	lines, err := tshark(ctx, path, port, "rtmpt",
		"tcp.srcport", "_ws.col.Info", "rtmpt.header.typeid", "amf.string", "amf.number", "amf.boolean")
	if err != nil {
		return nil, err
	}
	var turns []Turn
	for _, columns := range lines {
		turns = append(turns, Turn{
			Client: columns[0] != strconv.Itoa(port), Says: strings.Split(columns[1], "|"),
			Types: list(columns[2]), Strings: list(columns[3]), Numbers: list(columns[4]), Booleans: list(columns[5]),
		})
	}
	return turns, nil
}

// Faults returns the packets that tshark calls malformed or finds lost, each
// with its expert's words.
func Faults(ctx context.Context, path string, port int) ([]string, error) {
	lines, err := tshark(ctx, path, port,
		"_ws.malformed || tcp.analysis.lost_segment || tcp.analysis.ack_lost_segment",
		"frame.number", "_ws.col.Info", "_ws.expert.message")
	var faults []string
	for _, columns := range lines {
		faults = append(faults, "packet "+strings.Join(columns, ": "))
	}
	return faults, err
}

// tshark prints fields of the packets that match, tab-separated.
func tshark(ctx context.Context, path string, port int, match string, fields ...string) ([][]string, error) {
	args := []string{
		"-r", path, "-d", fmt.Sprintf("tcp.port==%d,rtmpt", port), "-Y", match,
		"-o", "rtmpt.max_packet_size:16777215", // frames are larger than tshark expects
		"-T", "fields", "-E", "occurrence=a", "-E", "aggregator=|",
	}
	for _, f := range fields {
		args = append(args, "-e", f)
	}
	out, err := exec.CommandContext(ctx, "tshark", args...).Output()
	if err != nil {
		if exit := new(exec.ExitError); errors.As(err, &exit) {
			return nil, fmt.Errorf("tshark: %w: %s", err, exit.Stderr)
		}
		return nil, err
	}
	var lines [][]string
	for line := range strings.Lines(string(out)) {
		lines = append(lines, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	return lines, nil
}

func list(column string) []string {
	if column == "" {
		return nil
	}
	return strings.Split(column, "|")
}
