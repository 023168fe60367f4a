package server

import (
	"fmt"
	"math"
	"slices"

	"rtmpwriter/amf0"
	"rtmpwriter/internal/receiver"
	"rtmpwriter/interop/elementary"
)

// commands is the order that publishers use; servers rely on it.
var commands = []string{"connect", "releaseStream", "FCPublish", "createStream", "publish", "FCUnpublish", "deleteStream"}

// checkMessages tells what is wrong with the order and the contents of the
// messages of a stream.
func checkMessages(got *receiver.Result, sent *elementary.File) []string {
	var wrong []string
	note := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if got.Err != nil || got.End != receiver.EndDeleteStream {
		note("the stream ended by %d, not by deleteStream: %v", got.End, got.Err)
	}
	if !slices.Equal(got.Commands, commands) {
		note("commands %v, want %v", got.Commands, commands)
	}
	if got.Other > 0 {
		note("%d messages are not understood", got.Other)
	}
	if got.Video.HeaderMissing || got.Audio.HeaderMissing {
		note("frames came before their sequence header: video %t, audio %t", got.Video.HeaderMissing, got.Audio.HeaderMissing)
	}
	if len(got.Messages) == 0 || got.Messages[0].Name != "onMetaData" || !got.Messages[0].Stored {
		note("the first message is not @setDataFrame onMetaData")
	}
	last := uint32(0)
	for i, m := range got.Messages {
		if m.Timestamp < last {
			note("message %d of %d goes back from %d to %d ms", i, len(got.Messages), last, m.Timestamp)
			break
		}
		last = m.Timestamp
	}
	return append(wrong, checkMetadata(got.Messages, sent)...)
}

// checkMetadata compares the first onMetaData with ffprobe's word, which speaks
// of the beginning too. What a publisher cannot know it may leave out, except
// for the size.
func checkMetadata(messages []receiver.Message, sent *elementary.File) []string {
	var wrong []string
	var metadata amf0.ECMAArray
	for _, m := range messages {
		if m.Name == "onMetaData" && len(m.Values) > 0 {
			metadata, _ = m.Values[0].(amf0.ECMAArray)
			break
		}
	}
	expect := func(name string, want float64, needed bool) {
		v, there := metadata.Get(name)
		if !there && !needed {
			return
		}
		if n, ok := v.(float64); !ok || math.Abs(n-want) > want/1000 {
			wrong = append(wrong, fmt.Sprintf("onMetaData: %s is %v, want %v", name, v, want))
		}
	}
	if s := sent.Streams[elementary.Video]; s != nil {
		expect("width", float64(s.Width), true)
		expect("height", float64(s.Height), true)
		expect("videocodecid", 7, true)
		if s.Timed {
			expect("framerate", s.FrameRate, false)
		}
	}
	if s := sent.Streams[elementary.Audio]; s != nil {
		expect("audiocodecid", 10, true)
		expect("audiosamplerate", float64(s.SampleRate), true)
		expect("audiochannels", float64(s.Channels), false)
		if v, there := metadata.Get("stereo"); there && v != (s.Channels == 2) {
			wrong = append(wrong, fmt.Sprintf("onMetaData: stereo is %v with %d channels", v, s.Channels))
		}
	}
	return wrong
}
