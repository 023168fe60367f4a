package rtmptest

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
)

// errNoDigest ends a session whose client knows only the simple handshake.
var errNoDigest = errors.New("rtmptest: C1 has no digest")

// handshake is the simple one (RTMP 1.0, section 5.2), or that of Script.Digest.
func (s *Session) handshake(r io.Reader) error {
	c0c1 := make([]byte, 1+1536)
	if _, err := io.ReadFull(r, c0c1); err != nil {
		return err
	}
	s.mu.Lock()
	s.c1 = c0c1[1:]
	s.mu.Unlock()
	if s.script.Digest {
		return s.digestHandshake(r, c0c1[1:])
	}
	if s.on("handshake", Message{}) {
		_, err := io.ReadFull(r, make([]byte, 1536))
		return err
	}
	answer := s.hello()
	c2, err := s.exchange(r, answer)
	if err == nil && !bytes.Equal(c2[8:], answer[9:1+1536]) {
		s.t.Error("rtmptest: C2 does not echo S1")
	}
	return err
}

// hello is S0 to S2 of a good server.
func (s *Session) hello() []byte {
	answer := make([]byte, 1+2*1536)
	answer[0] = 3
	_, _ = rand.Read(answer[9 : 1+1536])
	copy(answer[1+1536:], s.Handshake())
	return answer
}

// exchange sends S0 to S2 and returns C2, which may come before S2 is out.
func (s *Session) exchange(r io.Reader, answer []byte) (c2 []byte, err error) {
	sent := make(chan struct{})
	go func() { // ends with the write, joined below
		defer close(sent)
		s.write(answer)
	}()
	c2 = make([]byte, 1536)
	_, err = io.ReadFull(r, c2)
	if err != nil {
		_ = s.conn.Close()
	}
	<-sent
	return c2, err
}
