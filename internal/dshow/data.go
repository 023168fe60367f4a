package dshow

import (
	"context"

	"rtmpwriter/amf0"
	"rtmpwriter/publish"
)

// SendMetadata sends a data message (specification, section 8): a handler's name
// and a JSON object. Before there is a stream it waits for one. The errors are
// those of publish.ParseData and Publisher.SendData.
func (r *Renderer) SendMetadata(handler, text string, stored bool) error {
	if text == "" {
		text = "{}"
	}
	d, err := publish.ParseData(handler, []byte(text))
	if err != nil {
		return err
	}
	d.Stored = stored
	r.mu.Lock()
	s := r.session
	if s == nil {
		defer r.mu.Unlock()
		if len(r.pending) >= maxPending {
			return publish.ErrDataFull
		}
		r.pending = append(r.pending, d)
		return nil
	}
	r.mu.Unlock()
	return s.pub.SendData(s.ctx, d)
}

// maxPending is how many messages wait for a stream: as many as the engine keeps
// for a connection.
const maxPending = 256

// SendCommand gives the server a command with a JSON object, and returns the
// answer as a JSON array. The errors are those of publish.ParseData and
// Publisher.Call.
func (r *Renderer) SendCommand(ctx context.Context, name, text string) (string, error) {
	var object amf0.Object
	if text != "" {
		d, err := publish.ParseData(name, []byte(text))
		if err != nil {
			return "", err
		}
		object, _ = d.Value.(amf0.Object)
	}
	r.mu.Lock()
	s := r.session
	r.mu.Unlock()
	if s == nil {
		return "", publish.ErrNotConnected
	}
	values, err := s.pub.Call(ctx, name, object)
	if err != nil {
		return "", err
	}
	return string(amf0.AppendJSON(nil, amf0.StrictArray(values))), nil
}
