package interop

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/input"
	"rtmpwriter/interop/corpus"
	"rtmpwriter/interop/elementary"
	"rtmpwriter/interop/server"
	"rtmpwriter/media"
	"rtmpwriter/publish"
)

// TestPresentationOnly publishes every clip with video as a source would that
// knows presentation times only. What arrives must be the clip all the same,
// decode times included, by ffprobe's word on both.
func TestPresentationOnly(t *testing.T) {
	if !has(t, server.Installed("ffmpeg", "ffprobe")()) {
		return
	}
	files := clips(t)
	s := launched(t, kinds(t, "inprocess")[0])
	for _, c := range corpus.Clips() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			sent, err := elementary.Read(bounded(t), files[c.Name])
			require.NoError(t, err)
			times := sent
			if c.Times != "" {
				times, err = elementary.Read(bounded(t), files[c.Times])
				require.NoError(t, err)
			}
			reception, err := s.Expect(bounded(t), "samples-"+c.Name)
			require.NoError(t, err)
			stats := publishSamples(t, files[c.Name], reception.URL)
			path, err := reception.Wait(bounded(t))
			require.NoError(t, err)
			got, err := elementary.Read(bounded(t), path)
			require.NoError(t, err)
			if change := otherTimes[c.Name]; change != nil {
				change(times.Streams[elementary.Video].Frames)
			}
			require.Empty(t, elementary.Compare(sent, times, got))
			if c.Name != "parameter-sets-change" {
				// Its second size is known, and told, before the first picture goes:
				// all of it fits into the buffer at once.
				require.Empty(t, reception.Check(sent))
			}
			require.Zero(t, stats.TimesCorrected)
			require.Zero(t, stats.FramesReordered)
		})
	}
}

// otherTimes are the clips whose decode times are not those that samples without
// them can have, with what is expected instead.
var otherTimes = map[string]func(frames []elementary.Frame){
	// At a variable rate the encoder knows how far apart the pictures after the
	// first are. Here the average length of a frame is between the first two.
	"fps-variable": func(frames []elementary.Frame) {
		const average = 727 * time.Second / 18000 // what the file tells
		frames[0].DTS, frames[1].DTS = frames[0].PTS-2*average, frames[0].PTS-average
	},
	// The transport stream delays its first part by a frame, although that
	// declares no reordering and needs none.
	"parameter-sets-change": func(frames []elementary.Frame) {
		for i := range 50 {
			frames[i].DTS = frames[i].PTS
		}
	},
}

// publishSamples publishes a file without its decode times.
func publishSamples(t *testing.T, file, url string) publish.Stats {
	ctx := bounded(t)
	src, err := input.Open(file, input.Options{})
	require.NoError(t, err)
	defer src.Close()
	o := publish.DefaultOptions()
	o.URL = url
	p, err := publish.New(o)
	require.NoError(t, err)
	tracks := src.Tracks()
	for i := range tracks {
		tracks[i].PresentationOnly = true
	}
	require.NoError(t, p.SetTracks(tracks...))
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	require.NoError(t, copySamples(ctx, p, src))
	require.NoError(t, p.Shutdown(ctx))
	require.NoError(t, <-ended)
	return p.Stats()
}

func copySamples(ctx context.Context, p *publish.Publisher, src media.Source) error {
	for {
		packet, err := src.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		packet.DTS = 99 * time.Hour // what nobody looks at
		if err := p.Write(ctx, packet); err != nil {
			return err
		}
	}
}
