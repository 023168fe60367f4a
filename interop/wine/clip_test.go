package wine

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"rtmpwriter/flv"
	"rtmpwriter/input"
	"rtmpwriter/media"
	"rtmpwriter/media/h264"
)

// clip is a file as a graph's demultiplexer sees it.
type clip struct {
	path         string
	video, audio *media.Track
	frames       []clipFrame
}

// clipFrame is a picture or a frame of sound.
type clipFrame struct {
	pin   int
	shown time.Duration
	key   bool
	nals  [][]byte // video: without parameter sets
	sets  [][]byte // parameter sets that are in force from here on; nil: as before
	sound []byte
}

// readClip reads all of a file.
func readClip(path string) (*clip, error) {
	src, err := input.Open(path, input.Options{})
	if err != nil {
		return nil, err
	}
	defer src.Close()
	c := &clip{path: path}
	tracks := src.Tracks()
	for i, track := range tracks {
		if track.Codec.IsVideo() {
			c.video = &tracks[i]
		} else {
			c.audio = &tracks[i]
		}
	}
	var sets [][]byte
	for {
		p, err := src.Next()
		if errors.Is(err, io.EOF) {
			return c, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		frame, err := c.frame(&tracks[p.Track], p)
		if err != nil {
			return nil, fmt.Errorf("%s: frame %d: %w", path, len(c.frames), err)
		}
		if slices.EqualFunc(frame.sets, sets, bytes.Equal) {
			frame.sets = nil
		}
		if len(frame.sets) > 0 {
			sets = frame.sets
		}
		c.frames = append(c.frames, frame)
		p.Release()
	}
}

// frame copies a packet.
func (c *clip) frame(track *media.Track, p media.Packet) (clipFrame, error) {
	f := clipFrame{shown: p.PTS, key: p.Keyframe}
	if track.Codec.IsAudio() {
		f.pin, f.key, f.sound = audioPin, true, bytes.Clone(p.Data)
		return f, nil
	}
	nals := media.AppendAnnexB(nil, p.Data)
	if track.Framing == media.FramingLengthPrefixed {
		var err error
		if nals, err = media.AppendLengthPrefixed(nil, p.Data, track.NALLengthSize); err != nil {
			return f, err
		}
		config := p.Config
		if config == nil && c.sets() == nil {
			config = track.Config
		}
		if config != nil {
			record, err := flv.ParseAVCDecoderConfig(config)
			if err != nil {
				return f, err
			}
			f.sets = slices.Concat(record.SPS, record.PPS)
		}
	}
	var inBand [][]byte
	for _, nal := range nals {
		switch media.NALType(nal) {
		case media.NALSPS, media.NALPPS:
			inBand = append(inBand, bytes.Clone(nal))
			continue
		case media.NALIDR:
			f.key = true
		}
		f.nals = append(f.nals, bytes.Clone(nal))
	}
	if inBand != nil {
		f.sets = inBand
	}
	return f, nil
}

// sets are the first parameter sets so far.
func (c *clip) sets() [][]byte {
	for _, f := range c.frames {
		if f.sets != nil {
			return f.sets
		}
	}
	return nil
}

// size is the size of the pictures that a clip's parameter sets speak of, in
// the numbers of a format block.
func size(sets [][]byte) (width, height int64) {
	for _, set := range sets {
		if sps, err := h264.ParseSPS(set); err == nil {
			return int64(sps.Width), int64(sps.Height)
		}
	}
	return 0, 0
}

// length is how long a frame is shown, for the stop times that samples have.
func (c *clip) length(pin int) time.Duration {
	switch {
	case pin == audioPin && c.audio.SampleRate > 0:
		return 1024 * time.Second / time.Duration(c.audio.SampleRate)
	case pin == videoPin && c.video.FrameRate > 0:
		return time.Duration(float64(time.Second) / c.video.FrameRate)
	}
	return 40 * time.Millisecond
}

// samples are the clip's frames in a form of video and one of audio.
func (c *clip) samples(v videoForm, a audioForm) *sampleFile {
	f := new(sampleFile)
	var sets [][]byte
	if c.video != nil {
		sets = c.sets()
		f.setType(videoPin, v.mediaType(c, sets))
	}
	if c.audio != nil {
		f.setType(audioPin, a.mediaType(c))
	}
	for i, frame := range c.frames {
		if frame.pin == audioPin {
			f.add(audioPin, frame.shown, c.length(audioPin), true, a.frame(c, frame.sound))
			continue
		}
		changed := frame.sets != nil
		if changed {
			sets = frame.sets
		}
		if changed && i > 0 && v.sequence != nil && !v.inBand && !bytes.Equal(v.sequence(sets), v.sequence(c.sets())) {
			f.setType(videoPin, v.mediaType(c, sets))
		}
		nals := frame.nals
		if v.inBand && (frame.key || changed) {
			nals = withSets(nals, sets)
		}
		f.add(videoPin, frame.shown, c.length(videoPin), frame.key, v.join(nals))
	}
	return f
}

// withSets puts parameter sets before the units, behind the delimiter if there
// is one.
func withSets(nals, sets [][]byte) [][]byte {
	at := 0
	if media.NALType(nals[0]) == media.NALAUD {
		at = 1
	}
	return slices.Insert(slices.Clone(nals), at, sets...)
}
