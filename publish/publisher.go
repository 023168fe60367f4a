package publish

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"rtmpwriter/media"
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

	queue    *queue
	status   statusLog
	counters counters
	tracks   atomic.Pointer[[]*track]

	dialing sync.Mutex // one connect at a time

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

// WithDialer opens connections through dial, for proxies and tests.
func WithDialer(dial func(ctx context.Context, network, addr string) (net.Conn, error)) Option {
	return func(p *Publisher) { p.dial = dial }
}

// WithTLSConfig is used for rtmps URLs.
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
	}
	for _, option := range options {
		option(p)
	}
	p.tell(Disconnected, nil)
	return p, nil
}

// SetTracks tells the tracks: at most one of video and one of audio. It must be
// called before Run and Write. Called again, with as many tracks of the same
// kinds, it changes their description: the next frame of a track brings its new
// sequence header. The error is a *TrackError.
func (p *Publisher) SetTracks(tracks ...media.Track) error {
	if old := p.trackList(); old != nil {
		return p.changeTracks(old, tracks)
	}
	list := make([]*track, len(tracks))
	var audio, video int
	for i, info := range tracks {
		t, err := newTrack(i, info)
		if err != nil {
			return err
		}
		if list[i] = t; info.Codec.IsAudio() {
			audio++
		} else {
			video++
		}
	}
	if audio > 1 || video > 1 || audio+video == 0 {
		return &TrackError{Track: len(tracks) - 1, Reason: "a stream has one video track, one audio track or both"}
	}
	p.queue.setTracks(len(list))
	p.tracks.Store(&list)
	return nil
}

func (p *Publisher) changeTracks(old []*track, tracks []media.Track) error {
	if len(tracks) != len(old) {
		return &TrackError{Track: len(tracks) - 1, Reason: fmt.Sprintf("there are %d tracks already; their number cannot change", len(old))}
	}
	for i, info := range tracks {
		if info.Codec != old[i].codec {
			return &TrackError{Track: i, Reason: "the codec of a track cannot change while publishing"}
		}
		old[i].mu.Lock()
		err := old[i].configure(info)
		old[i].mu.Unlock()
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *Publisher) trackList() []*track {
	if l := p.tracks.Load(); l != nil {
		return *l
	}
	return nil
}

func (p *Publisher) isAudio(i int) bool {
	l := p.trackList()
	return i < len(l) && l[i].codec.IsAudio()
}

// Connect connects and publishes, so that the first frame meets a server that
// is ready. Run does it when it was not done. Errors are those of rtmp.Dial, or
// ErrClosed.
func (p *Publisher) Connect(ctx context.Context) error {
	_, err := p.connect(ctx)
	return err
}

func (p *Publisher) connect(ctx context.Context) (*rtmp.Conn, error) {
	p.dialing.Lock()
	defer p.dialing.Unlock()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	p.mu.Lock()
	conn, closed := p.conn, p.closed
	p.cancelDial = cancel
	p.mu.Unlock()
	if closed {
		return nil, ErrClosed
	}
	if conn != nil {
		return conn, nil
	}
	conn, err := rtmp.Dial(ctx, p.url, p.sessionConfig())
	if err != nil {
		p.tell(Disconnected, err)
		return nil, err
	}
	p.mu.Lock()
	p.conn = conn
	p.mu.Unlock()
	p.tell(Connected, nil)
	return conn, nil
}

func (p *Publisher) sessionConfig() rtmp.Config {
	o := &p.options
	return rtmp.Config{
		Dial: p.dial, TLS: p.tls, Logger: p.log,
		ChunkSize: o.ChunkSize, SocketBuffer: o.SocketBufferSize, TCPNoDelay: o.TCPNoDelay,
		ConnectTimeout: o.ConnectTimeout, SendTimeout: o.SendTimeout, ReceiveTimeout: o.ReceiveTimeout,
		PublishMode: o.PublishMode, ClientAgent: o.ClientAgent,
		OnStatus: p.serverSaid,
	}
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
