package publish

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"rtmpwriter/publish/internal/advice"
	"rtmpwriter/publish/internal/spool"
	"rtmpwriter/rtmp"
)

// Publisher publishes one stream to one server at a time. Its methods may be called from
// any goroutine; the packets of one track come from one goroutine at a time.
type Publisher struct {
	options Options
	urls    []*rtmp.URL
	log     *slog.Logger
	session rtmp.Config // of every session

	queue    *queue
	status   changes[statusChange]
	advice   changes[Advice]
	counters counters
	tracks   atomic.Pointer[[]*track]
	// acknowledge has the *rtmp.URL of each server that has acknowledged.
	acknowledge sync.Map

	dialing chan struct{} // room for one: who connects
	retries retries       // of whoever dials
	skipped time.Duration // of the dialer: what the session made last has left out
	at      atomic.Int32  // which of urls is in use
	again   chan struct{} // Reconnect was called; room for one

	data      dataQueue
	timecodes timecodes // of the goroutine of Run

	mu         sync.Mutex // guards what follows
	conn       *rtmp.Conn
	present    link       // the session that conn is
	parting    *rtmp.Conn // the one that a handover left last
	outage     bool       // between two sessions, or before the first after it failed
	cancelDial context.CancelCauseFunc
	running    bool
	closed     bool
	done       chan struct{} // closed when Run has returned
}

// Option gives New what is not plain data.
type Option func(*Publisher)

// WithLogger sends log records to l; without it, or with nil, there are none.
// No record holds a secret.
func WithLogger(l *slog.Logger) Option {
	return func(p *Publisher) {
		if l != nil {
			p.log = l
		}
	}
}

// WithDialer opens connections through dial, for networks of one's own and
// tests: to the server, or to the proxy of the options. The option bind can't
// be had together with it.
func WithDialer(dial func(ctx context.Context, network, addr string) (net.Conn, error)) Option {
	return func(p *Publisher) { p.session.Dial = dial }
}

// WithTLSConfig is used for rtmps and rtmpts URLs. The options that begin with
// tls- are laid over a copy of it.
func WithTLSConfig(c *tls.Config) Option { return func(p *Publisher) { p.session.TLS = c } }

// New checks the options and makes a Publisher; nothing is connected yet. The
// error is an *OptionError or an *rtmp.URLError.
func New(o Options, options ...Option) (*Publisher, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	urls, err := o.ParseURLs()
	if err != nil {
		return nil, err
	}
	if o.OutageSpool != "" {
		if err := spool.Check(o.OutageSpool); err != nil {
			return nil, &OptionError{Name: "outage-spool", Value: o.OutageSpool, Reason: "no files can be made there: " + bare(err).Error()}
		}
	}
	p := &Publisher{
		options:   o,
		urls:      urls,
		log:       slog.New(slog.DiscardHandler),
		queue:     newQueueFor(&o),
		done:      make(chan struct{}),
		dialing:   make(chan struct{}, 1),
		again:     make(chan struct{}, 1),
		timecodes: newTimecodes(&o),
	}
	p.retries = newRetries(&p.options, len(urls))
	for _, option := range options {
		option(p)
	}
	session, err := o.sessionConfig(p.session.TLS)
	if err != nil {
		return nil, err
	}
	session.Dial, session.Logger, session.OnStatus = p.session.Dial, p.log, p.serverSaid
	p.session = session
	for _, what := range o.idle() {
		p.log.Warn(what)
	}
	p.tellDisconnected(nil)
	p.advice.set(Advice{Reason: advice.None.String()})
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

func (p *Publisher) tellDisconnected(err error) {
	status := p.newStatus(Disconnected, err)
	p.status.set(statusChange{Status: status})
	if err != nil {
		p.log.Error("status", "state", status.State, "url", status.URL, "error", err)
		return
	}
	p.log.Info("status", "state", status.State, "url", status.URL)
}

// newStatus is the status that begins now.
func (p *Publisher) newStatus(s State, err error) Status {
	return Status{State: s, URL: p.urls[p.at.Load()].String(), Err: err, Time: time.Now()}
}

// String names the publisher without its secrets.
func (p *Publisher) String() string { return "publish.Publisher{" + p.urls[0].String() + "}" }

// GoString keeps secrets out of %#v.
func (p *Publisher) GoString() string { return p.String() }
