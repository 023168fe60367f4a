package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"rtmpwriter/input/mp4in"
	"rtmpwriter/internal/clip"
	"rtmpwriter/internal/receiver"
	"rtmpwriter/internal/settings"
	"rtmpwriter/media"
	"rtmpwriter/publish"
)

func newDemo() *cobra.Command {
	report := reportFlags{every: 2 * time.Second}
	var pace string
	var flags *optionFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Publish the built-in clip to the built-in receiver and compare",
		Long: `Demo publishes a clip that the program carries (H.264 High with B frames, AAC)
over a real TCP connection on this machine to a receiver that the program
carries, which is another project's RTMP server, in real time. Then it tells what
arrived and whether every coded frame is the clip's, bit for bit. The exit code
is 0 only if so.`,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			realtime, err := isRealtime(pace)
			if err != nil {
				return err
			}
			in, err := flags.resolve()
			if err != nil {
				return err
			}
			return demo(cmd.Context(), in, report, realtime, os.Stdout)
		},
	}
	flags = newOptionFlags(cmd, "log-file", "trace")
	report.add(cmd.Flags())
	addPace(cmd.Flags(), &pace)
	return cmd
}

func demo(ctx context.Context, in *settings.Settings, report reportFlags, realtime bool, out io.Writer) error {
	log, err := openLog(in, false)
	if err != nil {
		return err
	}
	defer log.Close()
	r, err := receiver.Start(ctx, receiver.Config{})
	if err != nil {
		return err
	}
	defer r.Close()
	options := publish.DefaultOptions()
	options.URL, options.TCPNoDelay = r.URL("live", "demo"), true
	p, err := publish.New(options, publish.WithLogger(log.Logger))
	if err != nil {
		return err
	}
	source, err := openClip()
	if err != nil {
		return err
	}
	defer source.Close()
	want := newDigest(source)
	if !report.json && !report.quiet {
		fmt.Fprintf(out, "Publishing the built-in clip (%s, %d kB) to the built-in receiver at %s\n",
			clock(source.Duration()), clip.Size()/1000, r.Addr())
	}
	j := &job{name: "the built-in clip", source: want, publisher: p, report: loggedReport{report.start(p, source.Duration(), false), log.File}}
	defer logStatistics(log.Logger, p)()
	err = j.run(ctx, realtime)
	j.report.finish(err)
	if err != nil {
		return err
	}
	bound, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	got, err := r.Wait(bound)
	if err != nil {
		return fmt.Errorf("the receiver told no end of the stream: %w", err)
	}
	return want.verdict(got, report, out)
}

func openClip() (media.Source, error) {
	return mp4in.Open(clip.Reader(), int64(clip.Size()), mp4in.Options{})
}
