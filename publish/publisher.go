package publish

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"rtmpwriter/rtmp"
)

// Publisher publishes one stream to one server. Its methods may be called from
// any goroutine; the packets of one track come from one goroutine at a time.
type Publisher struct {
	options Options
	url     *rtmp.URL
	log     *slog.Logger
	dial    func(ctx context.Context, network, addr string) (net.Conn, error)
	tls     *tls.Config
	proxy   *rtmp.Proxy // nil: none

	queue    *queue
	status   statusLog
	counters counters
	tracks   atomic.Pointer[[]*track]

	dialing chan struct{} // room for one: who connects

	mu         sync.Mutex // guards what follows
	conn       *rtmp.Conn
	cancelDial context.CancelCauseFunc
	running    bool
	closed     bool
	done       chan struct{} // closed when Run has returned
}

// Option gives New what is not plain data.
type Option func(*Publisher)

// WithLogger sends log records to l; without it there are none. No record
// holds a secret.
func WithLogger(l *slog.Logger) Option { return func(p *Publisher) { p.log = l } }

// WithDialer opens connections through dial, for networks of one's own and
// tests: to the server, or to the proxy of the options. The option bind can't
// be had together with it.
func WithDialer(dial func(ctx context.Context, network, addr string) (net.Conn, error)) Option {
	return func(p *Publisher) { p.dial = dial }
}

// WithTLSConfig is used for rtmps URLs. The options that begin with tls- are laid
// over a copy of it.
func WithTLSConfig(c *tls.Config) Option { return func(p *Publisher) { p.tls = c } }

// New checks the options and makes a Publisher; nothing is connected yet. The
// error is an *OptionError or an *rtmp.URLError.
func New(o Options, options ...Option) (*Publisher, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	u, err := o.ParseURL()
	if err != nil {
		return nil, err
	}
	p := &Publisher{
		options: o,
		url:     u,
		log:     slog.New(slog.DiscardHandler),
		queue:   newQueue(o.OutputBufferSize, o.LiveMode),
		done:    make(chan struct{}),
		dialing: make(chan struct{}, 1),
	}
	for _, option := range options {
		option(p)
	}
	if err := p.setTransport(); err != nil {
		return nil, err
	}
	p.tell(Disconnected, nil)
	return p, nil
}

// serverSaid logs what the server says while publishing.
func (p *Publisher) serverSaid(s rtmp.Status) {
	level := slog.LevelInfo
	if s.Level == "error" {
		level = slog.LevelError
	}
	p.log.Log(context.Background(), level, "server says", "command", s.Command, "code", s.Code, "description", s.Description)
}

func (p *Publisher) tell(s State, err error) {
	p.status.set(Status{State: s, URL: p.url.String(), Err: err, Time: time.Now()})
	switch {
	case err != nil:
		p.log.Error("status", "state", s, "url", p.url, "error", err)
	default:
		p.log.Info("status", "state", s, "url", p.url)
	}
}

// String names the publisher without its secrets.
func (p *Publisher) String() string { return "publish.Publisher{" + p.url.String() + "}" }

// GoString keeps secrets out of %#v.
func (p *Publisher) GoString() string { return p.String() }
