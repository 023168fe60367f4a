package publish

import (
	"bytes"
	"slices"

	"rtmpwriter/amf0"
	"rtmpwriter/flv"
	"rtmpwriter/rtmp"
)

// encoderName is told in onMetaData.
const encoderName = "RTMP Writer"

// metadata is the body of the @setDataFrame message for the configurations in
// force, one a track. What is not known is left out.
func metadata(configs []*trackConfig) ([]byte, error) {
	m := flv.Metadata{Encoder: encoderName}
	for _, c := range configs {
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

// announceMetadata appends onMetaData when it is not what was sent last. A
// track that has sent nothing yet is described by what is known of it now; rates
// that nobody told are there once they have been measured.
func (s *sender) announceMetadata(timestamp uint32) error {
	configs := slices.Clone(s.announced)
	for i, t := range s.p.trackList() {
		if configs[i] == nil {
			configs[i] = t.known()
		}
		if s.measured {
			configs[i] = s.measures[i].fill(configs[i])
		}
	}
	body, err := metadata(configs)
	if err != nil || bytes.Equal(body, s.metadata) {
		return err
	}
	s.metadata = body
	s.slice[0] = body
	s.message.Type, s.message.Timestamp = rtmp.TypeData, timestamp
	s.message.HeaderLen, s.message.Payload = 0, s.slice[:]
	return s.put()
}
