package rtmp

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"time"

	"rtmpwriter/amf0"
)

// The defaults of Config, from the specification, section 4, and for the
// window from measurements: 250000 makes most servers acknowledge what they
// have read, and twenty times a second at most even at 40 Mbit/s.
const (
	DefaultChunkSize      = 65536
	MinChunkSize          = 128
	MaxChunkSize          = 1 << 20
	DefaultWindowAckSize  = 250000
	DefaultConnectTimeout = 10 * time.Second
	DefaultSendTimeout    = 2 * time.Second
	DefaultReceiveTimeout = time.Second
	DefaultClientAgent    = "FMLE/3.0 (compatible; FMSc/1.0)"
)

// maxClientAgent is far above any that is in use.
const maxClientAgent = 1024

// PublishMode is the publish type told to the server (specification, section
// 4, publish-mode).
type PublishMode uint8

// The publish types.
const (
	PublishLive   PublishMode = iota // live, not stored
	PublishRecord                    // stored; an old recording is replaced
	PublishAppend                    // stored behind an old recording
)

// String returns the type's name in the protocol.
func (m PublishMode) String() string {
	switch m {
	case PublishLive:
		return "live"
	case PublishRecord:
		return "record"
	case PublishAppend:
		return "append"
	default:
		return fmt.Sprintf("publish mode(%d)", uint8(m))
	}
}

// Config says how to publish. The zero value is usable: every zero field but
// TCPNoDelay, SocketBuffer and NotSentLowWater stands for its default.
type Config struct {
	// Dial opens the transport to a host and port ("tcp", "example.com:1935"),
	// or to Proxy; TLS and the proxy's protocol run over what it returns. nil
	// resolves the name anew each time and tries its addresses in the manner of
	// RFC 8305. The context ends with ConnectTimeout. rtmpt and rtmpts call it
	// again whenever the server has closed the HTTP connection.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// TLS is for rtmps and rtmpts; nil verifies the server against the system's roots.
	// The server name is the URL's host unless it is set here.
	TLS *tls.Config
	// ChunkSize is announced to the server and used at once: MinChunkSize to
	// MaxChunkSize bytes.
	ChunkSize int
	// WindowAckSize asks the server to acknowledge after so many bytes.
	WindowAckSize uint32
	// ConnectTimeout bounds Dial as a whole; SendTimeout a write that makes no
	// progress; ReceiveTimeout the server's silence while Dial waits for an
	// answer in RTMP: its silence before, in the handshake of TLS too, only
	// ConnectTimeout does. Through a tunnel, a reply without the answer is no silence.
	ConnectTimeout, SendTimeout, ReceiveTimeout time.Duration
	// SocketBuffer is SO_SNDBUF in bytes; 0 leaves it to the system.
	SocketBuffer int
	// TCPNoDelay sets TCP_NODELAY. A tunnel always has it.
	TCPNoDelay bool
	// PublishMode is the publish type told to the server.
	PublishMode PublishMode
	// ClientAgent is told to the server as flashVer.
	ClientAgent string
	// Auth says how Username and Password are used. Credentials of the URL come
	// first, and are used whatever Auth says.
	Auth AuthMode
	// Username and Password are for RTMP authentication. Password is a secret.
	Username, Password string
	// ConnectInfo is sent behind the command object of connect (RTMP 1.0,
	// section 7.2.1.1, optional user arguments); empty: nothing is.
	ConnectInfo amf0.Object
	// Capabilities are told to the server in connect; 0 tells none. A server that
	// leaves, stays silent or refuses without a clear reason then is connected
	// to once more without; where that makes a session, it is spared them for an
	// hour, by all sessions of the process to its host and port.
	Capabilities Capabilities
	// OnReconnectRequest gets every ReconnectRequest of the server; nil ignores
	// them. It is called from the session's reader goroutine: it must not block,
	// nor call Close. One that came before the go-ahead is told right after it,
	// maybe before Dial has returned; none is told once Close has begun.
	OnReconnectRequest func(ReconnectRequest)
	// OnEnd is called once, when the session has ended and Done is closed: from any
	// goroutine, also within a method of the Conn. It must not call one, nor block.
	OnEnd func()
	// Handshake chooses the handshake.
	Handshake HandshakeMode
	// FallbackPorts tries 443 and 80 when an rtmp URL without a port can't be
	// reached on 1935; FallbackTunnel RTMPT on 80, 443 and 1935 when RTMP can't,
	// for rtmps RTMPTS on 443. Each way has an even share of ConnectTimeout for
	// finding the server, which then has all that is left. What the server
	// refuses is not tried again elsewhere.
	FallbackPorts, FallbackTunnel bool
	// Proxy leads to the server; nil connects directly.
	Proxy *Proxy
	// Bind is the local address or the network interface to connect from; empty
	// leaves it to the system. Of an interface it takes the address that fits
	// the server's, and on Linux packets leave through it, whatever the routes
	// say. It can't be had together with Dial.
	Bind string
	// PeerTimeout bounds how long a dead peer, which neither acknowledges nor
	// resets, stays unnoticed; while nothing is sent, to the second. 0 leaves
	// it to the system, which takes a quarter of an hour or more. On systems
	// other than Linux, Windows and macOS it holds only while nothing is sent.
	PeerTimeout time.Duration
	// OnStep gets every step of Dial when it is done. It must not block.
	OnStep func(Step)
	// Logger gets what is worth knowing of the session; nil discards it.
	// Stream key, password and query values never reach it.
	Logger *slog.Logger
	// OnStatus gets every onStatus and _error of the server, and its close
	// command, after publishing began. It is called from the session's reader
	// goroutine: it must not block, nor call Close.
	OnStatus func(Status)
	// NotSentLowWater is TCP_NOTSENT_LOWAT in bytes, on Linux and macOS: no more
	// than about so much waits in the socket without having been sent even once,
	// so that a backlog stays with the caller. 0 leaves it to the system.
	// Windows has no such option and keeps the backlog short by itself; elsewhere
	// it has no effect.
	NotSentLowWater int

	// Acknowledges tells that the server has acknowledged in an earlier session:
	// that it does not at the beginning of this one means that it has not read, and
	// not that its TCP is to be believed instead. See Conn.Taken.
	Acknowledges bool

	// seams are for tests.
	seams seams
}

