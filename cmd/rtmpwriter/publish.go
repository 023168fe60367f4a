package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"rtmpwriter/input"
	"rtmpwriter/internal/settings"
	"rtmpwriter/media"
	"rtmpwriter/publish"
)

// publishCommand is the state of one `publish`.
type publishCommand struct {
	options *optionFlags
	input   inputFlags
	report  reportFlags
	loop    bool
	pace    string
	verbose bool
	control string
}

func newPublish() *cobra.Command {
	c := &publishCommand{}
	cmd := &cobra.Command{
		Use:   "publish INPUT [URL]",
		Short: "Publish a file or a pipe to an RTMP server",
		Long: `Publish sends every frame of INPUT to the RTMP server at URL, bit for bit and on
time. INPUT is a file (FLV, MP4, MOV, fragmented MP4, MPEG-TS, raw H.264 with
ADTS beside it) or - for FLV or MPEG-TS on standard input.

URL is rtmp://host[:port]/application+stream or rtmp://host/app/stream. So that
the stream key stands in no command line, the URL may come from the environment
(RTMPWRITER_URL), and the key from RTMPWRITER_STREAM_KEY or --stream-key-file,
the URL being the application's alone then. Every option has an environment
variable of that pattern, and may stand in the YAML file that --config names.

` + controlHelp + "\n\n" + exitHelp,
		Example: `  rtmpwriter publish clip.mp4 rtmp://127.0.0.1/live+myStream
  rtmpwriter publish --loop clip.mp4 rtmp://127.0.0.1/live/myStream
  rtmpwriter publish --start 00:01:30 --stream-key-file key.txt clip.flv rtmp://example.com/app`,
		Args: usage(func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) < 1:
				return errors.New("publish needs an INPUT and a URL")
			case len(args) > 2:
				return fmt.Errorf("publish takes an INPUT and a URL, and there are %s; the value of an option that is on or off goes to it with =, as in --live-mode=off", counted(len(args), "argument", "arguments"))
			}
			return nil
		}),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 2 {
				if err := c.options.setURL(args[1]); err != nil {
					return err
				}
			}
			return c.run(cmd, args[0])
		},
	}
	c.options = newOptionFlags(cmd)
	c.input.add(cmd.Flags())
	c.report.add(cmd.Flags())
	cmd.Flags().BoolVar(&c.loop, "loop", false, "repeat the input for ever, without a jump in time")
	addPace(cmd.Flags(), &c.pace)
	cmd.Flags().BoolVarP(&c.verbose, "verbose", "v", false, "log the steps of connecting to standard error: trace 3")
	cmd.Flags().StringVar(&c.control, "control", "", "take JSON lines on a Unix socket at this path: data, commands, reconnect, stats, status")
	return cmd
}

func (c *publishCommand) run(cmd *cobra.Command, name string) error {
	set, err := c.options.resolve()
	if err != nil {
		return err
	}
	if err := c.input.check(); err != nil {
		return err
	}
	if set.Options.URL == "" {
		return &usageError{errors.New("no URL: give it behind INPUT, in " + publish.Environment("url") + ", or as url in the --config file")}
	}
	if err := set.Validate(); err != nil {
		return err
	}
	realtime, err := isRealtime(c.pace)
	if err != nil {
		return err
	}
	if !realtime {
		unpaced(set)
	}
	log, err := openLog(set, c.verbose)
	if err != nil {
		return err
	}
	defer log.Close()
	c.report.logged = c.verbose || set.Options.Trace >= verboseTrace
	p, err := publish.New(set.Options, publish.WithLogger(log.Logger))
	if err != nil {
		return set.Place(err)
	}
	defer logStatistics(log.Logger, p)()
	if c.control != "" {
		socket, err := listenControl(c.control)
		if err != nil {
			return err
		}
		defer socket.close()
		socket.serve(p)
	}
	source, skipped, err := c.source(cmd.Context(), name)
	if err != nil {
		return err
	}
	defer source.Close()
	j := &job{name: name, source: source, publisher: p, report: loggedReport{c.report.start(p, source.Duration(), c.loop), log.File}, holds: set.Options.OutageBuffer > 0,
		newest: set.Options.OutageBuffer > 0 && set.Options.OutageMode == publish.OutageLive}
	for _, what := range skipped {
		j.report.warn(errors.New(what))
	}
	if host := unverified(set.Options); host != "" {
		j.report.warn(fmt.Errorf("tls-verify is off: nothing proves that %s is who it says, and others may read the stream key", host))
	}
	err = j.run(cmd.Context(), realtime)
	j.report.finish(err)
	return err
}

// unpaced takes back defaults of the command line that are for sources with a
// pace: what is read as fast as the network takes it needs no large buffer, and has
// no real time to catch up with.
func unpaced(set *settings.Settings) {
	library := publish.DefaultOptions()
	if set.Origin("output-buffer-size") == settings.Default {
		set.Options.OutputBufferSize = library.OutputBufferSize
	}
	if set.Origin("catch-up-rate") == settings.Default {
		set.Options.CatchUpRate = 0
	}
}

// unverified is the first server whose certificate is not verified though TLS is
// spoken with it; "" for none.
func unverified(o publish.Options) string {
	urls, err := o.ParseURLs()
	if err != nil || o.TLSVerify {
		return ""
	}
	for _, u := range urls {
		if u.Scheme == "rtmps" || u.Scheme == "rtmpts" {
			return u.Addr()
		}
	}
	return ""
}

// source opens the input, once or in a loop. skipped tells what of it is not
// published.
func (c *publishCommand) source(ctx context.Context, name string) (source media.Source, skipped []string, err error) {
	open := func() (media.Source, error) {
		s, err := c.input.open(ctx, name)
		if err == nil {
			skipped = input.Skipped(s)
		}
		return s, err
	}
	switch {
	case !c.loop:
		source, err = open()
	case name == "-":
		err = &usageError{errors.New("--loop needs a file: standard input cannot be read twice")}
	default:
		source, err = input.Loop(open)
	}
	return source, skipped, err
}
