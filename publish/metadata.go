package publish

import (
	"bytes"

	"rtmpwriter/amf0"
	"rtmpwriter/flv"
	"rtmpwriter/rtmp"
)

// encoderName is told in onMetaData.
const encoderName = "RTMP Writer"

// metadata is the body of the @setDataFrame message for what the tracks say
// now. What is not known is left out.
func metadata(tracks []*track) ([]byte, error) {
	m := flv.Metadata{Encoder: encoderName}
	for _, t := range tracks {
		c := t.config.Load()
		if c == nil {
			// Nothing of the stream has been seen: the description counts.
			c = &trackConfig{
				codec: t.info.Codec, width: t.info.Width, height: t.info.Height, frameRate: t.info.FrameRate,
				bitrate: t.info.Bitrate, sampleRate: t.info.SampleRate, channels: t.info.Channels,
			}
		}
		if c.codec.IsAudio() {
			m.AudioCodecID, m.AudioSampleSize = flv.CodecAAC, 16
			m.AudioDataRate = float64(c.bitrate) / 1000
			m.AudioSampleRate, m.AudioChannels = c.sampleRate, c.channels
			continue
		}
		m.VideoCodecID = flv.CodecAVC
		m.VideoDataRate = float64(c.bitrate) / 1000
		m.Width, m.Height, m.FrameRate = c.width, c.height, c.frameRate
	}
	return amf0.Append(nil, "@setDataFrame", "onMetaData", m.ECMAArray())
}

// announceMetadata appends onMetaData when it is not what was sent last.
func (s *sender) announceMetadata(timestamp uint32) error {
	body, err := metadata(s.p.trackList())
	if err != nil || bytes.Equal(body, s.metadata) {
		return err
	}
	s.metadata = body
	s.slice[0] = body
	s.message.Type, s.message.Timestamp = rtmp.TypeData, timestamp
	s.message.HeaderLen, s.message.Payload = 0, s.slice[:]
	return s.conn.Append(&s.message)
}
