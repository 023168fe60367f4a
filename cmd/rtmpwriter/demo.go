package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"rtmpwriter/input"
	"rtmpwriter/input/mp4in"
	"rtmpwriter/internal/clip"
	"rtmpwriter/internal/receiver"
	"rtmpwriter/media"
	"rtmpwriter/publish"
)

func newDemo() *cobra.Command {
	report := reportFlags{every: 2 * time.Second}
	var pace string
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
			if pace != "realtime" && pace != "max" {
				return &usageError{fmt.Errorf("--pace %q: must be realtime or max", pace)}
			}
			return demo(cmd.Context(), report, pace == "realtime", os.Stdout)
		},
	}
	report.add(cmd.Flags())
	cmd.Flags().StringVar(&pace, "pace", "realtime", "realtime, or max: as fast as the network takes it")
	return cmd
}

func demo(ctx context.Context, report reportFlags, realtime bool, out io.Writer) error {
	r, err := receiver.Start(ctx, receiver.Config{})
	if err != nil {
		return err
	}
	defer r.Close()
	options := publish.DefaultOptions()
	options.URL, options.TCPNoDelay = r.URL("live", "demo"), true
	p, err := publish.New(options)
	if err != nil {
		return err
	}
	source, err := openClip()
	if err != nil {
		return err
	}
	defer source.Close()
	want := newDigest(source)
	if !report.json {
		fmt.Fprintf(out, "Publishing the built-in clip (%s, %d kB) to the built-in receiver at %s\n",
			clock(source.Duration()), clip.Size()/1000, r.Addr())
	}
	j := &job{name: "the built-in clip", source: want, publisher: p, report: report.start(p, source.Duration(), false)}
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
	return want.compare(got, report, out)
}

func openClip() (media.Source, error) {
	return mp4in.Open(clip.Reader(), int64(clip.Size()), mp4in.Options{})
}

// digest is a source that sums up the coded frames that pass through it, in the
// receiver's way.
type digest struct {
	input.Source
	frames [2]int // video, audio
	sums   [2]hash.Hash
}

func newDigest(source media.Source) *digest {
	return &digest{Source: source, sums: [2]hash.Hash{sha256.New(), sha256.New()}}
}

func (d *digest) Next() (media.Packet, error) {
	p, err := d.Source.Next()
	if err == nil {
		kind := 0
		if d.Tracks()[p.Track].Codec.IsAudio() {
			kind = 1
		}
		d.frames[kind]++
		_, _ = d.sums[kind].Write(p.Data) // a hash never fails
	}
	return p, err
}

// errDemoDiffers makes the exit code of a demo whose frames did not all arrive.
var errDemoDiffers = errors.New("what arrived is not the clip")

// compare prints what arrived beside what was read.
func (d *digest) compare(got *receiver.Result, report reportFlags, out io.Writer) error {
	same := true
	for i, track := range []receiver.Track{got.Video, got.Audio} {
		want := hex.EncodeToString(d.sums[i].Sum(nil))
		have := hex.EncodeToString(track.Sum[:])
		equal := want == have && d.frames[i] == track.Frames && !track.HeaderMissing
		same = same && equal
		verdict := "equal to the clip's"
		if !equal {
			verdict = "NOT the clip's " + want[:16]
		}
		if !report.json && !report.quiet {
			fmt.Fprintf(out, "%s arrived: %d of %d frames, %d bytes, SHA-256 of all coded frames %s… %s\n",
				[]string{"Video", "Audio"}[i], track.Frames, d.frames[i], track.Bytes, have[:16], verdict)
		}
	}
	if !same {
		return errDemoDiffers
	}
	if !report.json && !report.quiet {
		fmt.Fprintln(out, "Every frame arrived, bit for bit.")
	}
	return nil
}
