//go:build !(386 || arm || mips || mipsle)

package receiver

import (
	"errors"
	"io"
	"net"
	"strings"
	"sync"

	"github.com/sirupsen/logrus"
	rtmp "github.com/yutopp/go-rtmp"
	"github.com/yutopp/go-rtmp/message"
)

const (
	// readBuffer is large because the library's 4 KiB cost a system call each.
	readBuffer = 64 << 10
	// maxStreams is generous: publishers create one, and control is one.
	maxStreams = 16
	// maxChunkStreams is what one publisher may keep open, a buffer each.
	maxChunkStreams = 64
	// strayLimit is how many messages on deleted streams are passed over.
	strayLimit = 1 << 10
)

// dataNames are the data messages that reach the receiver besides
// @setDataFrame: the library passes over names that it has no decoder for.
var dataNames = []string{"onMetaData", "onFI", "onFi", "onCuePoint", "onTextData", "onCaptionInfo"}

// learnNames is global as the library's table of decoders is.
var learnNames = sync.OnceFunc(func() {
	leaveToHandler := func(io.Reader, message.AMFDecoder, *message.AMFConvertible) error { return nil }
	for _, name := range dataNames {
		message.DataBodyDecoders[name] = leaveToHandler
	}
})

// serve runs the library's accept loop until the listener is closed.
func (r *Receiver) serve() error {
	learnNames()
	server := rtmp.NewServer(&rtmp.ServerConfig{OnConnect: r.connect})
	r.serving.Go(func() {
		_ = server.Serve(admission{r.listener, r, server})
	})
	return nil
}

// admission is the listener as the library sees it. Connections are admitted
// here and not in connect, which the library calls from a goroutine of its own
// that may come after Close.
type admission struct {
	net.Listener
	owner  *Receiver
	server *rtmp.Server
}

// Accept closes the server with its listener: the library would accept again
// and again otherwise.
func (a admission) Accept() (net.Conn, error) {
	c, err := a.Listener.Accept()
	if err != nil {
		if errors.Is(err, net.ErrClosed) {
			_ = a.server.Close()
		}
		return nil, err
	}
	return a.owner.admit(c), nil
}

// connect gives an admitted connection its handler.
func (r *Receiver) connect(c net.Conn) (io.ReadWriteCloser, *rtmp.ConnConfig) {
	admitted, ok := c.(*conn)
	if !ok { // never: Accept makes them all
		admitted = r.admit(c)
	}
	log := logrus.New()
	log.SetOutput(io.Discard)
	log.SetLevel(logrus.ErrorLevel)
	log.AddHook(complaints{admitted})
	return admitted, &rtmp.ConnConfig{
		Handler:                                 &handler{session: session{conn: admitted}},
		ReaderBufferSize:                        readBuffer,
		IgnoreMessagesOnNotExistStream:          true,
		IgnoreMessagesOnNotExistStreamThreshold: strayLimit,
		ControlState:                            rtmp.StreamControlStateConfig{MaxMessageStreams: maxStreams, MaxChunkStreams: maxChunkStreams},
		Logger:                                  log,
	}
}

// complaints catches the error that the library ends a connection with: it
// tells its log, and nobody else.
type complaints struct{ conn *conn }

// Levels asks for errors alone.
func (complaints) Levels() []logrus.Level { return []logrus.Level{logrus.ErrorLevel} }

// Fire keeps the first line; the rest is the library's stack.
func (c complaints) Fire(e *logrus.Entry) error {
	line, _, _ := strings.Cut(e.Message, "\n")
	c.conn.failure = errors.New(line)
	return nil
}
