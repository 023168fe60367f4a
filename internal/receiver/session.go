package receiver

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"

	"rtmpwriter/amf0"
	"rtmpwriter/flv"
)

// maxCommands bounds Result.Commands: a publisher sends about eight.
const maxCommands = 64

// errTaken refuses a second publisher of a name, as most servers do.
var errTaken = errors.New("somebody else is publishing this stream")

// session is what one connection publishes. It belongs to the connection's
// goroutine.
type session struct {
	conn               *conn
	asked              Stream // by the connect command
	commands           []string
	current            *Result // nil while nothing is published
	videoSum, audioSum hash.Hash
}

func (s *session) command(name string) {
	if len(s.commands) < maxCommands {
		s.commands = append(s.commands, name)
	}
}

func (s Stream) name() string { return s.App + "/" + s.Key }

// begin opens a stream under its name, unless that is taken.
func (s *session) begin(key, mode string) error {
	s.command("publish")
	r := s.conn.owner
	r.mu.Lock()
	defer r.mu.Unlock()
	stream := s.asked
	stream.Key, stream.Mode = key, mode
	name := stream.name()
	if _, taken := r.streams[name]; taken {
		return fmt.Errorf("publish %s: %w", name, errTaken)
	}
	r.streams[name] = struct{}{}
	s.current = &Result{Stream: stream}
	s.videoSum, s.audioSum = sha256.New(), sha256.New()
	return nil
}

// end hands the current stream's result over, if there is one.
func (s *session) end(why End, err error) {
	result := s.current
	if result == nil {
		return
	}
	s.current = nil
	result.End, result.Err = why, err
	result.Commands = append(result.Commands, s.commands...)
	s.videoSum.Sum(result.Video.Sum[:0])
	s.audioSum.Sum(result.Audio.Sum[:0])

	r := s.conn.owner
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.streams, result.name())
	r.ended = append(r.ended, result)
	if len(r.ended) > maxResults {
		r.ended = r.ended[1:]
	}
	r.tell()
}

// video takes the body of a video message.
func (s *session) video(timestamp uint32, body []byte) {
	tag, err := flv.ParseVideoTag(body)
	m := Message{Kind: KindOther, Timestamp: timestamp, Payload: body, Body: body}
	if err == nil && tag.CodecID == flv.CodecAVC {
		m.Payload = tag.Data
		switch tag.PacketType {
		case flv.AVCSequenceHeader:
			m.Kind = KindVideoHeader
		case flv.AVCNALU:
			m.Kind, m.Keyframe, m.Composition = KindVideo, tag.FrameType == flv.FrameKey, tag.CompositionTime
		case flv.AVCEndOfSequence:
			m.Kind = KindVideoEnd
		}
	}
	s.take(m)
}

// audio takes the body of an audio message.
func (s *session) audio(timestamp uint32, body []byte) {
	tag, err := flv.ParseAudioTag(body)
	m := Message{Kind: KindOther, Timestamp: timestamp, Payload: body, Body: body}
	if err == nil && tag.CodecID == flv.CodecAAC {
		m.Payload = tag.Data
		switch tag.PacketType {
		case flv.AACSequenceHeader:
			m.Kind = KindAudioHeader
		case flv.AACRaw:
			m.Kind = KindAudio
		}
	}
	s.take(m)
}

// data takes the body of a data message, without the name @setDataFrame.
func (s *session) data(timestamp uint32, body []byte, stored bool) {
	m := Message{Kind: KindOther, Timestamp: timestamp, Payload: body, Body: body, Stored: stored}
	values, err := amf0.Decode(body)
	if len(values) > 0 && err == nil {
		if name, ok := values[0].(string); ok {
			m.Kind, m.Name, m.Values = KindData, name, values[1:]
		}
	}
	s.take(m)
}
