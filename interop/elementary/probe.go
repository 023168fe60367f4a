package elementary

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// probed is ffprobe's answer.
type probed struct {
	Streams []probedStream `json:"streams"`
	Packets []probedPacket `json:"packets"`
}

type probedStream struct {
	Index         int    `json:"index"`
	Kind          string `json:"codec_type"`
	Codec         string `json:"codec_name"`
	Width         int    `json:"width"`
	Height        int    `json:"height"`
	FrameRate     string `json:"avg_frame_rate"`
	SampleRate    string `json:"sample_rate"`
	Channels      int    `json:"channels"`
	NALLengthSize string `json:"nal_length_size"`
}

type probedPacket struct {
	Stream int    `json:"stream_index"`
	PTS    string `json:"pts_time"`
	DTS    string `json:"dts_time"`
	Size   string `json:"size"`
	Flags  string `json:"flags"`
}

func probe(ctx context.Context, path string) (*probed, error) {
	out, _, err := run(ctx, "ffprobe", "-show_streams", "-show_packets", "-of", "json", path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	p := new(probed)
	if err := json.Unmarshal(out, p); err != nil {
		return nil, fmt.Errorf("%s: ffprobe's answer: %w", path, err)
	}
	return p, nil
}

// run runs ffprobe or ffmpeg and returns what it wrote and what it complained.
func run(ctx context.Context, tool string, args ...string) (out []byte, complaints string, err error) {
	args = append([]string{"-v", "error"}, args...)
	if tool == "ffmpeg" {
		args = append([]string{"-nostdin"}, args...)
	}
	cmd := exec.CommandContext(ctx, tool, args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	if out, err = cmd.Output(); err != nil {
		err = fmt.Errorf("%s %s: %w: %s", tool, strings.Join(args, " "), err, &said)
	}
	return out, said.String(), err
}

func (p probedStream) stream() *Stream {
	s := &Stream{Codec: p.Codec, Width: p.Width, Height: p.Height, Channels: p.Channels, Timed: true}
	// What ffprobe leaves out or writes as 0/0 stays 0: not known.
	s.nalLengthSize, _ = strconv.Atoi(p.NALLengthSize)
	s.SampleRate, _ = strconv.Atoi(p.SampleRate)
	var num, den float64
	if n, _ := fmt.Sscanf(p.FrameRate, "%f/%f", &num, &den); n == 2 && den > 0 {
		s.FrameRate = num / den
	}
	return s
}

func (s *Stream) add(p probedPacket) (err error) {
	f := Frame{Marked: strings.HasPrefix(p.Flags, "K")}
	if f.size, err = strconv.Atoi(p.Size); err != nil {
		return fmt.Errorf("packet %d: size: %w", len(s.Frames), err)
	}
	if p.PTS == "" || p.DTS == "" {
		s.Timed = false
	} else {
		if f.DTS, err = seconds(p.DTS); err != nil {
			return err
		}
		if f.PTS, err = seconds(p.PTS); err != nil {
			return err
		}
	}
	s.Frames = append(s.Frames, f)
	return nil
}

// hashes reads the last column of a framehash file.
func hashes(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var sums []string
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			sums = append(sums, strings.TrimSpace(line[strings.LastIndexByte(line, ',')+1:]))
		}
	}
	return sums, nil
}
