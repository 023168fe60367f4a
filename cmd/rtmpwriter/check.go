package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"rtmpwriter/internal/check"
	"rtmpwriter/media"
	"rtmpwriter/publish"
)

// maxMeasure bounds --seconds: what is sent costs the server and the network.
const maxMeasure = 60

// checkCommand is the state of one `check`.
type checkCommand struct {
	options *optionFlags
	seconds int
	json    bool
}

func newCheck() *cobra.Command {
	c := &checkCommand{}
	cmd := &cobra.Command{
		Use:   "check [URL]",
		Short: "Find out step by step whether a server takes a stream",
		Long: `Check connects to the server at URL as publish would and shows every step: names,
TCP, TLS with its certificates, handshake, authentication, whether the server
accepts the stream, how long an answer takes and what the server says of itself.
The step that fails comes with its reason and with what to do.

Nothing is sent but the start and the end of a stream, in the publish mode live
whatever publish-mode says. With --seconds, test video is sent for so long, as
fast as the server takes it, to measure the throughput.

Exit codes:
  0    the server takes the stream
  2    wrong command line, option or URL
  4    the server could not be reached, or the connection broke
  5    the server refused
  130  interrupted`,
		Example: `  rtmpwriter check rtmp://127.0.0.1/live/myStream
  rtmpwriter check --seconds 5 rtmps://example.com/app/key
  rtmpwriter check --json --stream-key-file key.txt rtmp://example.com/app`,
		Args: usage(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				if err := c.options.setURL(args[0]); err != nil {
					return err
				}
			}
			return c.run(cmd)
		},
	}
	c.options = newOptionFlags(cmd)
	cmd.Flags().IntVar(&c.seconds, "seconds", 0, "send test video for so long to measure the throughput (seconds, 0 to 60)")
	cmd.Flags().BoolVar(&c.json, "json", false, "print the report as JSON")
	return cmd
}

func (c *checkCommand) run(cmd *cobra.Command) error {
	set, err := c.options.resolve()
	if err != nil {
		return err
	}
	o := &set.Options
	switch {
	case o.URL == "":
		return &usageError{errors.New("no URL: give it behind check, in " + publish.Environment("url") + ", or as url in the --config file")}
	case c.seconds < 0 || c.seconds > maxMeasure:
		return &usageError{fmt.Errorf("--seconds %d: must be 0 to %d", c.seconds, maxMeasure)}
	}
	if err := set.Validate(); err != nil {
		return err
	}
	log, err := openLog(set, false)
	if err != nil {
		return err
	}
	defer log.Close()
	u, cfg, err := o.Session()
	if err != nil {
		return set.Place(err)
	}
	cfg.Logger = log.Logger
	video, err := testVideo()
	if err != nil {
		return err
	}
	how := check.Options{Measure: time.Duration(c.seconds) * time.Second, Video: video}
	out := bufio.NewWriter(os.Stdout)
	if !c.json {
		fmt.Fprintf(out, "Checking %s: application %s, stream key ****\n", u, u.ShownApp())
		how.Progress = func(f check.Finding) {
			printFinding(out, f)
			_ = out.Flush() // the last Flush tells
		}
	}
	report := check.Run(cmd.Context(), u, cfg, how)
	if c.json {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		_ = e.Encode(report) // Flush tells
	} else if report.OK {
		fmt.Fprintln(out, "The server takes the stream.")
	}
	return errors.Join(report.Err, out.Flush())
}

// testVideo is the first keyframe of the embedded clip.
func testVideo() (check.Video, error) {
	source, err := openClip()
	if err != nil {
		return check.Video{}, err
	}
	defer source.Close()
	tracks := source.Tracks()
	for {
		p, err := source.Next()
		if err != nil {
			return check.Video{}, err
		}
		if t := tracks[p.Track]; t.Codec == media.CodecH264 && p.Keyframe {
			return check.Video{Config: t.Config, Keyframe: p.Data}, nil
		}
		p.Release()
	}
}

func printFinding(w io.Writer, f check.Finding) {
	fmt.Fprintf(w, "  %-7s %-14s %9s  %s\n", f.Result, f.Step, shortTime(f.Took), f.Detail)
	if f.Error != "" {
		fmt.Fprintf(w, "%35s%s\n", "", f.Error)
	}
	if f.Advice != "" {
		fmt.Fprintf(w, "%35s-> %s\n", "", f.Advice)
	}
}

func shortTime(d time.Duration) string {
	switch {
	case d == 0:
		return ""
	case d < time.Second:
		return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
