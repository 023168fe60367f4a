package proppage

import (
	"errors"

	"rtmpwriter/publish"
)

// Writer is what the page shows and sets: *dshow.Renderer.
type Writer interface {
	// Fields is the option table over a copy of the options.
	Fields() []publish.Field
	// SetOption sets one option, or changes nothing and says why.
	SetOption(name, text string) (kept bool, err error)
	// Busy tells that it is connected, connecting or streaming: options without
	// WhileStreaming wait until it is over.
	Busy() bool
	// BeginConnect connects without waiting for the outcome.
	BeginConnect() error
	Connecting() bool
	Disconnect() error
	Status() publish.Status
	// LastError is why it is not connected; nil when nobody asked it to be.
	LastError() error
	Stats() publish.Stats
}

// Window is the dialog made of Template. A control is named by its number.
type Window interface {
	Text(id int) string
	// SetText and SetChecked may tell the page of it: see Command.
	SetText(id int, text string)
	Checked(id int) bool
	SetChecked(id int, on bool)
	Enable(id int, on bool)
	// Focus moves the keyboard to a control and selects its text; Focused is
	// the control that has it, 0 for none of the page's.
	Focus(id int)
	Focused() int
	// Point shows a message at a control until Unpoint.
	Point(id int, title, message string)
	Unpoint()
	// Hint is what a control tells when the mouse rests on it.
	Hint(id int, text string)
}

// Notice is what a control tells the page: the code in WM_COMMAND.
type Notice int

// The notices that the page listens to (winuser.h).
const (
	Clicked Notice = 0     // BN_CLICKED
	Entered Notice = 0x100 // EN_SETFOCUS
	Left    Notice = 0x200 // EN_KILLFOCUS
	Changed Notice = 0x300 // EN_CHANGE
)

// ErrNoWriter answers Apply while the page has no filter.
var ErrNoWriter = errors.New("the page has no filter: call SetObjects first")

// Page is one property page. It belongs to the thread of its window.
type Page struct {
	version string
	dirty   func(bool) // tells the frame
	window  Window     // nil: not active
	writer  Writer     // nil: no object
	// edits is what the user has entered and not applied, by option. It outlives
	// the window: a frame may close a page's window when another tab is shown.
	edits map[string]string
	// shown is what the fields show of the writer's options.
	shown map[string]string
	// loading tells that what the controls tell is the page's own doing.
	loading bool
	// wrong is what the user was told last, until it is put right.
	wrong *fault
	// pointing counts down the seconds of a message at a field.
	pointing int
}

// New makes a page for a product of this version. dirty is told when the user has
// changed something, and when nothing is left to apply.
func New(version string, dirty func(bool)) *Page {
	return &Page{version: version, dirty: dirty, edits: map[string]string{}, shown: map[string]string{}}
}

// SetWriter gives the page what it is about; nil takes it away, and what was
// entered for it.
func (p *Page) SetWriter(w Writer) {
	p.writer, p.wrong = w, nil
	clear(p.edits)
	clear(p.shown)
	if p.window != nil {
		p.unpoint()
		p.refresh()
	}
}

// Open fills a new window. Tick is to be called once a second from then on.
func (p *Page) Open(w Window) {
	p.window = w
	clear(p.shown)
	p.setText(idProduct, "RTMP Writer nRtmpRenderer.ax, version "+p.version)
	fields := byName(defaults())
	for _, c := range controls() {
		if f, ok := fields[c.option]; ok {
			w.Hint(c.id, hint(f))
		}
	}
	p.refresh()
}

// Close forgets the window. What was entered stays.
func (p *Page) Close() {
	if p.window != nil {
		p.unpoint()
		p.window = nil
	}
}

// Tick shows what has changed meanwhile.
func (p *Page) Tick() {
	if p.window == nil {
		return
	}
	if p.pointing == 1 {
		p.window.Unpoint()
	}
	p.pointing = max(p.pointing-1, 0)
	p.refresh()
}

// Command takes a control's notice.
func (p *Page) Command(id int, n Notice) {
	if p.loading || p.window == nil || p.writer == nil {
		return
	}
	switch {
	case id == idConnect && n == Clicked:
		p.connect()
	case id == idDisconnect && n == Clicked:
		p.disconnect()
	case id >= idOptions:
		p.field(controlOf(id), n)
	}
}

// field takes the notice of an option's control.
func (p *Page) field(c control, n Notice) {
	switch {
	case n == Left:
		p.unpoint()
		p.blur(c)
	case n == Entered:
		p.enter(c)
	case c.class == checkbox && n == Clicked:
		p.edit(c, p.choice(c, p.window.Checked(c.id)))
	case c.class != checkbox && n == Changed:
		p.edit(c, p.window.Text(c.id))
	}
}

// edit notes what the user has entered.
func (p *Page) edit(c control, text string) {
	p.edits[c.option] = text
	if p.wrong != nil && (p.wrong.option == c.option || p.wrong.option == "") {
		p.wrong = nil
		p.unpoint()
		p.showError(stateOf(p.writer).why)
	}
	p.dirty(true)
}

// choice is the word that a checkbox stands for. It says on and off; which of
// several ways of being on was chosen elsewhere, it leaves.
func (p *Page) choice(c control, on bool) string {
	switch was := byName(p.writer.Fields())[c.option].Value.String(); {
	case !on:
		return off
	case was != off:
		return was
	default:
		return "on"
	}
}

// Dirty tells that there is something to apply.
func (p *Page) Dirty() bool { return len(p.edits) > 0 }

func controlOf(id int) control {
	for _, c := range controls() {
		if c.id == id {
			return c
		}
	}
	return control{}
}

func optionControl(name string) (control, bool) {
	for _, c := range controls() {
		if c.option == name && name != "" {
			return c, true
		}
	}
	return control{}, false
}
