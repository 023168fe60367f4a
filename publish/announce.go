package publish

import (
	"rtmpwriter/flv"
	"rtmpwriter/rtmp"
)

// announce sends what must go before f: metadata when it is new or changed, and
// the track's sequence header.
func (s *sender) announce(f *frame, timestamp uint32) error {
	s.announced[f.track] = f.config
	if err := s.announceMetadata(timestamp); err != nil {
		return err
	}
	s.slice[0] = f.config.record
	return s.appendTag(f.config, flv.AudioTag{PacketType: flv.AACSequenceHeader},
		flv.VideoTag{FrameType: flv.FrameKey, PacketType: flv.AVCSequenceHeader}, timestamp, s.slice[:])
}

// appendTag appends a message of a track: with the header of audio or that of
// video, as the track is.
func (s *sender) appendTag(c *trackConfig, audio flv.AudioTag, video flv.VideoTag, timestamp uint32, payload [][]byte) error {
	m := &s.message
	if c.codec.IsAudio() {
		m.Type, m.HeaderLen = rtmp.TypeAudio, len(audio.AppendHeader(m.Header[:0]))
	} else {
		m.Type, m.HeaderLen = rtmp.TypeVideo, len(video.AppendHeader(m.Header[:0]))
	}
	m.Timestamp, m.Payload = timestamp, payload
	return s.put()
}

// put appends the message, and sends it where each has its own write.
func (s *sender) put() error {
	err := s.conn.Append(&s.message)
	if err == nil && s.p.options.OutputPacketSize == 0 {
		err = s.conn.Flush()
	}
	return err
}
