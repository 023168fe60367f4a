package rtmptest

import (
	"encoding/binary"
	"fmt"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/internal/chunk"
)

// Message is one RTMP message.
type Message struct {
	CSID      uint32
	Type      uint8
	Timestamp uint32
	StreamID  uint32
	Body      []byte // nil when the script discards it
	Size      int    // of the body, set for received messages
}

// Command is a decoded command message.
type Command struct {
	Name        string
	Transaction float64
	Args        []any // values of package amf0, the command object first
}

// Command decodes a command or data message; the zero Command for any other,
// and for what can't be decoded.
func (m Message) Command() Command {
	if m.Type != chunk.TypeCommandAMF0 && m.Type != chunk.TypeDataAMF0 {
		return Command{}
	}
	values, err := amf0.Decode(m.Body)
	if err != nil || len(values) == 0 {
		return Command{}
	}
	c := Command{Args: values[1:]}
	c.Name, _ = values[0].(string)
	if m.Type == chunk.TypeCommandAMF0 && len(values) > 1 {
		c.Transaction, _ = values[1].(float64)
		c.Args = values[2:]
	}
	return c
}

// String is for failing tests.
func (m Message) String() string {
	return fmt.Sprintf("message of type %d, csid %d, stream %d, time %d, %d bytes %s", m.Type, m.CSID, m.StreamID, m.Timestamp, max(m.Size, len(m.Body)), m.Command().Name)
}

// NewCommand makes a command message.
func NewCommand(streamID uint32, values ...any) Message {
	body, err := amf0.Append(nil, values...)
	if err != nil {
		panic("rtmptest: " + err.Error()) // a mistake in the test
	}
	return Message{CSID: 3, Type: chunk.TypeCommandAMF0, StreamID: streamID, Body: body}
}

// OnStatus makes the status event (RTMP 1.0, section 7.2.2).
func OnStatus(streamID uint32, level, code, description string) Message {
	return NewCommand(streamID, "onStatus", 0, nil, information(level, code, description))
}

// ReconnectRequest asks the client to connect anew (Enhanced RTMP v2, section
// "Reconnect Request"). An empty tcURL or description is left out.
func ReconnectRequest(tcURL, description string) Message {
	info := amf0.Object{{Name: "level", Value: "status"}, {Name: "code", Value: "NetConnection.Connect.ReconnectRequest"}}
	if description != "" {
		info = append(info, amf0.Property{Name: "description", Value: description})
	}
	if tcURL != "" {
		info = append(info, amf0.Property{Name: "tcUrl", Value: tcURL})
	}
	return NewCommand(0, "onStatus", 0, nil, info)
}

// Failure makes the _error that answers a command.
func Failure(request Message, code, description string) Message {
	return NewCommand(0, "_error", request.Command().Transaction, nil, information("error", code, description))
}

func information(level, code, description string) amf0.Object {
	return amf0.Object{{Name: "level", Value: level}, {Name: "code", Value: code}, {Name: "description", Value: description}}
}

// Acknowledgement tells that n bytes were received (section 5.4.3).
func Acknowledgement(n uint32) Message { return control(chunk.TypeAcknowledgement, n) }

// WindowAckSize asks the client to acknowledge after n bytes.
func WindowAckSize(n uint32) Message { return control(chunk.TypeWindowAckSize, n) }

// SetPeerBandwidth has the limit type dynamic.
func SetPeerBandwidth(n uint32) Message { return control(chunk.TypeSetPeerBandwidth, n, 2) }

// SetChunkSize announces what the server's messages are cut to from then on.
func SetChunkSize(n uint32) Message { return control(chunk.TypeSetChunkSize, n) }

// PingRequest makes the user control event (section 7.1.7).
func PingRequest(n uint32) Message {
	body := binary.BigEndian.AppendUint32([]byte{0, 6}, n)
	return Message{CSID: 2, Type: chunk.TypeUserControl, Body: body}
}

func control(kind uint8, n uint32, more ...byte) Message {
	return Message{CSID: 2, Type: kind, Body: append(binary.BigEndian.AppendUint32(nil, n), more...)}
}
