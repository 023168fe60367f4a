package receiver

import (
	"crypto/sha256"

	"rtmpwriter/amf0"
)

// End says what ended a stream.
type End uint8

// The ends of a stream, the first that comes.
const (
	EndClosed       End = iota // the connection ended, with no word before
	EndDeleteStream            // deleteStream
	EndCloseStream             // closeStream
)

// Kind says what a message is.
type Kind uint8

// The kinds of messages.
const (
	KindData        Kind = iota // metadata and the like
	KindVideoHeader             // AVC sequence header
	KindAudioHeader             // AAC sequence header
	KindVideo                   // coded picture
	KindAudio                   // coded sound
	KindVideoEnd                // end of sequence
	KindOther                   // what the parsers do not understand
)

// Message is one message of a stream.
type Message struct {
	Kind Kind
	// Timestamp is the decode time, and Composition what to add for the
	// presentation time, both in milliseconds.
	Timestamp   uint32
	Composition int32
	// Keyframe is set for coded pictures that are marked so.
	Keyframe bool
	// Size is the length in bytes and Sum the hash of the coded frame or the
	// sequence header: the message without its tag header.
	Size int
	Sum  [sha256.Size]byte
	// Name and Values are those of a data message. Stored tells that it came
	// as @setDataFrame.
	Name   string
	Values []any
	Stored bool

	// The rest is for OnMessage alone: the bytes are valid while it runs, and
	// Result.Messages has nil in their places.

	// Stream is the stream that the message belongs to.
	Stream *Stream
	// Payload is what Size and Sum speak of, Body the message as it came, for
	// a data message without its name @setDataFrame.
	Payload, Body []byte
}

// Track sums up the messages of one kind of media.
type Track struct {
	// Frames counts coded frames, Keyframes those marked as such, Bytes their
	// lengths together.
	Frames, Keyframes int
	Bytes             int64
	// First and Last are the decode times of the first and the last frame in
	// milliseconds.
	First, Last uint32
	// Headers counts the sequence headers; Header is the newest.
	Headers int
	Header  []byte
	// HeaderMissing tells that a frame came before any sequence header.
	HeaderMissing bool
	// Sum is the hash of all coded frames, one after the other.
	Sum [sha256.Size]byte
}

// Stream names a published stream.
type Stream struct {
	// App and Key are what the publisher asked for, with their queries. Mode
	// is the publish type.
	App, Key, Mode string
	// ClientAgent and TCURL are from the connect command.
	ClientAgent, TCURL string
}

// Result is what one published stream was.
type Result struct {
	Stream
	// Commands are the names of the publisher's commands, in order, as far as
	// the library tells them.
	Commands []string
	// Metadata is the newest onMetaData; nil when none came.
	Metadata amf0.Object
	// Data counts data messages and Other messages that no parser understands.
	Data, Other int
	// Video and Audio sum up the two kinds of media.
	Video, Audio Track
	// Messages are all messages in the order of arrival, if Config.Record.
	Messages []Message
	// End is what ended the stream; Err is nil when that was in order.
	End End
	Err error
}