// AuthMode says how credentials are used (specification, section 4, auth).
type AuthMode uint8

// The ways of authentication.
const (
	AuthOff       AuthMode = iota // only with credentials in the URL
	AuthOn                        // as the server asks for it
	AuthAdobe                     // authmod=adobe
	AuthLimelight                 // authmod=llnw
)

// HandshakeMode chooses the handshake.
type HandshakeMode uint8

// The handshakes.
const (
	HandshakeAuto   HandshakeMode = iota // simple, then digest where the server refuses that
	HandshakeSimple                      // RTMP 1.0, section 5.2
	HandshakeDigest                      // with HMAC digests, as Flash players do
)

// Status is a word of the server. Secrets in it are masked, control characters
// are replaced and long texts cut.
type Status struct {
	// Command is "onStatus", "_error" or "close".
	Command string
	// Code is for example NetStream.Publish.BadName; Level is status, warning
	// or error. Each may be empty.
	Code, Level, Description string
}

// withDefaults fills in the defaults and refuses what is out of range.
func (c Config) withDefaults() (Config, error) {
	orDefault(&c.ChunkSize, DefaultChunkSize)
	orDefault(&c.WindowAckSize, DefaultWindowAckSize)
	orDefault(&c.ConnectTimeout, DefaultConnectTimeout)
	orDefault(&c.SendTimeout, DefaultSendTimeout)
	orDefault(&c.ReceiveTimeout, DefaultReceiveTimeout)
	orDefault(&c.ClientAgent, DefaultClientAgent)
	orDefault(&c.Logger, slog.New(slog.DiscardHandler))
	switch {
	case c.ChunkSize < MinChunkSize || c.ChunkSize > MaxChunkSize:
		return c, fmt.Errorf("chunk size %d: must be %d to %d bytes", c.ChunkSize, MinChunkSize, MaxChunkSize)
	case c.ConnectTimeout < 0 || c.SendTimeout < 0 || c.ReceiveTimeout < 0:
		return c, fmt.Errorf("a timeout is negative: connect %v, send %v, receive %v", c.ConnectTimeout, c.SendTimeout, c.ReceiveTimeout)
	case c.PeerTimeout < 0:
		return c, fmt.Errorf("peer timeout %v: must be 0 (the system's) or more", c.PeerTimeout)
	case c.Dial != nil && c.Bind != "":
		return c, fmt.Errorf("bind %s: can't be had with a Dial of one's own, which opens the connection", c.Bind)
	case c.SocketBuffer < 0:
		return c, fmt.Errorf("socket buffer of %d bytes: must be 0 (the system's) or more", c.SocketBuffer)
	case c.NotSentLowWater < 0:
		return c, fmt.Errorf("low-water mark of %d bytes not sent: must be 0 (the system's) or more", c.NotSentLowWater)
	case len(c.ClientAgent) > maxClientAgent:
		return c, fmt.Errorf("client agent of %d bytes: at most %d", len(c.ClientAgent), maxClientAgent)
	case c.PublishMode > PublishAppend:
		return c, fmt.Errorf("%v: must be live, record or append", c.PublishMode)
	}
	if err := c.checkCapabilities(); err != nil {
		return c, err
	}
	return c, c.checkLogin()
}

func orDefault[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}
