package flv_test

import (
	"fmt"

	"rtmpwriter/flv"
)

// The body of a video message: five bytes, then the NAL units.
func ExampleVideoTag_AppendHeader() {
	tag := flv.VideoTag{FrameType: flv.FrameKey, PacketType: flv.AVCNALU, CompositionTime: 80}
	fmt.Printf("% x\n", tag.AppendHeader(nil))
	// Output: 17 01 00 00 50
}
