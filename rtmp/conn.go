package rtmp

import (
	"net"
	"sync"
	"sync/atomic"
	"time"

	"rtmpwriter/rtmp/internal/auth"
	"rtmpwriter/rtmp/internal/chunk"
)

// Conn is one publishing session. Dial makes it; it must be ended by Close or
// Abort, also when it has failed.
//
// One goroutine at a time writes with Append and Flush. Everything else may be
// called from any goroutine.
type Conn struct {
	cfg    Config
	url    *URL
	addr   string
	redact redactor
	raw    net.Conn // the transport
	conn   net.Conn // raw, or TLS over it
	begun  time.Time

	// writing has room for one: who puts a value in may use what follows.
	// It is a channel and not a mutex so that waiting for it counts as waiting
	// in tests with virtual time.
	writing chan struct{}
	chunks  *chunk.Writer
	out     *outlet
	pending atomic.Int64
	// parted is set when Close has said goodbye: nothing may follow that.
	parted bool

	in      inbound // the reader goroutine's own
	control controlQueue
	calls   calls
	peer    peerStats
	socket  socketProbe
	taken   takenBooks

	streamID uint32    // from createStream; set before Dial returns
	round    round     // what this connection was made for
	asked    time.Time // when connect was sent

	mu      sync.Mutex
	state   sessionState
	waiting *answer      // what Dial waits for
	words   *StatusError // the server's last complaint
	demand  *auth.Demand // its wish for authentication
	err     error        // why the session ended
	ended   time.Time    // when

	heard      chan struct{} // a message came; room for one
	done       chan struct{} // closed with err set
	readerDone chan struct{} // closed when the reader has returned
	readErr    error         // how the server's side ended; read after readerDone
	goroutines sync.WaitGroup
	closing    atomic.Bool
	ending     confirmation  // of Close
	closed     chan struct{} // closed when Close has done its work
	closeErr   error         // read after closed
	trace      *trace        // nil when nobody reads of messages
}

// sessionState says how far the session is.
type sessionState struct {
	step    string    // the step that Dial is at; empty when publishing
	since   time.Time // when publishing began
	closing bool      // Close has begun: the server's words are answers to that
	// unpublished tells that the server has said so.
	unpublished bool
	// farewell tells that all has been sent: the server's end is no failure.
	farewell bool
}

// newConn makes the session over an open transport, for one round.
func newConn(u *URL, cfg Config, r round, raw, conn net.Conn) *Conn {
	c := &Conn{
		cfg: cfg, url: u, addr: u.Addr(), redact: newRedactor(u, r.secrets...), round: r, raw: raw, conn: conn, begun: time.Now(),
		writing: make(chan struct{}, 1), chunks: chunk.NewWriter(),
		control: controlQueue{wake: make(chan struct{}, 1)},
		state:   sessionState{step: opHandshake},
		heard:   make(chan struct{}, 1), done: make(chan struct{}), readerDone: make(chan struct{}), closed: make(chan struct{}),
	}
	limit := cfg.SendTimeout
	if conn != raw {
		limit = 0 // bounded beneath TLS
	}
	c.out = newOutlet(conn, limit)
	c.in.init(conn, &c.peer.received)
	c.socket.init(raw, conn, c.out.stallWriter)
	c.taken.window = uint64(cfg.WindowAckSize)
	c.taken.known = cfg.Acknowledges
	c.redact.learn(u, cfg)
	c.trace = newTrace(c)
	return c
}

// Done is closed when the session has ended: by the server, an error, Close or
// Abort. Err says why.
func (c *Conn) Done() <-chan struct{} { return c.done }

// Err says why the session ended, with the server's last words where it had
// some; nil while it lives. After Close or Abort it wraps net.ErrClosed, unless
// the session had failed before.
func (c *Conn) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// NetConn returns the transport, beneath TLS, for its socket options and
// counters. Reading or writing it breaks the session. For rtmpt and rtmpts it is
// the tunnel, which has neither: the sockets beneath it come and go.
func (c *Conn) NetConn() net.Conn { return c.raw }

// LocalAddr returns this end's network address.
func (c *Conn) LocalAddr() net.Addr { return c.raw.LocalAddr() }

// RemoteAddr returns the server's network address.
func (c *Conn) RemoteAddr() net.Addr { return c.raw.RemoteAddr() }

func (c *Conn) lock()   { c.writing <- struct{}{} }
func (c *Conn) unlock() { <-c.writing }
