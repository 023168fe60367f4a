package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"

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
			raw := json.RawMessage(appendJSON(nil, amf0.StrictArray(values)))
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

// appendJSON writes a value of package amf0 as JSON: what JSON lacks as a string
// or null.
func appendJSON(dst []byte, v any) []byte {
	switch v := v.(type) {
	case amf0.Object:
		return appendProperties(dst, v)
	case amf0.ECMAArray:
		return appendProperties(dst, v)
	case amf0.TypedObject:
		return appendProperties(dst, v.Properties)
	case amf0.StrictArray:
		dst = append(dst, '[')
		for i, e := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendJSON(dst, e)
		}
		return append(dst, ']')
	case amf0.Date:
		return appendJSON(dst, v.Milliseconds)
	case amf0.XML:
		return appendJSON(dst, string(v))
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return appendJSON(dst, fmt.Sprint(v))
		}
	case amf0.Undefined:
		return append(dst, "null"...)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return append(dst, "null"...)
	}
	return append(dst, text...)
}

func appendProperties(dst []byte, properties []amf0.Property) []byte {
	dst = append(dst, '{')
	for i, p := range properties {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendJSON(dst, p.Name), ':')
		dst = appendJSON(dst, p.Value)
	}
	return append(dst, '}')
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
