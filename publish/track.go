package publish

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"rtmpwriter/media"
	"rtmpwriter/media/h264"
	"rtmpwriter/publish/internal/decodetime"
	"rtmpwriter/rtmp"
)

// trackConfig is what a track's sequence header and its part of onMetaData say.
// It never changes; a change of the stream makes a new one, so that comparing
// pointers tells whether a header must be sent.
type trackConfig struct {
	codec media.Codec
	// record is the AVCDecoderConfigurationRecord or AudioSpecificConfig.
	record []byte

	width, height int
	frameRate     float64
	bitrate       int // bits/s
	sampleRate    int
	channels      int
	frame         time.Duration // of audio: the length of a frame
}

// track is one elementary stream on the side of Write.
type track struct {
	mu    sync.Mutex // held while a packet is cut; one goroutine writes a track
	index int
	codec media.Codec // never changes
	info  media.Track
	clock trackClock
	h264  h264.Analyzer
	// times makes the times of samples that have presentation times only, due
	// is where the next frame of such audio begins, NoTime when not known.
	times decodetime.Estimator
	due   time.Duration
	// waitKey drops video until a keyframe: at the start and after a flush.
	waitKey bool
	// config is nil until the stream has told its parameters.
	config atomic.Pointer[trackConfig]
}

func newTrack(index int, info media.Track, shared *restarts) (*track, error) {
	t := &track{index: index, codec: info.Codec, info: info, waitKey: info.Codec.IsVideo(), clock: trackClock{shared: shared}, due: media.NoTime}
	return t, t.configure(info)
}

// configure takes over a description of the track: the first one or a change.
func (t *track) configure(info media.Track) error {
	refuse := func(reason string) error { return &TrackError{Track: t.index, Reason: reason} }
	switch {
	case info.Codec == media.CodecH264 && info.Framing == media.FramingLengthPrefixed:
		if n := info.NALLengthSize; n != 1 && n != 2 && n != 4 {
			return refuse("NAL unit lengths must have 1, 2 or 4 bytes")
		}
	case info.Codec == media.CodecH264 && info.Framing == media.FramingAnnexB:
	case info.Codec == media.CodecAAC && info.Framing == media.FramingADTS:
	case info.Codec == media.CodecAAC && info.Framing == media.FramingRaw:
		if len(info.Config) == 0 {
			return refuse("raw AAC needs its AudioSpecificConfig in Config")
		}
	default:
		return refuse(info.Codec.String() + " with " + info.Framing.String() + " framing cannot be published")
	}
	before := t.info
	t.info = info
	t.times.FrameRate = info.FrameRate
	if len(info.Config) == 0 {
		return nil
	}
	if err := t.setConfig(info.Config); err != nil {
		t.info = before
		return refuse(err.Error())
	}
	return nil
}

// setConfig puts a decoder configuration in force for the packets that follow.
func (t *track) setConfig(record []byte) error {
	if t.codec.IsVideo() {
		return t.setAVC(record)
	}
	return t.setAAC(record)
}

// maxFrame is the longest payload: the length of a message has 24 bits.
const maxFrame = 1<<24 - 1 - rtmp.MaxTagHeader

// cut makes a frame of one packet. The frame does not own the packet's bytes
// yet. skip tells that the packet must not be sent: it comes before the first
// keyframe, in decode or in display order.
func (t *track) cut(f *frame, p *media.Packet) (skip bool, err error) {
	if len(p.Config) > 0 {
		if err := t.setConfig(p.Config); err != nil {
			return false, &PacketError{Track: t.index, Reason: err.Error()}
		}
	}
	if reason := t.refuseTimes(p); reason != "" {
		return false, &PacketError{Track: t.index, Reason: reason}
	}
	f.track, f.dts, f.pts = t.index, p.DTS, p.PTS
	if t.codec.IsVideo() {
		if err := t.cutVideo(f, p); err != nil {
			return false, &PacketError{Track: t.index, Reason: err.Error()}
		}
		pic := t.look(f)
		if t.waitKey && (!f.keyframe || t.config.Load() == nil) {
			return true, nil
		}
		t.waitKey = false
		if t.estimates() && !t.timeVideo(f, &pic) {
			return true, nil
		}
	} else {
		f.keyframe = true
		f.add(p.Data)
		t.timeAudio(f)
	}
	if f.size > maxFrame {
		return false, &PacketError{Track: t.index, Reason: fmt.Sprintf("%d bytes: an RTMP message carries at most %d", f.size, maxFrame)}
	}
	f.config = t.config.Load()
	return false, nil
}

// framing is the framing of the packets that come now.
func (t *track) framing() media.Framing {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.info.Framing
}

// known is the configuration in force, or the track's description while the
// stream has not told one.
func (t *track) known() *trackConfig {
	if c := t.config.Load(); c != nil {
		return c
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return &trackConfig{
		codec: t.codec, width: t.info.Width, height: t.info.Height, frameRate: t.info.FrameRate,
		bitrate: t.info.Bitrate, sampleRate: t.info.SampleRate, channels: t.info.Channels,
	}
}
