// Command publishfile shows the library at work: it publishes a file in real
// time and prints what the connection does.
//
//	go run ./examples/publishfile clip.mp4 rtmp://127.0.0.1/live+myStream
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"time"

	"rtmpwriter/input"
	"rtmpwriter/publish"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: publishfile INPUT URL")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1], os.Args[2])
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, name, url string) error {
	source, err := input.Open(name, input.Options{})
	if err != nil {
		return err
	}
	defer source.Close()

	options := publish.DefaultOptions()
	options.URL = url
	p, err := publish.New(options)
	if err != nil {
		return err
	}
	if err := p.SetTracks(source.Tracks()...); err != nil {
		return err
	}
	if err := p.Connect(ctx); err != nil {
		return err
	}
	fmt.Println("connected to", p.Status().URL) // the stream key is masked

	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	err = feed(ctx, p, input.Pace(ctx, source, 1))

	// Send what is queued, say goodbye, and see how streaming ended.
	bound, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err = errors.Join(err, p.Shutdown(bound), <-ended)
	s := p.Stats()
	fmt.Printf("sent %d video and %d audio frames\n", s.VideoPacketsSent, s.AudioPacketsSent)
	return err
}

// feed writes packets until the source ends.
func feed(ctx context.Context, p *publish.Publisher, source input.Source) error {
	for {
		packet, err := source.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := p.Write(ctx, packet); err != nil {
			return err
		}
	}
}
