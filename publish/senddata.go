package publish

import "rtmpwriter/rtmp"

// sessionData is what a session has had of data messages.
type sessionData struct {
	// begun tells that it has had a frame, and latest is the last one's timestamp.
	begun  bool
	latest uint32
	// metadata is the engine's onMetaData that the caller's own has followed.
	metadata []byte
}

// beginData turns to another session, which knows nothing of the last one.
func (s *sender) beginData() {
	s.data = sessionData{}
	s.p.timecodes.fresh, s.p.timecodes.seen = true, false
}

// beforeFrame puts before f what belongs there: data that is due, with the
// timestamp of the frame that it followed, and f's timecode.
func (s *sender) beforeFrame(f *frame, timestamp uint32) error {
	at := timestamp
	if s.data.begun {
		at = s.data.latest
	}
	if err := s.keepData(at); err != nil {
		return err
	}
	if err := s.repeatData(f.before, at); err != nil { // it was sent with f before
		return err
	}
	for {
		m, ok := s.p.data.take(f.dts, false)
		if !ok {
			break
		}
		if s.p.queue.keeps() && !m.stored {
			f.before = append(f.before, m.body)
		}
		if err := s.appendData(m.body, at); err != nil {
			return err
		}
	}
	s.data.begun, s.data.latest = true, timestamp
	return s.appendTimecode(f, timestamp)
}

// repeatData sends data messages that an earlier session may not have brought to
// the server.
func (s *sender) repeatData(bodies [][]byte, at uint32) error {
	for _, body := range bodies {
		if err := s.appendData(body, at); err != nil {
			return err
		}
	}
	return nil
}

// keepData sends again what the server should hold: everything stored to a new
// session, and the caller's onMetaData when the engine's has replaced it.
func (s *sender) keepData(at uint32) error {
	same := len(s.data.metadata) > 0 && len(s.metadata) > 0 && &s.data.metadata[0] == &s.metadata[0]
	if same {
		return nil
	}
	s.data.metadata = s.metadata
	for _, m := range s.p.data.kept(s.data.begun) {
		if err := s.appendData(m.body, at); err != nil {
			return err
		}
	}
	return nil
}

// restData sends all data that waits, when no frame does. Before the session's
// first frame it waits for that.
func (s *sender) restData() error {
	if !s.data.begun {
		return nil
	}
	sent := false
	for {
		m, ok := s.p.data.take(0, true)
		if !ok {
			break
		}
		if !m.stored {
			s.p.queue.attach(m.body)
		}
		if err := s.appendData(m.body, s.data.latest); err != nil {
			return err
		}
		sent = true
	}
	if !sent {
		return nil
	}
	return s.conn.Flush()
}

// appendData appends a data message of that body.
func (s *sender) appendData(body []byte, timestamp uint32) error {
	s.slice[0] = body
	s.message.Type, s.message.Timestamp = rtmp.TypeData, timestamp
	s.message.HeaderLen, s.message.Payload = 0, s.slice[:]
	return s.put()
}
