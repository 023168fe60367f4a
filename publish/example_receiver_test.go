//go:build !(386 || arm || mips || mipsle)

// The receiver needs a 64-bit system.

package publish_test

import (
	"context"
	"fmt"
	"time"

	"rtmpwriter/internal/receiver"
	"rtmpwriter/media"
	"rtmpwriter/publish"
)

// A stream of one picture, from an encoder that makes Annex B.
func Example() {
	ctx := context.Background()
	server, err := receiver.Start(ctx, receiver.Config{}) // stands for your server
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	options := publish.DefaultOptions()
	options.URL = server.URL("live", "myStream")
	p, err := publish.New(options)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := p.SetTracks(media.Track{Codec: media.CodecH264, Framing: media.FramingAnnexB}); err != nil {
		fmt.Println(err)
		return
	}
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()

	picture := annexB(smallSPS, pps, idr(1))
	if err := p.Write(ctx, media.Packet{DTS: 0, PTS: 40 * time.Millisecond, Data: picture}); err != nil {
		fmt.Println(err)
	}

	bound, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	fmt.Println("shutdown:", p.Shutdown(bound), "run:", <-ended)
	got, err := server.Wait(bound)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s/%s got %d frame, %d keyframe\n", got.App, got.Key, got.Video.Frames, got.Video.Keyframes)
	// Output:
	// shutdown: <nil> run: <nil>
	// live/myStream got 1 frame, 1 keyframe
}
