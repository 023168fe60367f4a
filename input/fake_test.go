package input

import (
	"io"
	"time"

	"rtmpwriter/media"
)

const ms = time.Millisecond

// fake is a source of packets and errors in order.
type fake struct {
	tracks []media.Track
	steps  []any // media.Packet or error
	closed int
}

func (f *fake) Tracks() []media.Track   { return f.tracks }
func (f *fake) Duration() time.Duration { return time.Second }
func (f *fake) Close() error            { f.closed++; return nil }

func (f *fake) Next() (media.Packet, error) {
	if len(f.steps) == 0 {
		return media.Packet{}, io.EOF
	}
	step := f.steps[0]
	f.steps = f.steps[1:]
	if err, ok := step.(error); ok {
		return media.Packet{}, err
	}
	return step.(media.Packet), nil
}

var avTracks = []media.Track{
	{Codec: media.CodecH264, Config: []byte("video"), FrameRate: 25},
	{Codec: media.CodecAAC, Config: []byte("audio"), SampleRate: 48000},
}

// av is a source of n pictures at 25 a second, shown one frame after they are
// decoded, and as much audio at 40 ms a frame, which begins at audio.
func av(n int, audio time.Duration) *fake {
	f := &fake{tracks: avTracks}
	v, a := 0, 0
	for v < n || a < n {
		dts, at := time.Duration(v)*40*ms, time.Duration(a)*40*ms+audio
		if v < n && (a == n || dts <= at) {
			f.steps = append(f.steps, media.Packet{Track: 0, DTS: dts, PTS: dts + 40*ms})
			v++
			continue
		}
		f.steps = append(f.steps, media.Packet{Track: 1, DTS: at, PTS: at})
		a++
	}
	return f
}
