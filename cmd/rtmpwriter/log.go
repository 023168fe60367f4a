package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"time"

	"rtmpwriter/internal/settings"
	"rtmpwriter/internal/tracelog"
	"rtmpwriter/publish"
)

// verboseTrace is the trace level of --verbose.
const verboseTrace = 3

// openLog opens the log that the options ask for. With a trace level the console
// gets it too.
func openLog(in *settings.Settings, verbose bool) (*tracelog.Log, error) {
	o := &in.Options
	c := tracelog.Config{File: o.LogFile, Trace: o.Trace, Fault: func(err error) {
		fmt.Fprintln(os.Stderr, "warning:", in.Place(err))
	}}
	if verbose {
		c.Trace = max(c.Trace, verboseTrace)
	}
	if c.Trace > 0 {
		c.Console = os.Stderr
	}
	log, err := tracelog.Open(c)
	if err != nil {
		return nil, in.Place(err)
	}
	begins := []any{"version", version, "system", runtime.GOOS + "/" + runtime.GOARCH, "go", runtime.Version()}
	if u, err := o.ParseURL(); err == nil { // how it was split (specification, section 3)
		begins = append(begins, "server", u.Addr(), "application", u.ShownApp(), "stream_key", "****")
	}
	log.Info("begins", begins...)
	for _, f := range o.Fields() {
		if source := in.Origin(f.Name); source != settings.Default {
			log.Debug("option", "name", f.Name, "value", f.Show(), "source", source)
		}
	}
	return log, nil
}

// logStatistics writes a line each second until the returned function is
// called, where the log takes it.
func logStatistics(log *slog.Logger, p *publish.Publisher) (stop func()) {
	if !log.Enabled(context.Background(), slog.LevelDebug) {
		return func() {}
	}
	return ticking(time.Second, func() {
		s := p.Stats()
		log.Debug("statistics",
			"output_buffer_size", s.OutputBufferSize, "output_buffer_fillness", s.OutputBufferFillness,
			"output_bitrate", s.OutputBitrate, "output_bitrate2", s.OutputBitrate2, "output_bitrate3", s.OutputBitrate3,
			"packets_rtt", s.PacketsRTT, "client_bytes_received", s.ClientBytesReceived,
			"audio_packets_buffered", s.AudioPacketsBuffered, "video_packets_buffered", s.VideoPacketsBuffered,
			"audio_bitrate", s.AudioBitrate, "video_bitrate", s.VideoBitrate,
			"audio_packets_sent", s.AudioPacketsSent, "video_packets_sent", s.VideoPacketsSent,
			"frames_dropped", s.FramesDropped, "position", s.Position)
	})
}

// loggedReport writes to the log file what the user is told.
type loggedReport struct {
	reporter
	log *slog.Logger
}

// warn tells of a fault that the stream survived.
func (r loggedReport) warn(err error) {
	r.log.Warn("fault survived", "error", err)
	r.reporter.warn(err)
}

// finish ends the report.
func (r loggedReport) finish(err error) {
	if err != nil {
		r.log.Error("ended", "error", err)
	} else {
		r.log.Info("ended")
	}
	r.reporter.finish(err)
}
