package main

import (
	"context"
	"fmt"
	"strings"
)

// nothingHeld is behind the name of our program without an outage buffer.
const nothingHeld = ", nothing held"

// files are the contests of sending a file as fast as it goes.
func (b *bench) files() []*contest {
	about := "A film of %d s (%s) as fast as the network takes it. CPU seconds of the publisher, user and kernel, for each GB that arrived."
	columns := []column{{"CPU s/GB", "%.2f"}, {"MB/s", "%.0f"}}
	flv := &contest{name: "flv", title: "A file of FLV", about: fmt.Sprintf(about, b.films.Length, "FLV"), columns: columns, rounds: b.rounds, targets: []target{
		{"CPU at most 0.8 of librtmp's", ours, 0, librtmp, 0.8},
		{"CPU at most 1.2 of the floor's in Go", ours, 0, floorGo, 1.2},
	}}
	b.file(flv, ours, ours, b.ours(b.films.FLV))
	b.file(flv, ours+nothingHeld, ours, b.ours(b.films.FLV, "--outage-buffer=0"))
	b.file(flv, floorGo, floorGo, []string{"-file", b.films.FLV, "-url", b.url()})
	host, port, _ := strings.Cut(b.sink.Addr(), ":")
	b.file(flv, floorC, floorC, []string{host, port, "x", b.films.FLV})
	b.file(flv, librtmp, librtmp, []string{"file", b.url(), b.films.FLV})
	b.file(flv, lal, lal, []string{"-file", b.films.FLV, "-url", b.url()})
	b.file(flv, goRTMP, goRTMP, []string{"-file", b.films.FLV, "-url", b.url()})
	b.file(flv, ffmpeg, ffmpeg, b.ffmpeg(b.films.FLV))
	b.file(flv, gst, gst, b.gst(b.films.FLV, false))
	all := []*contest{flv}
	for _, f := range []struct{ format, name string }{{"MP4", b.films.MP4}, {"MPEG-TS", b.films.TS}} {
		format, name := f.format, f.name
		c := &contest{name: strings.ToLower(format), title: "A file of " + format, about: fmt.Sprintf(about, b.films.Length, format), columns: columns, rounds: max(3, b.rounds/2),
			targets: []target{{format + ": CPU below ffmpeg's", ours, 0, ffmpeg, 1}}}
		b.file(c, ours, ours, b.ours(name))
		b.file(c, ffmpeg, ffmpeg, b.ffmpeg(name))
		all = append(all, c)
	}
	return all
}

func (b *bench) ours(file string, flags ...string) []string {
	return append([]string{"publish", "--quiet", "--pace=max", file, b.url()}, flags...)
}

func (b *bench) ffmpeg(file string, flags ...string) []string {
	return append(append([]string{"-nostdin", "-v", "error"}, flags...), "-i", file, "-c", "copy", "-f", "flv", b.url())
}

func (b *bench) gst(file string, paced bool) []string {
	return []string{
		"-q", "filesrc", "location=" + file, "!", "flvdemux", "name=demux", "flvmux", "name=mux", "streamable=true", "!",
		"rtmp2sink", "location=" + b.url(), "chunk-size=65536", fmt.Sprintf("sync=%v", paced),
		"demux.video", "!", "queue", "!", "mux.video", "demux.audio", "!", "queue", "!", "mux.audio",
	}
}

// file enters a contender that sends a file. Ours must bring all of it.
func (b *bench) file(c *contest, name, program string, args []string) {
	b.add(c, name, program, func(ctx context.Context) ([]float64, error) {
		cpu, took, r, err := b.whole(ctx, append([]string{b.tools.programs[program]}, args...))
		if err != nil {
			return nil, err
		}
		if got := r.Audio + r.Video; program == ours && got < b.frames {
			return nil, fmt.Errorf("%d of %d frames arrived", got, b.frames)
		}
		gigabytes := float64(r.Bytes) / 1e9
		return []float64{cpu.Seconds() / gigabytes, gigabytes * 1000 / took.Seconds()}, nil
	})
}
