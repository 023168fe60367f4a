package main

// overTLS is the contest of a file through TLS.
func (b *bench) overTLS() *contest {
	c := &contest{name: "tls", title: "A file of FLV through TLS", rounds: b.rounds,
		about:   "As above, over RTMPS. The floor is a writer on crypto/tls that joins each frame with its header.",
		columns: []column{{"CPU s/GB", "%.2f"}, {"MB/s", "%.0f"}},
		targets: []target{{"CPU at most 1.15 of a bare crypto/tls writer's", ours, 0, floorGo, 1.15}},
	}
	url := "rtmps://" + b.secure.Addr().String() + "/live/x"
	b.file(c, ours, ours, []string{"publish", "--quiet", "--pace=max", "--tls-verify=off", b.films.FLV, url})
	b.file(c, floorGo, floorGo, []string{"-file", b.films.FLV, "-url", url, "-insecure"})
	b.file(c, ffmpeg, ffmpeg, []string{"-nostdin", "-v", "error", "-i", b.films.FLV, "-c", "copy", "-f", "flv", url})
	return c
}
