package aac

import (
	"bytes"

	"rtmpwriter/media"
)

// Format is what the ADTS headers of a stream say, as they come. The zero value
// knows nothing yet.
type Format struct {
	// Record is the AudioSpecificConfig in force, nil before the first header.
	Record []byte
	// Config is what it tells.
	Config Config
}

// Follow takes over what the header of a frame says, and tells whether that
// differs from before. A header that makes no AudioSpecificConfig is passed
// over.
func (f *Format) Follow(u *Unit) (changed bool) {
	record := u.AppendConfig(nil, u.B)
	config, err := ParseConfig(record)
	if err != nil || bytes.Equal(record, f.Record) {
		return false
	}
	f.Record, f.Config = record, config
	return true
}

// Track describes the stream cut into bare frames.
func (f *Format) Track() media.Track {
	return media.Track{
		Codec: media.CodecAAC, Framing: media.FramingRaw, Config: f.Record,
		SampleRate: f.Config.SampleRate, Channels: f.Config.Channels,
	}
}
