package rtmp

import (
	"encoding/binary"
	"fmt"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/internal/chunk"
)

// The chunk streams of a session. Audio and video have one each, so that each
// keeps its own chain of time deltas; so peers do it too.
const (
	csidControl = 2
	csidCommand = 3
	csidAudio   = 4 // and data, and the publish command
	csidVideo   = 6
)

// command is a command message of the server (RTMP 1.0, section 7.1.1).
type command struct {
	name        string
	transaction float64
	args        []any // behind the transaction ID, the command object first
}

// parseCommand decodes as much of a command as makes sense. AMF3 commands
// begin with a 0 byte and hold AMF0.
func parseCommand(m chunk.Message) (command, error) {
	body := m.Body
	if m.Type == chunk.TypeCommandAMF3 && len(body) > 0 && body[0] == 0 {
		body = body[1:]
	}
	values, err := amf0.Decode(body)
	if len(values) == 0 {
		return command{}, fmt.Errorf("empty command: %w", err)
	}
	name, ok := values[0].(string)
	if !ok {
		return command{}, fmt.Errorf("command without a name: %T", values[0])
	}
	c := command{name: name}
	if len(values) > 1 {
		c.transaction, _ = values[1].(float64)
		c.args = values[2:]
	}
	return c, nil
}

// details is what an object with code, level and description offers.
type details interface {
	String(name string) string
	Get(name string) (any, bool)
}

// info finds the object that tells of success or failure: the last one with a
// code or a description.
func (c command) info() (details, bool) {
	for i := len(c.args) - 1; i >= 0; i-- {
		object, ok := c.args[i].(details)
		if !ok {
			continue
		}
		for _, name := range []string{"code", "description"} {
			if _, has := object.Get(name); has {
				return object, true
			}
		}
	}
	return nil, false
}

// status reads the information object of a command, fit for errors and logs.
func (c command) status(r redactor) Status {
	s := Status{Command: c.name}
	if object, ok := c.info(); ok {
		s.Code, s.Level = r.code(object.String("code")), r.code(object.String("level"))
		s.Description = r.words(object.String("description"))
	}
	return s
}

// properties collects what the objects of a command say, fit for logs.
func (c command) properties(r redactor) amf0.Object {
	var all amf0.Object
	for _, arg := range c.args {
		switch object := arg.(type) {
		case amf0.Object:
			all = append(all, object...)
		case amf0.ECMAArray:
			all = append(all, object...)
		}
	}
	r.values(all)
	return all
}

// appendCommand appends a command message of the session in chunks of size
// bytes. Values are those of package amf0.
func appendCommand(dst []byte, csid, streamID uint32, size int, values ...any) []byte {
	body, err := amf0.Append(nil, values...)
	if err != nil { // every value is made here, and of a kind that amf0 knows
		panic("rtmp: command that can't be encoded: " + err.Error())
	}
	return chunk.AppendMessage(dst, chunk.Header{CSID: csid, Type: chunk.TypeCommandAMF0, StreamID: streamID}, body, size)
}

// appendControl appends a protocol control message of one 32-bit value
// (section 5.4). It fits one chunk of any size.
func appendControl(dst []byte, kind uint8, value uint32) []byte {
	body := binary.BigEndian.AppendUint32(nil, value)
	return chunk.AppendMessage(dst, chunk.Header{CSID: csidControl, Type: kind}, body, chunk.DefaultSize)
}
