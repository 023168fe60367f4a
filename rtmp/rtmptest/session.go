package rtmptest

import (
	"bufio"
	"bytes"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"rtmpwriter/rtmp/internal/chunk"
)

// serverLimits let any message of a publisher pass.
var serverLimits = chunk.Limits{MessageSize: chunk.MaxLength, Streams: 64, Buffered: 4 * chunk.MaxLength}

// Session is one connection of a client. Its methods may be called from any
// goroutine.
type Session struct {
	t      testing.TB
	script *Script
	raw    net.Conn
	conn   net.Conn
	in     *inlet
	buffer *bufio.Reader // the reading goroutine's
	ended  chan struct{}
	close  sync.Once

	sending   chan struct{} // room for one: who may write
	chunkSize int           // of what is sent; under sending

	mu       sync.Mutex
	messages []Message
	changed  chan struct{} // closed and replaced when a message comes
	c1       []byte
	err      error // why the client's side ended
	marked   time.Time
}

func newSession(server *Server, raw, conn net.Conn) *Session {
	s := &Session{
		t: server.t, script: &server.script, raw: raw, conn: conn, ended: make(chan struct{}),
		sending: make(chan struct{}, 1), chunkSize: chunk.DefaultSize, changed: make(chan struct{}),
	}
	s.in = newInlet(conn, s.ended, &server.script)
	return s
}

// run serves the connection. It ends with the connection and is joined by
// Server.Close.
func (s *Session) run() {
	defer s.Close()
	s.on("accept", Message{})
	s.buffer = bufio.NewReader(s.in)
	err := s.handshake(s.buffer)
	if err == nil {
		s.on("handshaken", Message{})
	}
	reader := chunk.NewReader(s.buffer, serverLimits)
	for err == nil {
		var m chunk.Message
		if m, err = reader.Next(); err == nil {
			s.take(m)
		}
	}
	s.mu.Lock()
	s.err = err
	s.mu.Unlock()
	s.on("end", Message{})
}

// take records a message and answers it.
func (s *Session) take(received chunk.Message) {
	m := Message{received.CSID, received.Type, received.Timestamp, received.StreamID, bytes.Clone(received.Body), len(received.Body)}
	recorded := m
	if s.script.Discard && (m.Type == 8 || m.Type == 9) {
		recorded.Body = nil
	}
	if !s.script.Forget {
		s.record(recorded)
	}
	if s.script.Message != nil {
		s.script.Message(s, m)
	}
	if n, due := s.in.acknowledgement(s.buffer.Buffered()); due {
		s.Send(Acknowledgement(n))
	}
	if name := m.Command().Name; m.Type == chunk.TypeCommandAMF0 && !s.on(name, m) {
		s.answer(m)
	}
}

// record keeps a message, and wakes who waits for it.
func (s *Session) record(m Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(s.messages, m)
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *Session) on(name string, m Message) bool {
	h := s.script.On[name]
	if h != nil {
		h(s, m)
	}
	return h != nil
}

// Messages returns what has been received so far.
func (s *Session) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages)
}

// Commands returns the names of the commands received so far.
func (s *Session) Commands() []string {
	var names []string
	for _, m := range s.Messages() {
		if m.Type == chunk.TypeCommandAMF0 {
			names = append(names, m.Command().Name)
		}
	}
	return names
}

// Mark notes the time, the first time that it is called: a script's handler calls
// it when it does what a test waits for the effect of.
func (s *Session) Mark() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.marked.IsZero() {
		s.marked = time.Now()
	}
}

// Marked is the time of Mark; zero before.
func (s *Session) Marked() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.marked
}

// Wait returns the first message that matches, also one that came before.
func (s *Session) Wait(match func(Message) bool) Message {
	s.t.Helper()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for seen := 0; ; {
		s.mu.Lock()
		fresh, changed := s.messages[seen:], s.changed
		s.mu.Unlock()
		for _, m := range fresh {
			if match(m) {
				return m
			}
		}
		seen += len(fresh)
		select {
		case <-changed:
		case <-timer.C:
			s.t.Fatalf("rtmptest: the message waited for did not come; these did: %v", s.Messages())
		}
	}
}

// WaitCommand waits for a command or data message by its name.
func (s *Session) WaitCommand(name string) Message {
	s.t.Helper()
	return s.Wait(func(m Message) bool { return m.Command().Name == name })
}

// Handshake returns C1.
func (s *Session) Handshake() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.c1
}

// Raw returns every byte received, where the script keeps them.
func (s *Session) Raw() []byte { return s.in.kept() }

// Received is how many bytes have been read, handshake included.
func (s *Session) Received() int64 { return s.in.count() }

// Ended is closed when the connection has ended, and Err says how the client
// ended it: io.EOF where it closed.
func (s *Session) Ended() <-chan struct{} { return s.ended }

// Err says how the client's side ended; nil before.
func (s *Session) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}
