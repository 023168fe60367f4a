package publish

import (
	"fmt"
	"strings"
	"time"

	"rtmpwriter/rtmp"
)

// Options is everything that a user can set (specification, section 4). It is
// plain data: any door binds it through Fields. The zero value is not useful,
// start from DefaultOptions.
type Options struct {
	// URL is where to publish (section 3). A secret: it may hold key and
	// password.
	URL string
	// URLDelimiter splits application and stream in URL; empty: the last slash.
	URLDelimiter string
	// StreamKey is the key when URL is the application's alone. A secret.
	StreamKey string
	// OutputBufferSize is the application buffer in bytes, up to 2^31-1; 0: Write
	// returns when the frame is on the socket. A frame counts for 256 bytes at
	// least.
	OutputBufferSize int
	// OutputPacketSize is how many bytes a network write gathers at least when
	// more is waiting, up to 1 MiB; 0: a write a message.
	OutputPacketSize int
	// SocketBufferSize is SO_SNDBUF in bytes, up to 1 GiB; 0: the system's.
	SocketBufferSize int
	// ChunkSize is the RTMP chunk size announced: 128 to 1048576 bytes.
	ChunkSize int
	// TCPNoDelay sets TCP_NODELAY.
	TCPNoDelay bool
	// LiveMode refuses frames (ErrBufferFull) instead of blocking Write while
	// the buffer is full.
	LiveMode bool
	// PublishMode is the publish type told to the server.
	PublishMode rtmp.PublishMode
	// ConnectTimeout bounds connecting with all its steps, SendTimeout a write
	// that makes no progress, ReceiveTimeout the wait for one answer while
	// connecting: each 1 ms to 1 h.
	ConnectTimeout, SendTimeout, ReceiveTimeout time.Duration
	// ClientAgent is told to the server as flashVer.
	ClientAgent string
}

// DefaultOptions are the defaults of the specification, section 4, that hold in
// the library and in the DirectShow filter.
func DefaultOptions() Options {
	return Options{
		URLDelimiter:     "+",
		OutputBufferSize: 262144,
		OutputPacketSize: 1450,
		SocketBufferSize: 131072,
		ChunkSize:        65536,
		ConnectTimeout:   10 * time.Second,
		SendTimeout:      2 * time.Second,
		ReceiveTimeout:   time.Second,
		ClientAgent:      rtmp.DefaultClientAgent,
	}
}

// Validate checks every option against its range and the URL against the
// specification's section 3. The error is an *OptionError or an *rtmp.URLError.
func (o *Options) Validate() error {
	for _, f := range o.Fields() {
		if err := f.check(); err != nil {
			return err
		}
	}
	_, err := o.ParseURL()
	return err
}

// ParseURL splits URL and StreamKey as the options say. The result shows keys
// and passwords masked wherever it is printed.
func (o *Options) ParseURL() (*rtmp.URL, error) {
	if o.StreamKey != "" {
		if o.URLDelimiter != "" && strings.Contains(o.URL, o.URLDelimiter) {
			return nil, &OptionError{Name: "stream-key", Value: "****", Reason: fmt.Sprintf(
				"the url holds a stream key already, behind %q; give one of them, or an empty url-delimiter", o.URLDelimiter)}
		}
		u, err := rtmp.ParseAppURL(o.URL)
		if err != nil {
			return nil, err
		}
		return u.WithStreamKey(o.StreamKey)
	}
	return rtmp.ParseURL(o.URL, o.URLDelimiter)
}

// String shows the options without their secrets.
func (o Options) String() string {
	shown := "(not a valid URL)"
	if u, err := o.ParseURL(); err == nil {
		shown = u.String()
	}
	return fmt.Sprintf("publish.Options{%s, buffer %d B, chunk %d B, live %t}", shown, o.OutputBufferSize, o.ChunkSize, o.LiveMode)
}

// GoString keeps secrets out of %#v.
func (o Options) GoString() string { return o.String() }
