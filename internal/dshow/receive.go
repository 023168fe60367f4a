package dshow

import (
	"context"
	"errors"
	"math"
	"time"

	"rtmpwriter/internal/com"
	"rtmpwriter/media"
	"rtmpwriter/publish"
)

// Sample is one media sample.
type Sample struct {
	// Data is the allocator's memory: it is copied once, and not kept.
	Data []byte
	// Start and Stop are presentation times in 100 ns.
	Start, Stop       int64
	HasStart, HasStop bool
	// Oversized tells that the sample is larger than any that can be sent, and that
	// Data does not have it.
	Oversized bool
}

// Receive takes one sample of a pin. While the output buffer is full it waits,
// but not in live mode, and not for long in an outage. What can't be published
// is left out: a bad sample, or one too many, does not end the graph.
func (r *Renderer) Receive(i int, sample *Sample) com.HRESULT {
	p := &r.pins[i]
	p.receiving.Lock()
	defer p.receiving.Unlock()
	s, ctx, answer := r.admit(i, sample)
	if answer != com.OK {
		return answer
	}
	if sample.Oversized {
		return r.leftOut(s, i, errOversized)
	}
	buffer := media.GetBuffer(len(sample.Data) + startCode)
	data, changed, config, err := s.streams[i].Convert(buffer.B[:0], sample.Data, sample.Start, sample.Stop, sample.HasStart, sample.HasStop)
	if err == nil && changed {
		err = r.describe(s, i, s.streams[i].Track())
	}
	if err != nil {
		buffer.Release()
		return r.leftOut(s, i, err)
	}
	pts := presentation(sample)
	err = s.pub.Write(ctx, media.Packet{Track: s.track(i), DTS: pts, PTS: pts, Config: config, Data: data, Owner: buffer})
	if err != nil {
		return r.answer(s, i, err)
	}
	return com.OK
}

// admit says where a sample goes, and what ends its wait; in an outage when it is
// due. The answer is com.OK when it is to be taken.
func (r *Renderer) admit(i int, sample *Sample) (*session, context.Context, com.HRESULT) {
	for {
		r.mu.Lock()
		p := &r.pins[i]
		if answer := r.refuse(p); answer != com.OK {
			r.mu.Unlock()
			return nil, nil, answer
		}
		s, ctx := r.session, p.gate.ctx
		wait, wake := s.outage.due(i, sample)
		r.mu.Unlock()
		if wait <= 0 {
			return s, ctx, com.OK
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
			return s, ctx, com.OK
		case <-wake:
			timer.Stop()
		}
	}
}

var errOversized = errors.New("it is larger than 16 MiB: an RTMP message carries less")

// startCode is what a bare NAL unit gains when it is copied.
const startCode = 4

// presentation is a sample's time, or media.NoTime.
func presentation(s *Sample) time.Duration {
	if !s.HasStart || s.Start > math.MaxInt64/100 || s.Start < math.MinInt64/100 {
		return media.NoTime
	}
	return time.Duration(s.Start) * 100
}

// answer is what Receive says of a sample that was not taken.
func (r *Renderer) answer(s *session, i int, err error) com.HRESULT {
	switch {
	case errors.Is(err, errOutage):
		return com.OK
	case errors.Is(err, errStopped), errors.Is(err, errFlushing), errors.Is(err, errLeft), errors.Is(err, publish.ErrFlushed):
		return r.refusal(i, com.False) // never that it was taken, also when a flush is over already
	case errors.Is(err, publish.ErrTrackEnded):
		return com.RejectedEOS
	case errors.Is(err, publish.ErrClosed), errors.Is(err, context.Canceled):
		return r.refusal(i, com.RuntimeError)
	}
	return r.leftOut(s, i, err)
}

// refusal is the answer of a Receive that was set free: what a new one would get,
// or otherwise where that one would be taken.
func (r *Renderer) refusal(i int, otherwise com.HRESULT) com.HRESULT {
	r.mu.Lock()
	defer r.mu.Unlock()
	if answer := r.refuse(&r.pins[i]); answer != com.OK {
		return answer
	}
	return otherwise
}

// leftOut logs a sample that can't be published; the stream goes on.
func (r *Renderer) leftOut(s *session, i int, err error) com.HRESULT {
	if !errors.Is(err, publish.ErrBufferFull) { // the engine counts and tells of these
		s.log.Warn("a sample was left out", "pin", pinNames[i], "error", err)
	}
	return com.OK
}

var pinNames = [2]string{"video", "audio"}
