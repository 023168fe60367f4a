package dshow

import (
	"bytes"

	"rtmpwriter/internal/com"
	"rtmpwriter/internal/dshow/mediatype"
	"rtmpwriter/media"
)

// Connected tells that a pin has been connected with a media type that it
// accepts. The block may change after the call.
func (r *Renderer) Connected(i int, t mediatype.MediaType) com.HRESULT {
	if err := mediatype.Accept(mediatype.Pin(i), t); err != nil {
		return com.TypeNotAccepted
	}
	t.Block = bytes.Clone(t.Block)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state != Stopped {
		return com.NotStopped
	}
	r.pins[i].connected, r.pins[i].mediaType = true, t
	return com.OK
}

// Disconnected tells that a pin's connection is gone.
func (r *Renderer) Disconnected(i int) com.HRESULT {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state != Stopped {
		return com.NotStopped
	}
	r.pins[i].connected, r.pins[i].mediaType = false, mediatype.MediaType{}
	return com.OK
}

// tracks are the pins that bring something, in the order of the tracks. r.mu is
// held.
func (r *Renderer) tracks() (pins []int) {
	for i := range r.pins {
		if r.pins[i].connected {
			pins = append(pins, i)
		}
	}
	return pins
}

// ChangeFormat takes the media type of a sample: it holds from that sample on.
// One that the pin does not take ends the pin, and the graph is told.
func (r *Renderer) ChangeFormat(i int, t mediatype.MediaType) com.HRESULT {
	p := &r.pins[i]
	p.receiving.Lock()
	defer p.receiving.Unlock()
	t.Block = bytes.Clone(t.Block)
	err := mediatype.Accept(mediatype.Pin(i), t)
	r.mu.Lock()
	if answer := r.refuse(p); answer != com.OK {
		r.mu.Unlock()
		return answer
	}
	if err == nil && !same(t, p.mediaType) {
		p.mediaType = t
		r.session.newStream(i)
		err = r.session.announce()
	}
	if err == nil {
		r.mu.Unlock()
		return com.OK
	}
	p.refused, p.ended, r.lastError = true, true, err
	track, pub, finish := r.session.track(i), r.session.pub, r.finished()
	r.mu.Unlock()
	pub.EndTrack(track)
	r.host.Event(ErrorAbort, com.TypeNotAccepted)
	finish()
	return com.InvalidMediaType
}

func same(a, b mediatype.MediaType) bool {
	return a.Major == b.Major && a.Subtype == b.Subtype && a.Format == b.Format && bytes.Equal(a.Block, b.Block)
}

// describe announces what a sample has told of its stream.
func (r *Renderer) describe(s *session, i int, t media.Track) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.infos[i] = t
	return s.announce()
}
