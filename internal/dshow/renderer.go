package dshow

import (
	"log/slog"
	"sync"

	"rtmpwriter/internal/com"
	"rtmpwriter/internal/dshow/mediatype"
	"rtmpwriter/publish"
)

// Version is the product's version: the linker sets it.
var Version = "0.0.0"

// State is the state of a filter with DirectShow's numbers (FILTER_STATE).
type State int32

// The states.
const (
	Stopped State = iota
	Paused
	Running
)

// Event is the code of an event for the graph.
type Event int32

// The events (evcode.h).
const (
	Complete   Event = 0x01 // EC_COMPLETE
	UserAbort  Event = 0x02 // EC_USERABORT
	ErrorAbort Event = 0x03 // EC_ERRORABORT
)

// Host is what the renderer needs of the program around it. Its methods are
// called from any goroutine with no lock held, and may call the renderer.
type Host interface {
	// Event tells the graph; hr is its first parameter.
	Event(e Event, hr com.HRESULT)
	// Status tells a change of state, Statistics what is counted, once a second.
	// The url is whole: it is the host's own.
	Status(s publish.State, url string)
	Statistics(s publish.Stats, url string)
	// Log opens the log that the options name; done closes it.
	Log(o publish.Options) (log *slog.Logger, done func())
}

// Renderer is one filter. Its methods may be called from any goroutine.
type Renderer struct {
	host Host
	// engine is what every publisher is made with; tests bring their network.
	engine []publish.Option

	mu       sync.Mutex // guards what follows; never held while the host or the network is called
	defaults publish.Options
	options  publish.Options
	dirty    bool // the options differ from what was saved or loaded last
	state    State
	pins     [2]pin
	session  *session // nil: neither streaming nor connected
	// leaving is closed when the session before has closed its connection: a
	// server would refuse a second publisher of the same name.
	leaving   <-chan struct{}
	completed bool // EC_COMPLETE was sent, or is under way, since the last start or flush
	serial    int  // counts starts, stops and flushes: an end that was under way then is none
	lastError error
	last      publish.Stats // of the session before
	pending   []publish.Data
}

// pin is one input.
type pin struct {
	// receiving is held by the Receive that is under way: a pin's samples come in
	// their order.
	receiving sync.Mutex

	// Guarded by Renderer.mu.
	connected bool
	mediaType mediatype.MediaType
	flushing  bool
	ended     bool // its end of stream has come
	refused   bool // it was given a format that it does not take
	gate      gate
}

// New makes a renderer that is stopped. The defaults are what the registry
// makes of the specification's.
func New(host Host, defaults publish.Options) *Renderer {
	done := make(chan struct{})
	close(done)
	return &Renderer{host: host, defaults: defaults, options: defaults, leaving: done}
}

// Close ends everything; the renderer must not be used after.
func (r *Renderer) Close() {
	r.Stop()
	r.mu.Lock()
	s := r.session
	r.detach()
	r.mu.Unlock()
	if s != nil { // connected before a start that never came
		s.end(true)
	}
}

// State is the state now: a sender cues nothing, so there is none between two.
func (r *Renderer) State() State {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state
}
