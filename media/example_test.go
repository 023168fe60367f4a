package media_test

import (
	"fmt"
	"time"

	"rtmpwriter/media"
)

// An access unit is cut at its start codes without copying.
func ExampleAppendAnnexB() {
	unit := []byte{0, 0, 0, 1, 0x09, 0xf0, 0, 0, 1, 0x65, 0x88}
	for _, nal := range media.AppendAnnexB(nil, unit) {
		fmt.Printf("type %d, %d bytes\n", media.NALType(nal), len(nal))
	}
	// Output:
	// type 9, 2 bytes
	// type 5, 2 bytes
}

// RTMP counts in milliseconds; times are rounded, not cut.
func ExampleMilliseconds() {
	fmt.Println(media.Milliseconds(time.Second * 2 * 1001 / 30000))
	// Output: 67
}
