// Command record publishes a file with rtmpwriter to a real server, keeps the
// server's recording, and takes a picture out of it:
//
//	go run ./record -o out.flv -picture out.png -at 5s clip.mp4
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"time"

	"rtmpwriter/interop/publisher"
	"rtmpwriter/interop/server"
)

func main() {
	var r recording
	flag.StringVar(&r.server, "server", "nginx", "nginx, ffmpeg, lal or inprocess")
	flag.StringVar(&r.out, "o", "out.flv", "where the recording goes")
	flag.StringVar(&r.picture, "picture", "", "where a picture of it goes; empty: none")
	flag.DurationVar(&r.at, "at", time.Second, "the picture's time")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := r.run(ctx, flag.Arg(0))
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

type recording struct {
	server, out, picture string
	at                   time.Duration
}

func (r recording) run(ctx context.Context, input string) error {
	if input == "" {
		return errors.New("which file? see -help")
	}
	dir, err := os.MkdirTemp("", "record")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p, err := publisher.Find(ctx, dir)
	if err != nil {
		return err
	}
	s, err := r.launch(ctx, dir)
	if err != nil {
		return err
	}
	err = errors.Join(r.receive(ctx, s, p, input), s.Close())
	if err != nil || r.picture == "" {
		return err
	}
	said, err := exec.CommandContext(ctx, "ffmpeg", "-nostdin", "-v", "error", "-y",
		"-ss", fmt.Sprint(r.at.Seconds()), "-i", r.out, "-frames:v", "1", r.picture).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ffmpeg: %w: %s", err, said)
	}
	return nil
}

func (r recording) launch(ctx context.Context, dir string) (server.Server, error) {
	kinds, err := server.ByName(r.server)
	if err != nil {
		return nil, err
	}
	return kinds[0].Launch(ctx, dir)
}

// receive publishes the input and takes the server's file over.
func (r recording) receive(ctx context.Context, s server.Server, p *publisher.Publisher, input string) error {
	reception, err := s.Expect(ctx, "record")
	if err != nil {
		return err
	}
	if err := p.Publish(ctx, input, reception.URL); err != nil {
		return err
	}
	file, err := reception.Wait(ctx)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return os.WriteFile(r.out, content, 0o644)
}
