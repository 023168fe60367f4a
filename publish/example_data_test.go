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

// Timecodes of the engine's, and a cue point at its place between two frames.
func ExamplePublisher_SendData() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	server, err := receiver.Start(ctx, receiver.Config{Record: true}) // stands for your server
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	options := publish.DefaultOptions()
	options.URL = server.URL("live", "myStream")
	options.WriteTimecode, options.FirstTimecode = true, "10:00:00:00"
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

	write := func(at time.Duration, nals ...[]byte) {
		if err := p.Write(ctx, media.Packet{DTS: at, PTS: at, Data: annexB(nals...)}); err != nil {
			fmt.Println(err)
		}
	}
	write(0, smallSPS, pps, idr(1))
	cue, err := publish.ParseData("onCuePoint", []byte(`{"name": "ad", "type": "event", "parameters": {"id": 7}}`))
	if err == nil {
		err = p.SendData(ctx, cue)
	}
	if err != nil {
		fmt.Println(err)
	}
	write(time.Second, inter(2))

	fmt.Println(p.Shutdown(ctx), <-ended)
	got, err := server.Wait(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range got.Messages {
		if m.Kind == receiver.KindData && m.Name != "onMetaData" {
			fmt.Println(m.Timestamp, "ms", m.Name, m.Values)
		}
	}
	// Output:
	// <nil> <nil>
	// 0 ms onFI [[{tc 10:00:00:00}]]
	// 0 ms onCuePoint [[{name ad} {type event} {parameters [{id 7}]}]]
	// 1000 ms onFI [[{tc 10:00:01:00}]]
}
