package mediatype

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/publish"
)

// door is a pin's way into the engine, as the filter goes it.
type door struct {
	t         *testing.T
	stream    *Stream
	publisher *publish.Publisher
	written   int
}

func newDoor(t *testing.T, s *Stream) *door {
	o := publish.DefaultOptions()
	o.URL = "rtmp://127.0.0.1/live+a"
	o.OutputBufferSize = 1 << 20 // all that a test writes: nothing is sent
	p, err := publish.New(o)
	require.NoError(t, err)
	require.NoError(t, p.SetTracks(s.Track()))
	return &door{t, s, p, 0}
}

func (d *door) write(sample []byte, start time.Duration) {
	data, changed, config := convert(d.t, d.stream, sample, at(int64(start/100)))
	if changed {
		require.NoError(d.t, d.publisher.SetTracks(d.stream.Track()))
	}
	d.written++
	require.NoError(d.t, d.publisher.Write(d.t.Context(), media.Packet{PTS: start, Data: bytes.Clone(data), Config: config}))
}

// The engine takes a stream that is laid out anew at every key picture, with the
// parameter sets in the block, then in the samples.
func TestEngineTakesEveryFraming(t *testing.T) {
	all := pictures(t, "bframes2.h264")
	first := media.AppendAnnexB(nil, all[0])
	var sets [][]byte
	for _, nal := range first {
		if k := media.NALType(nal); k == media.NALSPS || k == media.NALPPS {
			sets = append(sets, nal)
		}
	}
	framings := []func(nals ...[]byte) []byte{
		func(nals ...[]byte) []byte { return annexB(4, nals...) },
		func(nals ...[]byte) []byte { return prefixed(4, nals...) },
		func(nals ...[]byte) []byte { return annexB(4, nals...)[4:] },
	}
	for _, subtype := range videoSubtypes {
		d := newDoor(t, NewStream(Video, videoType(subtype, FormatMPEG2Video, mpeg2Video(2, prefixed(2, sets...)))))
		for round, frame := range [...]int{1, 0, 1, 0, 2} {
			for i, picture := range all {
				nals := media.AppendAnnexB(nil, picture)
				if round == 0 && i == 0 {
					nals = nals[len(nals)-1:] // the slice alone: the sets are in the block
				}
				d.write(framings[frame](nals...), time.Duration(round*len(all)+i)*40*time.Millisecond)
			}
		}
		stats := d.publisher.Stats()
		require.Equal(t, d.written, stats.VideoPacketsBuffered, typeName(subtype))
		require.Zero(t, stats.FramesSkipped+stats.FramesDropped)
	}
}

func TestEngineTakesGuessedSound(t *testing.T) {
	withHeader, bare, _ := sounds(t, "mono44100.aac")
	d := newDoor(t, audioStream(SubtypeRawAAC, nil))
	frames := slices.Concat(bare, withHeader)
	for i, frame := range frames {
		d.write(frame, time.Duration(i)*frameSamples*time.Second/44100)
	}
	require.Equal(t, len(frames), d.publisher.Stats().AudioPacketsBuffered)
}
