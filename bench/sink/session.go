package sink

import (
	"encoding/binary"
	"errors"
	"fmt"

	"rtmpwriter/amf0"
)

const (
	handshakeSize = 1536
	// window is how many bytes may come without an acknowledgement, where the
	// publisher does not say.
	window = 2_500_000
	// announced is the chunk size that the sink tells, as nginx-rtmp does.
	announced = 4096
)

var errChunkSize = errors.New("a chunk size of 0")

// session is one publisher's connection, without the connection.
type session struct {
	Reception
	parser *parser
	phase  int // of the handshake: bytes that have come of it
	out    []byte
	window int
	acked  int64
	random []byte
	noted  bool // the sink has counted it
}

func newSession(accepted int64) *session {
	s := &session{window: window, random: make([]byte, 1+2*handshakeSize)}
	s.Accepted = accepted
	s.random[0] = 3
	s.parser = newParser(s.message)
	return s
}

// feed takes what has come; what is to be answered is then in out.
func (s *session) feed(b []byte) error {
	s.Bytes += int64(len(b))
	if s.phase < 1+2*handshakeSize {
		b = s.handshake(b)
	}
	if err := s.parser.feed(b); err != nil {
		return err
	}
	s.Chunks = s.parser.chunks
	if s.Bytes-s.acked >= int64(s.window) {
		s.acked = s.Bytes
		s.control(3, binary.BigEndian.AppendUint32(nil, uint32(s.Bytes)))
	}
	return nil
}

// handshake answers C0 and C1 with S0, S1 and S2, which is C1 again.
func (s *session) handshake(b []byte) (rest []byte) {
	n := min(len(b), 1+2*handshakeSize-s.phase)
	first := min(n, max(0, 1+handshakeSize-s.phase))
	for i, c := range b[:first] {
		if at := s.phase + i; at > 0 {
			s.random[handshakeSize+at] = c // S2 is C1
		}
	}
	before := s.phase
	s.phase += n
	if before < 1+handshakeSize && s.phase >= 1+handshakeSize {
		s.out = append(s.out, s.random...)
		s.random = nil
	}
	return b[n:]
}

// message looks at a message that is complete.
func (s *session) message(m *chunkStream) error {
	switch m.kind {
	case typeAudio:
		s.Audio++
		s.media(m)
	case typeVideo:
		s.Video++
		s.media(m)
	case typeSetChunkSize:
		n, err := m.number()
		if err != nil {
			return err
		}
		if n == 0 {
			return errChunkSize
		}
		s.parser.chunkSize = n
	case typeWindowAck:
		n, err := m.number()
		if err != nil {
			return err
		}
		s.window = max(n, 1)
	case typeCommand:
		return s.command(m)
	}
	return nil
}

// control appends a control message to what is answered.
func (s *session) control(kind uint8, body []byte) { s.reply(2, kind, 0, body) }

// reply appends a message of one chunk.
func (s *session) reply(csid, kind uint8, stream uint32, body []byte) {
	s.out = append(s.out, csid, 0, 0, 0, 0, byte(len(body)>>8), byte(len(body)), kind)
	s.out = binary.LittleEndian.AppendUint32(s.out, stream)
	s.out = append(s.out, body[:min(len(body), announced)]...)
}

// command answers as a server does that agrees to everything.
func (s *session) command(m *chunkStream) error {
	values, err := amf0.Decode(m.head)
	if err != nil {
		return fmt.Errorf("a command: %w", err)
	}
	if len(values) < 2 {
		return fmt.Errorf("a command of %d values", len(values))
	}
	name, _ := values[0].(string)
	id, _ := values[1].(float64)
	switch name {
	case "connect":
		s.control(5, binary.BigEndian.AppendUint32(nil, window))
		s.control(6, append(binary.BigEndian.AppendUint32(nil, window), 2))
		s.control(typeSetChunkSize, binary.BigEndian.AppendUint32(nil, announced))
		return s.answer(0, "_result", id, amf0.Object{{Name: "fmsVer", Value: "FMS/3,0,1,123"}, {Name: "capabilities", Value: 31.0}},
			status("NetConnection.Connect.Success", "Connection succeeded."))
	case "createStream":
		return s.answer(0, "_result", id, nil, 1.0)
	case "publish":
		if len(values) > 3 {
			s.Key, _ = values[3].(string)
		}
		s.Agreed = now()
		return s.answer(1, "onStatus", 0.0, nil, status("NetStream.Publish.Start", "Publishing."))
	case "releaseStream", "FCPublish":
		return s.answer(0, "_result", id, nil, amf0.Undefined{})
	}
	return nil
}

func status(code, description string) amf0.Object {
	return amf0.Object{{Name: "level", Value: "status"}, {Name: "code", Value: code}, {Name: "description", Value: description}}
}

func (s *session) answer(stream uint32, values ...any) error {
	body, err := amf0.Append(nil, values...)
	if err == nil {
		s.reply(3, typeCommand, stream, body)
	}
	return err
}
