package mediatype

import "rtmpwriter/media"

// Stream is what is known of the samples of one pin: at first what the media type
// tells, later what they show. It is used by one goroutine at a time; a new
// connection, a new media type and a new run each begin a new one.
type Stream struct {
	track media.Track
	nal   nalFraming // of video
	aac   aacFraming // of audio
}

// NewStream begins a stream of a type that Accept takes. Nothing of t is kept.
func NewStream(pin Pin, t MediaType) *Stream {
	if pin == Video {
		return newVideo(t)
	}
	return newAudio(t)
}

// Track describes the stream, in a way that the publisher takes; its times are
// for presentation only. Config is never written to.
//
// The Config of video is that of the media type. It is nil from the first
// parameter sets in the samples on: these are in force then, and must not be
// undone when the track is announced once more.
func (s *Stream) Track() media.Track { return s.track }

// Convert appends the bytes of a packet to dst: the sample, as Track describes it
// by now, which is 4 bytes longer where a NAL unit lacks its start code. start
// and stop are the sample's times in 100 ns, as far as it has them.
//
// changed tells that Track has changed: it must be announced before the packet is
// written. config repeats Track.Config if that is what has changed for bare AAC
// frames, else it is nil.
//
// An error refuses the sample, of which nothing is appended; the stream goes on
// with the next.
func (s *Stream) Convert(dst, sample []byte, start, stop int64, hasStart, hasStop bool) (out []byte, changed bool, config []byte, err error) {
	if len(sample) == 0 {
		return dst, false, nil, errEmpty
	}
	if s.track.Codec.IsVideo() {
		out, changed, err = s.convertVideo(dst, sample)
		return out, changed, nil, err
	}
	if changed, err = s.followAAC(sample); err != nil {
		return dst, false, nil, err
	}
	if s.track.Framing == media.FramingRaw && s.aac.guess.open() {
		config = s.guessConfig(sample, times{start, stop, hasStart, hasStart && hasStop})
		changed = changed || config != nil
	}
	return append(dst, sample...), changed, config, nil
}
