package input

import (
	"context"
	"errors"
	"io"
	"time"

	"rtmpwriter/media"
)

// Report is what Probe found.
type Report struct {
	Duration time.Duration `json:"duration_ns"`
	Bitrate  int64         `json:"bitrate"` // bits/s of all tracks
	Tracks   []TrackReport `json:"tracks"`
	// Skipped lists what of the input is not published (see Skipped).
	Skipped []string `json:"skipped,omitempty"`
	// Damage lists the places that could not be read.
	Damage []string `json:"damage,omitempty"`
	// Dislikes lists what servers and services are known to dislike.
	Dislikes []string `json:"dislikes,omitempty"`
}

// TrackReport is what Probe found of one track. Times are in nanoseconds.
type TrackReport struct {
	Codec   string        `json:"codec"`
	Profile string        `json:"profile"`
	Level   string        `json:"level,omitempty"`
	Frames  int           `json:"frames"`
	Bytes   int64         `json:"bytes"`
	Bitrate int64         `json:"bitrate"` // bits/s
	Start   time.Duration `json:"start_ns"`
	End     time.Duration `json:"end_ns"`

	Width             int     `json:"width,omitempty"`
	Height            int     `json:"height,omitempty"`
	FrameRate         float64 `json:"frame_rate,omitempty"`
	VariableFrameRate bool    `json:"variable_frame_rate,omitempty"`
	Keyframes         int     `json:"keyframes,omitempty"`
	// GOPMean and GOPMax are the distances of keyframes.
	GOPMean time.Duration `json:"gop_mean_ns,omitempty"`
	GOPMax  time.Duration `json:"gop_max_ns,omitempty"`
	// ReorderedFrames counts the frames that are shown in another order than
	// they are decoded; MaxComposition is the longest wait between the two.
	ReorderedFrames int           `json:"reordered_frames,omitempty"`
	MaxComposition  time.Duration `json:"max_composition_ns,omitempty"`

	SampleRate int `json:"sample_rate,omitempty"`
	Channels   int `json:"channels,omitempty"`
}

// Probe reads the source to its end and reports what it is. The error is that
// of the source, or ctx's.
func Probe(ctx context.Context, source Source) (*Report, error) {
	var probes []*trackProbe
	for _, t := range source.Tracks() {
		probes = append(probes, newTrackProbe(t))
	}
	r := &Report{}
	for ctx.Err() == nil {
		packet, err := source.Next()
		var damage *media.DamageError
		switch {
		case errors.Is(err, io.EOF):
			return r.finish(source, probes), nil
		case errors.As(err, &damage):
			r.Damage = append(r.Damage, err.Error())
			continue
		case err != nil:
			return nil, err
		}
		probes[packet.Track].add(&packet)
		packet.Release()
	}
	return nil, context.Cause(ctx)
}

func (r *Report) finish(source Source, probes []*trackProbe) *Report {
	var bytes int64
	var first, last time.Duration
	for i, p := range probes {
		t := p.finish()
		r.Tracks = append(r.Tracks, t)
		bytes += t.Bytes
		if i == 0 || t.Start < first {
			first = t.Start
		}
		last = max(last, t.End)
		r.Dislikes = append(r.Dislikes, p.dislikes(t)...)
	}
	if r.Duration = source.Duration(); r.Duration == 0 {
		r.Duration = last - first
	}
	r.Bitrate = rate(bytes, r.Duration)
	r.Dislikes = append(r.Dislikes, dislikedTracks(r.Tracks)...)
	return r
}

// rate is bits/s.
func rate(bytes int64, d time.Duration) int64 {
	if d <= 0 {
		return 0
	}
	return int64(float64(bytes) * 8 / d.Seconds())
}
