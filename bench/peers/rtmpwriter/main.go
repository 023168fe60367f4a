// Command rtmpwriter is our own library as a publisher of the comparison.
package main

import (
	"context"
	"crypto/tls"
	"errors"
	"time"

	"rtmpwriter/bench/drive"
	"rtmpwriter/bench/film"
	"rtmpwriter/media"
	"rtmpwriter/publish"
)

func main() { drive.Main(open) }

const patience = 10 * time.Second

type stream struct {
	p       *publish.Publisher
	ended   chan error
	tracks  [2]media.Track
	headers int
	running bool
}

func open(job drive.Job, url string) (drive.Stream, error) {
	o := publish.DefaultOptions()
	o.URL = url
	o.LiveMode = job.Kind != drive.File
	if job.Buffer >= 0 {
		o.OutputBufferSize = job.Buffer
	}
	o.OutageBuffer = job.Held
	o.TCPNoDelay = true
	// Hundreds of streams begin at once on a few cores.
	o.ConnectTimeout, o.SendTimeout, o.ReceiveTimeout = patience, patience, patience
	p, err := publish.New(o, publish.WithTLSConfig(&tls.Config{InsecureSkipVerify: job.Insecure})) //nolint:gosec // the sink's own
	return &stream{p: p, ended: make(chan error, 1)}, err
}

func (s *stream) Write(t film.Tag) error {
	if t.Header() {
		return s.header(t)
	}
	if t.Kind == 9 && t.Body[1] == 2 {
		return nil // the end of the sequence is the publisher's to tell
	}
	p := media.Packet{DTS: time.Duration(t.Timestamp) * time.Millisecond}
	p.PTS = p.DTS
	if t.Kind == 8 {
		p.Track, p.Data = 1, t.Body[2:]
	} else {
		p.Data = t.Body[5:]
		p.PTS += time.Duration(int32(uint32(t.Body[2])<<24|uint32(t.Body[3])<<16|uint32(t.Body[4])<<8)>>8) * time.Millisecond
		p.Keyframe = t.Body[0]>>4 == 1
	}
	err := s.p.Write(context.Background(), p)
	if errors.Is(err, publish.ErrBufferFull) {
		return nil // the machine is full: a live stream goes on at the next keyframe
	}
	return err
}

// header notes a track; with both the stream begins.
func (s *stream) header(t film.Tag) error {
	if t.Kind == 9 {
		s.tracks[0] = media.Track{Codec: media.CodecH264, Framing: media.FramingLengthPrefixed, NALLengthSize: 4, Config: t.Body[5:]}
	} else {
		s.tracks[1] = media.Track{Codec: media.CodecAAC, Framing: media.FramingRaw, Config: t.Body[2:]}
	}
	if s.headers++; s.headers < 2 {
		return nil
	}
	if err := s.p.SetTracks(s.tracks[:]...); err != nil {
		return err
	}
	s.running = true
	go func() { s.ended <- s.p.Run(context.Background()) }() // ends with Close
	return nil
}

func (s *stream) Close() error {
	err := s.p.Shutdown(context.Background())
	if s.running {
		<-s.ended
	}
	return err
}
