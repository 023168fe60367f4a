package rtmp

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"slices"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/internal/chunk"
)

// LevelMessage is the level of log records that tell of single messages, media
// included: far below debugging, for who looks at the protocol itself. Commands
// are told at slog.LevelDebug, steps of connecting at slog.LevelInfo.
const LevelMessage = slog.Level(-8)

// trace writes the session's messages to its log, in both directions. It is nil
// where nobody reads that, so that it costs nothing then. What it knows of the
// sending side is used under the write lock, the rest by the reader alone.
type trace struct {
	log  *slog.Logger
	addr string
	// all tells that media are logged too, and not only commands.
	all    bool
	redact redactor
	// The sending side reads what was written as a server would, so that the
	// log tells what went over the wire.
	written *vectorReader
	sending *chunk.Reader
}

// sentLimits let any message of a publisher pass.
var sentLimits = chunk.Limits{MessageSize: chunk.MaxLength, Streams: 8, Buffered: 4 * chunk.MaxLength}

// newTrace looks once at what the logger takes.
func newTrace(c *Conn) *trace {
	ctx, log := context.Background(), c.cfg.Logger
	t := &trace{log: log, addr: c.addr, redact: c.redact, all: log.Enabled(ctx, LevelMessage), written: &vectorReader{}}
	if !t.all && !log.Enabled(ctx, slog.LevelDebug) {
		return nil
	}
	t.sending = chunk.NewReader(bufio.NewReader(t.written), sentLimits)
	return t
}

// learn adds what the configuration knows to the secrets that are masked in
// whatever a session says.
func (r *redactor) learn(u *URL, cfg Config) {
	for _, secret := range secretsOf(u, cfg) {
		r.add(secret, minInfix)
	}
	slices.SortFunc(r.secrets, func(a, b string) int { return len(b) - len(a) })
}

// secretsOf lists what the configuration adds to a URL's secrets, credentials
// also in the form that HTTP gives them.
func secretsOf(u *URL, cfg Config) (secrets []string) {
	for _, login := range [][2]string{{u.Username, u.Password()}, {cfg.Username, cfg.Password}} {
		if login[1] != "" {
			secrets = append(secrets, login[1], base64.StdEncoding.EncodeToString([]byte(login[0]+":"+login[1])))
		}
	}
	return append(secrets, tokens(cfg.ConnectInfo)...)
}

// emit writes whole messages of the session itself, and tells them.
func (c *Conn) emit(vector [][]byte) error {
	if c.trace != nil {
		c.trace.sent(vector)
	}
	return c.out.send(vector)
}

// emitMedia does the same for what Append has gathered, which is told only
// where all messages are.
func (c *Conn) emitMedia() error {
	if c.trace != nil && c.trace.all {
		c.trace.sent(c.chunks.Vector())
	}
	return c.out.send(c.chunks.Vector())
}

// sent tells of the messages of a vector.
func (t *trace) sent(vector [][]byte) {
	if t.sending == nil {
		return
	}
	t.written.vector, t.written.at = vector, 0
	for {
		m, err := t.sending.Next()
		switch {
		case errors.Is(err, io.EOF):
			t.written.vector = nil
			return
		case err != nil: // only a fault of ours: no reason to end the session
			t.log.Warn("what was sent can't be decoded; the log goes on without it", "server", t.addr, "error", err)
			t.sending, t.written.vector = nil, nil
			return
		}
		t.tell("sent", m)
	}
}

// received tells of a message of the server.
func (t *trace) received(m chunk.Message) {
	if t != nil {
		t.tell("received", m)
	}
}

// tell writes one record.
func (t *trace) tell(direction string, m chunk.Message) {
	command := m.Type == chunk.TypeCommandAMF0 || m.Type == chunk.TypeCommandAMF3
	level, what := LevelMessage, "message "
	if command {
		level, what = slog.LevelDebug, "command "
	} else if !t.all {
		return
	}
	kind, content := t.describe(m)
	t.log.LogAttrs(context.Background(), level, what+direction, slog.String("server", t.addr),
		slog.String("type", kind), slog.Any("csid", m.CSID), slog.Any("stream", m.StreamID),
		slog.Any("timestamp", m.Timestamp), slog.Int("size", len(m.Body)), slog.String("content", content))
}

// vectorReader reads a vector of slices without consuming it.
type vectorReader struct {
	vector [][]byte
	at     int // bytes of the first slice that are read
}

// Read copies what is next of the vector.
func (r *vectorReader) Read(b []byte) (int, error) {
	for len(r.vector) > 0 {
		if n := copy(b, r.vector[0][r.at:]); n > 0 || len(b) == 0 {
			r.at += n
			return n, nil
		}
		r.vector, r.at = r.vector[1:], 0
	}
	return 0, io.EOF
}

// describe decodes a message for the log: its type and what is in it, secrets
// masked, of media the tag header alone.
func (t *trace) describe(m chunk.Message) (kind, content string) {
	switch m.Type {
	case chunk.TypeCommandAMF0, chunk.TypeDataAMF0:
		return map[bool]string{true: "command", false: "data"}[m.Type == chunk.TypeCommandAMF0], t.values(m.Body)
	case chunk.TypeCommandAMF3:
		body := m.Body
		if len(body) > 0 && body[0] == 0 {
			body = body[1:]
		}
		return "command", t.values(body)
	case uint8(TypeAudio):
		return "audio", audioText(m.Body)
	case uint8(TypeVideo):
		return "video", videoText(m.Body)
	default:
		return controlText(m)
	}
}

// values writes the AMF0 values of a body.
func (t *trace) values(body []byte) string {
	values, err := amf0.Decode(body)
	w := amfText{redact: t.redact}
	for i, v := range values {
		if i > 0 {
			w.put(" ")
		}
		w.value(v)
	}
	if err != nil {
		w.put(" (" + t.redact.words(err.Error()) + ")")
	}
	return string(w.text)
}
