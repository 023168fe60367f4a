package server

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/internal/receiver"
	"rtmpwriter/interop/elementary"
)

// good is a result in which nothing is wrong, and what was sent.
func good() (*receiver.Result, *elementary.File) {
	metadata := amf0.ECMAArray{
		{Name: "width", Value: 320.0}, {Name: "height", Value: 240.0}, {Name: "videocodecid", Value: 7.0},
		{Name: "framerate", Value: 29.97}, {Name: "audiocodecid", Value: 10.0}, {Name: "audiosamplerate", Value: 44100.0},
		{Name: "stereo", Value: true},
	}
	result := &receiver.Result{
		Commands: []string{"connect", "releaseStream", "FCPublish", "createStream", "publish", "FCUnpublish", "deleteStream"},
		End:      receiver.EndDeleteStream,
		Messages: []receiver.Message{
			{Kind: receiver.KindData, Name: "onMetaData", Values: []any{metadata}, Stored: true},
			{Kind: receiver.KindVideoHeader}, {Kind: receiver.KindVideo, Timestamp: 10}, {Kind: receiver.KindAudio, Timestamp: 10},
		},
	}
	return result, &elementary.File{Streams: map[string]*elementary.Stream{
		elementary.Video: {Codec: "h264", Width: 320, Height: 240, FrameRate: 30000.0 / 1001, Timed: true},
		elementary.Audio: {Codec: "aac", SampleRate: 44100, Channels: 2},
	}}
}

func TestCheckMessagesSeesEveryFault(t *testing.T) {
	result, sent := good()
	require.Empty(t, checkMessages(result, sent))
	for name, spoil := range map[string]func(r *receiver.Result, sent *elementary.File){
		"cut":               func(r *receiver.Result, _ *elementary.File) { r.End = receiver.EndClosed },
		"commands":          func(r *receiver.Result, _ *elementary.File) { r.Commands = r.Commands[1:] },
		"not understood":    func(r *receiver.Result, _ *elementary.File) { r.Other = 1 },
		"no header":         func(r *receiver.Result, _ *elementary.File) { r.Audio.HeaderMissing = true },
		"not stored":        func(r *receiver.Result, _ *elementary.File) { r.Messages[0].Stored = false },
		"time goes back":    func(r *receiver.Result, _ *elementary.File) { r.Messages[3].Timestamp = 9 },
		"width is wrong":    func(_ *receiver.Result, s *elementary.File) { s.Streams[elementary.Video].Width = 322 },
		"rate is wrong":     func(_ *receiver.Result, s *elementary.File) { s.Streams[elementary.Video].FrameRate = 25 },
		"stereo is wrong":   func(_ *receiver.Result, s *elementary.File) { s.Streams[elementary.Audio].Channels = 6 },
		"sampling is wrong": func(_ *receiver.Result, s *elementary.File) { s.Streams[elementary.Audio].SampleRate = 48000 },
	} {
		t.Run(name, func(t *testing.T) {
			result, sent := good()
			spoil(result, sent)
			require.Len(t, checkMessages(result, sent), 1)
		})
	}
	result.Messages = nil
	require.NotEmpty(t, checkMessages(result, sent))
}

func TestFLVFile(t *testing.T) {
	var f FLV
	require.Equal(t, []byte{'F', 'L', 'V', 1, 0, 0, 0, 0, 9, 0, 0, 0, 0}, f.Bytes())
	f.Add(flvVideo, 0x01020304, []byte{7, 8})
	require.Equal(t, []byte{
		'F', 'L', 'V', 1, 1, 0, 0, 0, 9, 0, 0, 0, 0,
		9, 0, 0, 2, 2, 3, 4, 1, 0, 0, 0, 7, 8, 0, 0, 0, 13,
	}, f.Bytes())
}
