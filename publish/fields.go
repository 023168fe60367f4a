package publish

import (
	"flag"
	"fmt"
	"math"
)

// Field describes one option to every door: flag, environment, file, registry,
// form. The table of Fields is the only place where an option is described.
type Field struct {
	// Name is the flag, the YAML key and, in capitals with underscores after
	// RTMPWRITER_, the environment variable.
	Name string
	// Label is the caption in a form.
	Label string
	// Help is one sentence.
	Help string
	// Unit is the unit of the number, "" for none.
	Unit string
	// Min and Max bound the number, inclusive; both 0 for values of other kinds.
	Min, Max int64
	// Choices are the words allowed, nil for any.
	Choices []string
	// Secret values are never shown.
	Secret bool
	// WhileStreaming tells that a change takes effect without a new start.
	WhileStreaming bool
	// Value reads and writes the option as text.
	Value Value
	// mask shows of a secret what is none; nil shows nothing.
	mask func(text string) string
}

// Value is a flag.Value that tells its type by the word that flag help shows.
type Value interface {
	flag.Value
	// Type is for example "bytes", "ms" or "on|off".
	Type() string
}

// maxTimeout is the longest timeout in milliseconds: an hour is longer than
// anybody waits.
const maxTimeout = 3600_000

// Fields is the option table bound to o: setting a Field's Value changes o.
func (o *Options) Fields() []Field {
	return []Field{
		{Name: "url", Label: "RTMP url", Value: (*urlValue)(&o.URL), Secret: true, mask: o.shownURL,
			Help: "where to publish: rtmp://host[:port]/application+stream or rtmp://host/app/stream"},
		{Name: "url-delimiter", Label: "URL delimiter", Value: (*stringValue)(&o.URLDelimiter),
			Help: "splits application and stream; empty: only the last / does"},
		{Name: "stream-key", Label: "Stream key", Value: (*stringValue)(&o.StreamKey), Secret: true,
			Help: "the key, when the url is the application's alone"},
		{Name: "output-buffer-size", Label: "Output buffer size", Unit: "bytes", Max: math.MaxInt32, Value: (*intValue)(&o.OutputBufferSize),
			Help: "the application buffer; 0: Write returns when the frame is on the socket"},
		{Name: "output-packet-size", Label: "Output packet size", Unit: "bytes", Max: 1 << 20, Value: (*intValue)(&o.OutputPacketSize),
			Help: "small messages are gathered into network writes of at least this size when more is waiting; 0: as they come"},
		{Name: "socket-buffer-size", Label: "Socket buffer size", Unit: "bytes", Max: 1 << 30, Value: (*intValue)(&o.SocketBufferSize),
			Help: "SO_SNDBUF; 0: the system's own"},
		{Name: "chunk-size", Label: "Chunk size", Unit: "bytes", Min: 128, Max: 1 << 20, Value: (*intValue)(&o.ChunkSize),
			Help: "RTMP chunk size that is announced; 4096 for careful servers"},
		{Name: "tcp-no-delay", Label: "TCP No Delay", Value: (*boolValue)(&o.TCPNoDelay),
			Help: "send small packets at once (TCP_NODELAY)"},
		{Name: "live-mode", Label: "Live Mode", Value: (*boolValue)(&o.LiveMode),
			Help: "on: inputs never block; off: inputs wait while the buffer is full"},
		{Name: "publish-mode", Label: "Publish mode", Choices: publishModes, Value: (*publishModeValue)(&o.PublishMode),
			Help: "the publish type told to the server"},
		{Name: "connect-timeout", Label: "Connect timeout", Unit: "ms", Min: 1, Max: maxTimeout, Value: (*millisValue)(&o.ConnectTimeout),
			Help: "bound on connecting with all its steps"},
		{Name: "send-timeout", Label: "Send timeout", Unit: "ms", Min: 1, Max: maxTimeout, Value: (*millisValue)(&o.SendTimeout),
			Help: "bound on a write that makes no progress"},
		{Name: "receive-timeout", Label: "Receive timeout", Unit: "ms", Min: 1, Max: maxTimeout, Value: (*millisValue)(&o.ReceiveTimeout),
			Help: "bound on the wait for one answer while connecting"},
		{Name: "client-agent", Label: "Client agent", Value: (*stringValue)(&o.ClientAgent),
			Help: "flashVer told to the server"},
	}
}

// Set parses text into the option and checks it against the table. The option
// is unchanged after an error, which is an *OptionError.
func (f Field) Set(text string) error {
	old := f.Value.String()
	err := f.Value.Set(text)
	if err == nil {
		err = f.check()
	}
	if err != nil {
		_ = f.Value.Set(old)
		return &OptionError{Name: f.Name, Value: f.shown(text), Reason: f.allowed()}
	}
	return nil
}

// check tells whether the value in force is in the option's range.
func (f Field) check() error {
	n, ok := f.Value.(interface{ number() int64 })
	if ok && (n.number() < f.Min || n.number() > f.Max) {
		return &OptionError{Name: f.Name, Value: f.shown(f.Value.String()), Reason: f.allowed()}
	}
	return nil
}

// Show is the value as text, masked when it is a secret.
func (f Field) Show() string { return f.shown(f.Value.String()) }

func (f Field) shown(text string) string {
	switch {
	case !f.Secret || text == "":
		return text
	case f.mask != nil:
		return f.mask(text)
	default:
		return "****"
	}
}

// shownURL masks what is secret in a URL as the options split it, all of it
// when they cannot.
func (o *Options) shownURL(text string) string {
	with := *o
	with.URL = text
	if u, err := with.ParseURL(); err == nil {
		return u.String()
	}
	return "****"
}

// allowed says in words what the option takes.
func (f Field) allowed() string {
	switch {
	case f.Choices != nil:
		return fmt.Sprintf("must be one of %v", f.Choices)
	case f.Max != 0:
		return fmt.Sprintf("must be a number from %d to %d %s", f.Min, f.Max, f.Unit)
	default:
		return "must be on or off"
	}
}
