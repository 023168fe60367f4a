package proppage

import (
	"errors"
	"strings"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp"
)

// fault is what the user has to put right.
type fault struct {
	option string // "": none of the page's
	text   string
}

// pointFor is how many seconds a message stands at its field.
const pointFor = 8

// Apply gives what was entered to the filter: all of it, or nothing and an error
// that the page shows at the field.
func (p *Page) Apply() error {
	if p.writer == nil {
		return ErrNoWriter
	}
	return p.apply(false)
}

func (p *Page) apply(connecting bool) error {
	err := p.check(connecting)
	if err == nil {
		err = p.commit()
	}
	if err != nil {
		p.complain(err)
		return err
	}
	clear(p.edits)
	clear(p.shown) // a password that was typed goes out of its field
	p.wrong = nil
	if p.window != nil {
		p.unpoint()
		p.refresh()
	}
	return nil
}

// check tries what was entered on a copy of the options. To connect, the options
// must hold together, too; to be kept they need not yet.
func (p *Page) check(connecting bool) error {
	o := publish.DefaultOptions()
	fields := byName(o.Fields())
	for _, f := range p.writer.Fields() {
		_ = fields[f.Name].Value.Set(f.Value.String()) // what is in force may be, whatever it is
	}
	for _, c := range controls() {
		if text, ok := p.edits[c.option]; ok {
			if err := fields[c.option].Set(text); err != nil {
				return err
			}
		}
	}
	if connecting {
		return o.Validate()
	}
	return nil
}

// commit sets what check has passed. What the writer refuses all the same undoes
// what was set before it.
func (p *Page) commit() error {
	old := byName(p.writer.Fields())
	var done []string
	for _, c := range controls() {
		text, ok := p.edits[c.option]
		if !ok {
			continue
		}
		if _, err := p.writer.SetOption(c.option, text); err != nil {
			for _, name := range done {
				_, _ = p.writer.SetOption(name, old[name].Value.String()) // it was in force
			}
			return err
		}
		done = append(done, c.option)
	}
	return nil
}

// complain shows an error, at its field where it has one.
func (p *Page) complain(err error) {
	name, reason := subject(err)
	c, ok := optionControl(name)
	title := byName(defaults())[name].Label
	p.wrong = &fault{text: err.Error()}
	if ok {
		p.wrong = &fault{name, title + ": " + reason}
	}
	if p.window == nil {
		return
	}
	p.showError(nil)
	if ok {
		p.window.Focus(c.id)
		p.window.Point(c.id, title, reason)
		p.pointing = pointFor
	}
}

// subject is the option that an error is about, and what is wrong with it.
func subject(err error) (name, reason string) {
	var (
		option *publish.OptionError
		badURL *rtmp.URLError
	)
	switch {
	case errors.As(err, &option):
		return option.Name, option.Reason
	case errors.As(err, &badURL):
		return "url", strings.TrimPrefix(badURL.Error(), "bad RTMP URL: ")
	}
	return "", ""
}

func (p *Page) unpoint() {
	if p.pointing > 0 {
		p.window.Unpoint()
	}
	p.pointing = 0
}

// connect applies first: what is seen is what is connected with. It does not
// wait for the server.
func (p *Page) connect() {
	wasDirty := p.Dirty()
	if p.apply(true) != nil {
		return
	}
	if wasDirty {
		p.dirty(false)
	}
	if err := p.writer.BeginConnect(); err != nil {
		p.complain(err)
	}
	p.refresh()
}

func (p *Page) disconnect() {
	if err := p.writer.Disconnect(); err != nil {
		p.complain(err)
	}
	p.refresh()
}
