// Package clip holds the demo clip: ten seconds of a moving test picture with a
// burnt-in running clock (H.264 High with B frames, 480x270, 25 frames/s) and a
// tone that beeps every second (AAC, 48 kHz stereo). make.sh makes it.
package clip

import (
	"bytes"
	_ "embed"
)

//go:embed clip.mp4
var data []byte

// Size is the clip's length in bytes.
func Size() int { return len(data) }

// Reader returns a new reader at the start of the clip, an MP4 file. Readers
// share the clip's bytes and are independent of each other.
func Reader() *bytes.Reader { return bytes.NewReader(data) }
