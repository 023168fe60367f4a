package proppage

import (
	"slices"
	"strings"
	"testing"

	"rtmpwriter/publish"
)

// fakeWindow is a dialog that tells the page what Windows would.
type fakeWindow struct {
	page     *Page
	text     map[int]string
	checked  map[int]bool
	disabled map[int]bool
	focus    int
	point    string // "id title: message", "" for none
	hints    map[int]string
	typing   bool
	shown    []string // every text that the page has ever written
}

func newWindow(p *Page) *fakeWindow {
	return &fakeWindow{page: p, text: map[int]string{}, checked: map[int]bool{}, disabled: map[int]bool{}, hints: map[int]string{}}
}

func (w *fakeWindow) Text(id int) string { return w.text[id] }

func (w *fakeWindow) SetText(id int, text string) {
	w.text[id] = text
	if !w.typing {
		w.shown = append(w.shown, text)
	}
	switch controlOf(id).class {
	case edit, number, password:
		w.page.Command(id, Changed)
	default:
	}
}

func (w *fakeWindow) Checked(id int) bool        { return w.checked[id] }
func (w *fakeWindow) SetChecked(id int, on bool) { w.checked[id] = on }
func (w *fakeWindow) Enable(id int, on bool)     { w.disabled[id] = !on }
func (w *fakeWindow) Focused() int               { return w.focus }
func (w *fakeWindow) Unpoint()                   { w.point = "" }
func (w *fakeWindow) Hint(id int, text string)   { w.hints[id] = text }
func (w *fakeWindow) Point(id int, title, m string) {
	w.point = controlOf(id).option + " " + title + ": " + m
}

func (w *fakeWindow) Focus(id int) {
	old := w.focus
	w.focus = id
	if old != id {
		w.page.Command(old, Left)
		w.page.Command(id, Entered)
	}
}

// typed is what a user types into an option's field.
func (w *fakeWindow) typed(option, text string) {
	w.typing = true
	w.SetText(id(option), text)
	w.typing = false
}

// click is what a user does to a checkbox or a button.
func (w *fakeWindow) click(id int) {
	if w.disabled[id] {
		return
	}
	w.focus = id
	if controlOf(id).class == checkbox {
		w.checked[id] = !w.checked[id]
	}
	w.page.Command(id, Clicked)
}

// id is the control of an option.
func id(option string) int {
	c, _ := optionControl(option)
	return c.id
}

// fakeWriter keeps options as the renderer does.
type fakeWriter struct {
	options    publish.Options
	busy       bool
	connecting bool
	status     publish.Status
	last       error
	stats      publish.Stats
	calls      []string
	refuse     string // the option that SetOption refuses
	refused    error
	connect    error  // what BeginConnect answers
	meanwhile  func() // what happens while the page looks
}

func newWriter() *fakeWriter {
	return &fakeWriter{options: publish.DefaultOptions(), status: publish.Status{State: publish.Disconnected}}
}

func (w *fakeWriter) Fields() []publish.Field {
	o := w.options
	return o.Fields()
}

func (w *fakeWriter) SetOption(name, text string) (kept bool, err error) {
	w.calls = append(w.calls, name+"="+text)
	if name == w.refuse {
		return false, w.refused
	}
	fields := w.options.Fields()
	i := slices.IndexFunc(fields, func(f publish.Field) bool { return f.Name == name })
	return w.busy, fields[i].Set(text)
}

func (w *fakeWriter) Busy() bool       { return w.busy }
func (w *fakeWriter) Connecting() bool { return w.connecting }

func (w *fakeWriter) Status() publish.Status {
	if w.meanwhile != nil {
		w.meanwhile()
	}
	return w.status
}

func (w *fakeWriter) LastError() error     { return w.last }
func (w *fakeWriter) Stats() publish.Stats { return w.stats }

func (w *fakeWriter) BeginConnect() error {
	w.calls = append(w.calls, "connect")
	if w.connect == nil {
		w.busy, w.connecting = true, true
	}
	return w.connect
}

func (w *fakeWriter) Disconnect() error {
	w.calls = append(w.calls, "disconnect")
	w.busy, w.connecting, w.status.State = false, false, publish.Disconnected
	return nil
}

// fixture is a page over a writer, in a window.
type fixture struct {
	page   *Page
	window *fakeWindow
	writer *fakeWriter
	told   []bool // what the frame heard
}

func open(t *testing.T, options ...string) *fixture {
	t.Helper()
	f := &fixture{writer: newWriter()}
	for _, o := range options {
		name, value, _ := strings.Cut(o, "=")
		if _, err := f.writer.SetOption(name, value); err != nil {
			t.Fatal(err)
		}
	}
	f.writer.calls = nil
	f.page = New("1.2.3", func(dirty bool) { f.told = append(f.told, dirty) })
	f.page.SetWriter(f.writer)
	f.reopen()
	return f
}

// reopen is what a frame does that closes the window of a page behind another.
func (f *fixture) reopen() {
	f.page.Close()
	f.window = newWindow(f.page)
	f.page.Open(f.window)
}
