package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"rtmpwriter/input"
	"rtmpwriter/media"
)

func newProbe() *cobra.Command {
	var flags inputFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "probe INPUT",
		Short: "Show the tracks of an input and what a server would dislike",
		Long: `Probe reads INPUT to its end and shows its tracks: codec, profile and level,
picture size, frame rate, GOP length, B frames, bit rates, and what RTMP servers
and streaming services are known to dislike.

` + exitHelp,
		Example: "  rtmpwriter probe clip.mp4\n  rtmpwriter probe --json clip.ts",
		Args:    usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := fromEnvironment(cmd.Flags()); err != nil {
				return err
			}
			if err := flags.check(); err != nil {
				return err
			}
			source, err := flags.open(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer source.Close()
			report, err := input.Probe(cmd.Context(), source)
			if err != nil {
				return &inputError{args[0], err}
			}
			report.Skipped = input.Skipped(source)
			out := bufio.NewWriter(os.Stdout)
			if asJSON {
				e := json.NewEncoder(out)
				e.SetIndent("", "  ")
				_ = e.Encode(report) // Flush tells
			} else {
				printProbe(out, args[0], report)
			}
			if err := out.Flush(); err != nil {
				return err
			}
			if n := len(report.Damage); n > 0 {
				return &inputError{args[0], fmt.Errorf("damaged in %d places", n)}
			}
			return nil
		},
	}
	flags.add(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	return cmd
}

func printProbe(w io.Writer, name string, r *input.Report) {
	fmt.Fprintf(w, "%s: %s, %s\n", name, clock(r.Duration), bitrate(r.Bitrate))
	for _, t := range r.Tracks {
		if t.Codec == media.CodecH264.String() {
			printVideo(w, t)
		} else {
			fmt.Fprintf(w, "  audio  %s %s, %d Hz, %d channels, %s, %d frames, starts at %.3f s\n",
				t.Codec, t.Profile, t.SampleRate, t.Channels, bitrate(t.Bitrate), t.Frames, t.Start.Seconds())
		}
	}
	for _, s := range r.Skipped {
		fmt.Fprintln(w, "  left out:", s)
	}
	for _, d := range r.Damage {
		fmt.Fprintln(w, "  damage:", d)
	}
	for _, d := range r.Dislikes {
		fmt.Fprintln(w, "  note:", d)
	}
}

func printVideo(w io.Writer, t input.TrackReport) {
	fmt.Fprintf(w, "  video  %s %s level %s, %dx%d, %.5g frames/s", t.Codec, t.Profile, t.Level, t.Width, t.Height, t.FrameRate)
	if t.VariableFrameRate {
		fmt.Fprint(w, " (variable)")
	}
	fmt.Fprintf(w, ", %s, %d frames, starts at %.3f s\n", bitrate(t.Bitrate), t.Frames, t.Start.Seconds())
	fmt.Fprintf(w, "         %d keyframes, GOP %.2f s on average, %.2f s at most; %s\n",
		t.Keyframes, t.GOPMean.Seconds(), t.GOPMax.Seconds(), bFrames(t))
}

func bFrames(t input.TrackReport) string {
	if t.ReorderedFrames == 0 {
		return "no B frames"
	}
	return fmt.Sprintf("B frames, shown up to %.3f s after decoding", t.MaxComposition.Seconds())
}
