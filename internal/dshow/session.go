package dshow

import (
	"context"
	"iter"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"rtmpwriter/internal/dshow/mediatype"
	"rtmpwriter/media"
	"rtmpwriter/publish"
)

const (
	// endsWithin is how long Stop and Disconnect wait for a polite end.
	endsWithin = 400 * time.Millisecond
	// leavesWithin bounds the end that goes on behind them.
	leavesWithin = 3 * time.Second
)

// session is one stream from its first connection to its end: a publisher, and
// who tells the host of it.
type session struct {
	r   *Renderer
	pub *publish.Publisher
	log *slog.Logger
	url string
	// holds is how much of the stream is held in an outage.
	holds time.Duration
	// previous is closed when the session before has left the server.
	previous <-chan struct{}
	ctx      context.Context
	cancel   context.CancelCauseFunc

	tracks  []int                // the pin of each track; told before the first sample
	streams [2]*mediatype.Stream // each used by the Receive of its pin alone

	// Guarded by Renderer.mu.
	infos   [2]media.Track
	started bool     // Run was called
	attempt *attempt // to connect before that; nil: none is under way
	outage  outage

	connecting atomic.Bool
	silent     atomic.Bool   // the host hears no more of it
	aborted    atomic.Bool   // the host ended it while it ran
	over       atomic.Bool   // nothing more can be sent
	greeted    chan struct{} // closed when the host has heard of the first connection
	greetOnce  sync.Once
	told       chan struct{}  // closed when the host has heard the last change of state
	left       chan struct{}  // closed when the connection is closed
	tellers    sync.WaitGroup // who tells the host; joined by leave
	endOnce    sync.Once
	closeLog   func()
}

// newSession makes a publisher of the options. r.mu is held.
func (r *Renderer) newSession() (*session, error) {
	o := r.options
	if o.URL == "" {
		return nil, errNoURL
	}
	log, closeLog := r.host.Log(o)
	pub, err := publish.New(o, append([]publish.Option{publish.WithLogger(log)}, r.engine...)...)
	if err != nil {
		closeLog()
		return nil, err
	}
	s := &session{
		r: r, pub: pub, log: log, url: o.URL, holds: o.OutageBuffer, previous: r.leaving,
		greeted: make(chan struct{}), told: make(chan struct{}), left: make(chan struct{}), closeLog: closeLog,
	}
	s.ctx, s.cancel = context.WithCancelCause(context.Background())
	for _, d := range r.pending {
		_ = pub.SendData(s.ctx, d) // as many as the engine keeps
	}
	r.pending = nil
	s.watch()
	return s, nil
}

// watch tells the host of the publisher until leave.
func (s *session) watch() {
	ctx, done := context.WithCancel(context.Background())
	context.AfterFunc(s.ctx, done)
	changes, log := s.pub.Watch(ctx), s.log
	// Both end with the session's context; leave joins them.
	s.tellers.Go(func() {
		defer close(s.told)
		shielded(log, func() { s.tellChanges(changes) })
	})
	s.tellers.Go(func() { shielded(log, func() { s.tellStatistics(ctx) }) })
}

// tellChanges tells the host of every change but the state that a publisher
// begins with.
func (s *session) tellChanges(changes iter.Seq[publish.Status]) {
	first := true
	for status := range changes {
		if !first {
			s.tell(status)
		}
		first = false
	}
}

// tell tells the host of a change of state.
func (s *session) tell(status publish.Status) {
	s.connecting.Store(false)
	s.r.changed(s, status)
	if !s.silent.Load() {
		s.r.host.Status(status.State, s.url)
	}
	if status.State == publish.Connected {
		s.greetOnce.Do(func() { close(s.greeted) })
	}
}

func (s *session) tellStatistics(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if s.pub.Status().State == publish.Connected && !s.silent.Load() {
				s.r.host.Statistics(s.pub.Stats(), s.url)
			}
		case <-ctx.Done():
			return
		}
	}
}

// start lets the publisher run. r.mu is held.
func (s *session) start() {
	if s.started {
		return
	}
	s.started = true
	if s.pub.Status().State != publish.Connected {
		s.connecting.Store(true)
	}
	// It ends with the publisher's Run, which leave or the server ends.
	go shielded(s.log, func() {
		s.await()
		s.leave(s.run())
	})
}

// await waits until the session before has left the server.
func (s *session) await() {
	late := time.NewTimer(leavesWithin)
	defer late.Stop()
	select {
	case <-s.previous:
	case <-late.C:
	case <-s.ctx.Done():
	}
}

// setTracks tells the publisher what the pins bring. r.mu is held.
func (s *session) setTracks(pins []int) error {
	for _, i := range pins {
		s.newStream(i)
	}
	s.tracks = pins
	return s.announce()
}

// newStream begins with a pin's media type anew. r.mu is held.
func (s *session) newStream(pin int) {
	s.streams[pin] = mediatype.NewStream(mediatype.Pin(pin), s.r.pins[pin].mediaType)
	s.infos[pin] = s.streams[pin].Track()
}

// announce tells the publisher the tracks as they are known now. r.mu is held.
func (s *session) announce() error {
	tracks := make([]media.Track, 0, len(s.tracks))
	for _, i := range s.tracks {
		tracks = append(tracks, s.infos[i])
	}
	return s.pub.SetTracks(tracks...)
}

// track is the track of a pin, -1 without one.
func (s *session) track(pin int) int {
	for t, i := range s.tracks {
		if i == pin {
			return t
		}
	}
	return -1
}
