package rtmp

// MessageType is the message type ID of the RTMP specification, section 5.4
// and 7.1.
type MessageType uint8

// The message types that a publisher writes with Conn.Append.
const (
	TypeAudio MessageType = 8
	TypeVideo MessageType = 9
	TypeData  MessageType = 18 // AMF0 data message
)

// MaxTagHeader is the room for a message's own first bytes in Message.Header:
// FLV tag headers, Enhanced RTMP with its FourCC and extensions included.
const MaxTagHeader = 24

// Message is one media or data message of the published stream. Its body is
// Header[:HeaderLen] followed by the Payload slices; nothing is joined.
type Message struct {
	Type MessageType
	// Timestamp is in milliseconds, the full 32 bits, wrapping.
	Timestamp uint32
	// Header holds the body's first bytes, usually the FLV tag header.
	Header    [MaxTagHeader]byte
	HeaderLen int
	// Payload is the rest of the body. The slices are read until Flush
	// returns; nobody may change them before.
	Payload [][]byte
}

// Size is the length of the message's body in bytes.
func (m *Message) Size() int {
	n := m.HeaderLen
	for _, p := range m.Payload {
		n += len(p)
	}
	return n
}
