package receiver

import (
	"bytes"
	"crypto/sha256"
	"hash"

	"rtmpwriter/amf0"
)

// take adds a message to the current stream's account.
func (s *session) take(m Message) {
	result := s.current
	if result == nil {
		return
	}
	m.Stream = &result.Stream
	m.Size, m.Sum = len(m.Payload), sha256.Sum256(m.Payload)
	switch m.Kind {
	case KindVideoHeader:
		result.Video.header(m)
	case KindAudioHeader:
		result.Audio.header(m)
	case KindVideo:
		result.Video.frame(m, s.videoSum)
	case KindAudio:
		result.Audio.frame(m, s.audioSum)
	case KindData:
		result.data(m)
	case KindVideoEnd:
	default:
		result.Other++
	}
	if tell := s.conn.owner.config.OnMessage; tell != nil {
		tell(m)
	}
	if s.conn.owner.config.Record {
		m.Stream, m.Payload, m.Body = nil, nil, nil
		result.Messages = append(result.Messages, m)
	}
}

func (t *Track) header(m Message) {
	t.Headers++
	t.Header = bytes.Clone(m.Payload)
}

func (t *Track) frame(m Message, sum hash.Hash) {
	if t.Frames == 0 {
		t.First = m.Timestamp
	}
	if t.Headers == 0 {
		t.HeaderMissing = true
	}
	t.Frames++
	t.Last = m.Timestamp
	t.Bytes += int64(m.Size)
	if m.Keyframe {
		t.Keyframes++
	}
	sum.Write(m.Payload)
}

func (r *Result) data(m Message) {
	r.Data++
	if m.Name != "onMetaData" || len(m.Values) == 0 {
		return
	}
	switch v := m.Values[0].(type) {
	case amf0.ECMAArray:
		r.Metadata = amf0.Object(v)
	case amf0.Object:
		r.Metadata = v
	}
}
