package main

import (
	"bytes"
	"context"
	"encoding/json"

	"rtmpwriter/amf0"
	"rtmpwriter/publish"
)

// controlAnswer is the line that answers one.
type controlAnswer struct {
	OK     bool             `json:"ok"`
	Error  string           `json:"error,omitempty"`
	Answer *json.RawMessage `json:"answer,omitempty"` // the server's, to a command
	Status string           `json:"status,omitempty"`
	Number *publish.State   `json:"status_number,omitempty"`
	URL    string           `json:"url,omitempty"`
	Cause  string           `json:"cause,omitempty"` // why the status is what it is
	Stats  *publish.Stats   `json:"stats,omitempty"`
}

// answerLine does what a line asks for.
func answerLine(ctx context.Context, p *publish.Publisher, line []byte) controlAnswer {
	q, err := parseControlLine(line)
	if err != nil {
		return controlAnswer{Error: err.Error()}
	}
	a := controlAnswer{OK: true}
	switch q.verb {
	case "data":
		err = p.SendData(ctx, q.data)
	case "command":
		var values []any
		if values, err = p.Call(ctx, q.name, q.object, q.args...); err == nil {
			raw := json.RawMessage(amf0.AppendJSON(nil, amf0.StrictArray(values)))
			a.Answer = &raw
		}
	case "reconnect":
		p.Reconnect()
	case "stats":
		s := p.Stats()
		a.Stats = &s
	case "status":
		s := p.Status()
		a.Status, a.Number, a.URL, a.Cause = s.State.String(), &s.State, s.URL, errorText(s.Err)
	}
	if err != nil {
		return controlAnswer{Error: err.Error()}
	}
	return a
}

// encode is the answer as a line.
func (a controlAnswer) encode() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(a); err != nil {
		return []byte(`{"ok":false,"error":"the answer cannot be written as JSON"}` + "\n")
	}
	return b.Bytes()
}
