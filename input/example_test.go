package input_test

import (
	"errors"
	"fmt"
	"io"

	"rtmpwriter/input"
)

// The packets of a file.
func ExampleOpen() {
	source, err := input.Open("../internal/clip/clip.mp4", input.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer source.Close()
	frames := map[string]int{}
	for {
		packet, err := source.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		frames[source.Tracks()[packet.Track].Codec.String()]++
		packet.Release()
	}
	fmt.Println(frames)
	// Output: map[AAC:470 H.264:250]
}
