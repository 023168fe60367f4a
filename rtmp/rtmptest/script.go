package rtmptest

import (
	"crypto/tls"
	"math"
	"time"
)

// Handler answers a step of a session in place of the server. It runs on the
// session's reading goroutine: the server reads on when it returns.
type Handler func(s *Session, m Message)

// Script says how the server behaves. The zero value is a good server: it takes
// every application and stream, in message stream 1.
type Script struct {
	// On replaces the server's answer to a command, by the command's name:
	// "connect", "releaseStream", "FCPublish", "createStream", "publish",
	// "FCUnpublish", "deleteStream" or any other. "accept" comes before the
	// handshake, "handshake" in place of S0 to S2, "handshaken" after C2, and
	// "end" when the client's side has ended, all without a message. The server
	// closes after "end", handled or not.
	On map[string]Handler
	// Message sees every message when it has been recorded, before its answer.
	Message Handler

	// StreamID is the answer to createStream; 0 is 1.
	StreamID uint32
	// TransactionShift is added to the transaction ID of every answer.
	TransactionShift float64
	// ChunkSize cuts what the server sends, and is announced to the client
	// after connect; 0 stays at 128 bytes and announces nothing.
	ChunkSize int
	// WriteSize is how many bytes the server writes at once; 0 is all.
	WriteSize int
	// ReadSize is how many bytes the server reads at once; 0 is what comes.
	ReadSize int
	// Delay is how long what is under way takes, asked for each piece, so that
	// it may vary: its order never does. For servers in memory.
	Delay func() time.Duration
	// ReadRate is how many bytes a second the server reads; 0 is all.
	ReadRate int
	// AckEvery acknowledges after so many bytes; 0 never does.
	AckEvery int
	// AckAs is what the server acknowledges when it has received so many bytes;
	// nil is the truth. It is called by the session's reading goroutine.
	AckAs func(received int64) uint32
	// Discard drops the bodies of audio and video once Message has seen them.
	Discard bool
	// Forget keeps neither messages nor sessions, for servers that run for long:
	// Message and On see everything, and Server.Session, Session.Messages and what
	// waits for them are of no use.
	Forget bool
	// Raw keeps every byte received, for Session.Raw.
	Raw bool
	// Digest insists on the digest handshake: the server closes the connection
	// of a client that comes with the simple one. DigestSchema, 0 or 1, is where
	// its own digest stands.
	Digest       bool
	DigestSchema int // see Digest
	// TLS runs the server side of TLS first.
	TLS *tls.Config
	// PipeSize is how many bytes may be under way in each direction of a
	// server in memory; 0 is 65536.
	PipeSize int
}

// Refuse answers with _error, or onStatus of the level error for publish.
func Refuse(code, description string) Handler {
	return func(s *Session, m Message) {
		if m.Command().Name == "publish" {
			s.Send(OnStatus(m.StreamID, "error", code, description))
			return
		}
		s.Send(Failure(m, code, description))
	}
}

// Silent gives no answer.
func Silent() Handler { return func(*Session, Message) {} }

// Hangup closes the connection without a word.
func Hangup() Handler { return func(s *Session, _ Message) { s.Close() } }

// Reset resets the connection.
func Reset() Handler { return func(s *Session, _ Message) { s.Reset() } }

// Stall stops reading, until Session.Resume.
func Stall() Handler { return func(s *Session, _ Message) { s.Stall() } }

// Then does one handler after the other.
func Then(handlers ...Handler) Handler {
	return func(s *Session, m Message) {
		for _, h := range handlers {
			h(s, m)
		}
	}
}

// Say sends messages.
func Say(messages ...Message) Handler {
	return func(s *Session, _ Message) { s.Send(messages...) }
}

// Default gives the answer of a good server.
func Default() Handler { return Part(math.MaxInt) }

// Part gives the first n bytes of a good server's answer; below 0, all but so
// many.
func Part(n int) Handler {
	return func(s *Session, m Message) { s.SendBytes(part(s.good(m), n)) }
}

// Drip gives the first n bytes of a good server's answer at once, and then a byte
// each time that every has passed, until the connection ends.
func Drip(n int, every time.Duration) Handler {
	return func(s *Session, m Message) {
		b := s.good(m)
		s.SendBytes(part(b, n))
		for b = b[len(part(b, n)):]; len(b) > 0; b = b[1:] {
			s.in.pause(every)
			if !s.write(b[:1]) {
				return
			}
		}
	}
}

func part(b []byte, n int) []byte {
	if n < 0 {
		return b[:max(len(b)+n, 0)]
	}
	return b[:min(n, len(b))]
}
