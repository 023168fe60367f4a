package rtmptest

import (
	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/internal/chunk"
)

// answer gives a good server's answer to a command.
func (s *Session) answer(m Message) {
	if answers := s.answers(m); len(answers) > 0 {
		s.Send(answers...)
	}
}

// answers are a good server's to a command.
func (s *Session) answers(m Message) []Message {
	c := m.Command()
	t := c.Transaction + s.script.TransactionShift
	switch c.Name {
	case "connect":
		result := NewCommand(0, "_result", t,
			amf0.Object{{Name: "fmsVer", Value: "FMS/3,0,1,123"}, {Name: "capabilities", Value: 31}},
			information("status", "NetConnection.Connect.Success", "Connection succeeded."))
		if n := s.script.ChunkSize; n > 0 {
			return []Message{SetChunkSize(uint32(n)), result}
		}
		return []Message{result}
	case "createStream":
		return []Message{NewCommand(0, "_result", t, nil, int(max(s.script.StreamID, 1)))}
	case "releaseStream", "FCPublish":
		return []Message{NewCommand(0, "_result", t, nil, amf0.Undefined{})}
	case "publish":
		return []Message{OnStatus(m.StreamID, "status", "NetStream.Publish.Start", "Publishing.")}
	}
	return nil
}

// good are the bytes of a good server's answer: to C1 where m is no message.
func (s *Session) good(m Message) []byte {
	if m.Type == 0 {
		return s.hello()
	}
	s.sending <- struct{}{}
	defer func() { <-s.sending }()
	return s.encode(s.answers(m))
}

// Send sends messages, whole and in one piece. What can't be sent since the
// connection has ended is dropped.
func (s *Session) Send(messages ...Message) {
	s.sending <- struct{}{}
	defer func() { <-s.sending }()
	s.write(s.encode(messages))
}

// encode cuts messages into chunks; whoever calls it may write.
func (s *Session) encode(messages []Message) (b []byte) {
	for _, m := range messages {
		h := chunk.Header{CSID: m.CSID, Type: m.Type, Timestamp: m.Timestamp, StreamID: m.StreamID}
		b = chunk.AppendMessage(b, h, m.Body, s.chunkSize)
		if m.Type == chunk.TypeSetChunkSize && len(m.Body) == 4 {
			s.chunkSize = int(m.Body[0])<<24 | int(m.Body[1])<<16 | int(m.Body[2])<<8 | int(m.Body[3])
		}
	}
	return b
}

// SendBytes sends bytes as they are.
func (s *Session) SendBytes(b []byte) {
	s.sending <- struct{}{}
	defer func() { <-s.sending }()
	s.write(b)
}

// write tells whether all of it could be written.
func (s *Session) write(b []byte) bool {
	size := s.script.WriteSize
	if size <= 0 {
		size = len(b)
	}
	for len(b) > 0 {
		n, err := s.conn.Write(b[:min(size, len(b))])
		if err != nil {
			return false
		}
		b = b[n:]
	}
	return true
}

// Stall stops reading once what is being read has come; Resume goes on.
func (s *Session) Stall() { s.in.stall(true) }

// Resume reads again.
func (s *Session) Resume() { s.in.stall(false) }

// Close closes the connection.
func (s *Session) Close() { s.end(func() { _ = s.conn.Close() }) }

// Reset resets the connection.
func (s *Session) Reset() {
	s.end(func() {
		if l, ok := s.raw.(interface{ SetLinger(int) error }); ok {
			_ = l.SetLinger(0)
		}
		_ = s.raw.Close()
	})
}

func (s *Session) end(how func()) {
	s.close.Do(func() {
		how()
		close(s.ended)
	})
}

// Swallow takes the rest of what comes on this connection without looking at it
// and without allocating. It is for a Handler.
func (s *Session) Swallow() {
	buffer := make([]byte, 65536)
	for {
		if _, err := s.in.Read(buffer); err != nil {
			return
		}
	}
}
