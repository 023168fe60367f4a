package aac

import (
	"errors"
	"fmt"
	"time"
)

// Audio object types (table 1.17) that appear in RTMP, or around it.
const (
	ObjectMain = 1
	ObjectLC   = 2
	ObjectSSR  = 3
	ObjectLTP  = 4
	ObjectSBR  = 5 // HE-AAC
	ObjectERLC = 17
	ObjectERLD = 23
	ObjectPS   = 29 // HE-AAC v2
	ObjectELD  = 39
)

// Syncs of the backward compatible signalling of SBR and PS (1.6.2.1).
const (
	syncExtension = 0x2b7
	syncPS        = 0x548
)

// Config is what an AudioSpecificConfig (1.6.2.1) tells.
type Config struct {
	// ObjectType is that of the core coder: ObjectLC for HE-AAC.
	ObjectType uint8
	// SampleRate is the core's, OutputRate that of the sound: twice as much
	// with SBR, else the same. In Hz.
	SampleRate, OutputRate int
	// Channels is the number of coded channels, 0 when only the frames tell
	// it. PS makes stereo of one.
	Channels int
	// FrameLength is the number of samples of a frame at SampleRate: 1024 or
	// 960, and half of it in low delay types.
	FrameLength int
	// SBR and PS tell that the config signals the tools; a stream may use
	// them without.
	SBR, PS bool
}

// FrameDuration is the time that n frames last, rounded to nanoseconds once.
func (c Config) FrameDuration(n int64) time.Duration {
	return samplesDuration(n*int64(c.FrameLength), int64(c.SampleRate))
}

// samplesDuration splits whole seconds off, so that no stream is long enough
// to overflow.
func samplesDuration(samples, rate int64) time.Duration {
	if rate <= 0 {
		return 0
	}
	const second = int64(time.Second)
	seconds, rest := samples/rate, samples%rate
	return time.Duration(seconds*second + (rest*second+rate/2)/rate)
}

// ParseConfig reads an AudioSpecificConfig. Object types that RTMP has no
// players for are read too, as far as their general part goes.
func ParseConfig(asc []byte) (Config, error) {
	r := ascReader{b: asc}
	c := Config{ObjectType: r.objectType()}
	c.SampleRate = r.sampleRate()
	c.OutputRate = c.SampleRate
	channels := r.u(4)
	if c.ObjectType == ObjectSBR || c.ObjectType == ObjectPS {
		c.SBR, c.PS = true, c.ObjectType == ObjectPS
		c.OutputRate = r.sampleRate()
		c.ObjectType = r.objectType()
	}
	c.FrameLength = 1024
	if r.u(1) == 1 { // frameLengthFlag
		c.FrameLength = 960
	}
	if c.ObjectType == ObjectERLD || c.ObjectType == ObjectELD {
		c.FrameLength /= 2
	}
	switch {
	case r.err != nil:
		return Config{}, fmt.Errorf("AudioSpecificConfig: %w", r.err)
	case c.SampleRate == 0 || c.OutputRate == 0:
		return Config{}, errors.New("AudioSpecificConfig: reserved sample rate")
	case channels > 7:
		return Config{}, fmt.Errorf("AudioSpecificConfig: reserved channel configuration %d", channels)
	case !isGeneral(c.ObjectType):
		return Config{}, fmt.Errorf("AudioSpecificConfig: audio object type %d is not AAC", c.ObjectType)
	}
	c.Channels = channelCount(uint8(channels))
	if c.ObjectType != ObjectELD {
		r.general(&c)
	}
	return c, nil
}

// general reads the rest of a GASpecificConfig (4.4.1) and what may follow it.
// It is optional: what is missing or odd ends it.
func (r *ascReader) general(c *Config) {
	if r.u(1) == 1 { // dependsOnCoreCoder
		r.u(14)
	}
	if r.u(1) == 1 { // extensionFlag
		return
	}
	if c.Channels == 0 {
		if _, n := r.programConfig(); r.err == nil {
			c.Channels = n
		}
	}
	if !c.SBR {
		r.extension(c)
	}
}

// isGeneral tells the object types whose config goes on as a GASpecificConfig,
// or as that of ELD, which begins alike.
func isGeneral(objectType uint8) bool {
	switch objectType {
	case ObjectMain, ObjectLC, ObjectSSR, ObjectLTP, ObjectERLC, ObjectERLD, ObjectELD:
		return true
	}
	return false
}

// channelCount is table 1.19; 0 where a program config element tells it.
func channelCount(config uint8) int {
	if config == 7 {
		return 8
	}
	return int(config)
}

// extension reads SBR and PS that are signalled behind the core's config,
// where older decoders do not look.
func (r *ascReader) extension(c *Config) {
	if r.u(11) != syncExtension || r.objectType() != ObjectSBR || r.u(1) == 0 {
		return
	}
	if rate := r.sampleRate(); r.err == nil && rate != 0 {
		c.SBR, c.OutputRate = true, rate
		c.PS = r.u(11) == syncPS && r.u(1) == 1
	}
}
