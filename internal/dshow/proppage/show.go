package proppage

import (
	"fmt"

	"rtmpwriter/publish"
)

const (
	off = "off"
	// bullets stand in the field of a secret that is set, which never gets there
	// itself. The window shows them as it does any other text.
	bullets = "\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022"
)

// refresh shows the writer as it is now.
func (p *Page) refresh() {
	if p.writer == nil {
		p.enable(false, nil)
		return
	}
	fields := byName(p.writer.Fields())
	for _, c := range controls() {
		if c.option != "" {
			p.show(c, fields[c.option])
		}
	}
	now := stateOf(p.writer)
	p.enable(now.busy, fields)
	p.setText(idStatus, now.text)
	p.showError(now.why)
	p.showStats(p.writer.Stats())
}

// state is a writer's state as the page tells it.
type state struct {
	busy bool
	text string
	why  error // why there is no connection
}

// stateOf reads it twice when the connection came or went meanwhile: what is grey
// has to fit what is written.
func stateOf(w Writer) (s state) {
	for range 2 {
		s = state{busy: w.Busy()}
		switch status := w.Status(); {
		case w.Connecting():
			s.text = "Connecting\u2026"
		case status.State == publish.Connected:
			s.text = "Connected"
		case status.State == publish.Reconnecting:
			s.text = fmt.Sprintf("Reconnecting (attempt %d)", status.Attempt)
			s.why = w.LastError()
		default:
			s.text = "Not Connected"
			s.why = w.LastError()
		}
		if w.Busy() == s.busy {
			break
		}
	}
	return s
}

// show writes an option into its control when it is not there yet. What the user
// has entered stays.
func (p *Page) show(c control, f publish.Field) {
	value := shownValue(f)
	if old, ok := p.shown[c.option]; ok && (old == value || p.edited(c)) {
		return
	}
	p.shown[c.option] = value
	if text, ok := p.edits[c.option]; ok {
		value = text
	} else if c.class == password && p.window.Focused() == c.id {
		value = "" // as enter leaves it
	}
	p.loading = true
	defer func() { p.loading = false }()
	if c.class == checkbox {
		p.window.SetChecked(c.id, value != off)
	} else {
		p.window.SetText(c.id, value)
	}
}

func (p *Page) edited(c control) bool {
	_, ok := p.edits[c.option]
	return ok
}

// shownValue is what a field shows of an option. The url stands there whole, with
// its key, although it is a secret: it cannot be edited otherwise, and the page
// belongs to the program that has set it and may read it with GetCurFile.
func shownValue(f publish.Field) string {
	value := f.Value.String()
	if f.Secret && f.Name != "url" && value != "" {
		return bullets
	}
	return value
}

// enter empties the field of a secret for the user, who cannot add to what is
// not there; blur puts the bullets back when nothing was entered.
func (p *Page) enter(c control) {
	if c.class == password && !p.edited(c) {
		p.setText(c.id, "")
	}
}

func (p *Page) blur(c control) {
	if c.class == password && !p.edited(c) {
		p.setText(c.id, p.shown[c.option])
	}
}

// setText writes a text of the page's own.
func (p *Page) setText(id int, text string) {
	if p.window.Text(id) == text {
		return // no flicker
	}
	p.loading = true
	defer func() { p.loading = false }()
	p.window.SetText(id, text)
}

// enable greys what cannot be used now. The keyboard never stays in a control
// that is grey: no key would work there.
func (p *Page) enable(busy bool, fields map[string]publish.Field) {
	on := map[int]bool{idConnect: p.writer != nil && !busy, idDisconnect: p.writer != nil && busy}
	for _, c := range controls() {
		if c.option != "" {
			on[c.id] = p.writer != nil && (!busy || fields[c.option].WhileStreaming)
		}
	}
	for id, usable := range on {
		if usable {
			p.window.Enable(id, true)
		}
	}
	if usable, ok := on[p.window.Focused()]; ok && !usable {
		if next := map[bool]int{true: idDisconnect, false: idConnect}[busy]; on[next] {
			p.window.Focus(next)
		}
	}
	for id, usable := range on {
		if !usable {
			p.window.Enable(id, false)
		}
	}
}

// showError shows what the user has to put right, or else why there is no
// connection.
func (p *Page) showError(why error) {
	message := ""
	switch {
	case p.wrong != nil:
		message = p.wrong.text
	case why != nil:
		message = why.Error()
	}
	if p.window.Text(IDError) != message {
		p.setText(IDError, message)
		p.window.Hint(IDError, message) // where it has no room
	}
}

func (p *Page) showStats(s publish.Stats) {
	for id, value := range map[int]string{
		idBufferSize:    fmt.Sprintf("%d bytes", s.OutputBufferSize),
		idFillness:      fmt.Sprintf("%d bytes", s.OutputBufferFillness),
		idBitrate:       bitrate(s.OutputBitrate),
		idAudioBuffered: fmt.Sprint(s.AudioPacketsBuffered),
		idVideoBuffered: fmt.Sprint(s.VideoPacketsBuffered),
		idAudioBitrate:  bitrate(int64(s.AudioBitrate)),
		idVideoBitrate:  bitrate(int64(s.VideoBitrate)),
	} {
		p.setText(id, value)
	}
}

// bitrate writes bits per second.
func bitrate(n int64) string {
	return fmt.Sprintf("%d kbit/s", (n+500)/1000)
}

// hint says what an option is, what it takes and what it is without a choice.
func hint(f publish.Field) string {
	text := f.Help
	if allowed := f.Range(); allowed != "" && f.Choices == nil && !f.IsBool() {
		text += "\n" + allowed
	}
	if f.Default != "" {
		text += "\ndefault: " + f.Default
	}
	return text
}
