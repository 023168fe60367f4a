package rawin

import (
	"errors"
	"fmt"
	"io"
	"time"

	"rtmpwriter/media"
	"rtmpwriter/media/h264"
)

const (
	// readSize is how much is read at once; a pipe gives less.
	readSize = 32 << 10
	// maxProbe bounds the search for a parameter set and a picture, in bytes.
	maxProbe = 4 << 20
	// probePictures and probeBytes bound what is read ahead to learn the delay
	// of a stream that does not tell it: two seconds, usually a whole GOP.
	probePictures = 64
	probeBytes    = 16 << 20
)

// video is the H.264 lane.
type video struct {
	r        io.Reader
	buf      []byte
	splitter h264.Splitter
	sps      *h264.SPS // of the first picture
	order    order
	rate     rate
	first    int64 // frames from decode to presentation, fixed by Open
	last     time.Duration
	begun    bool
	early    bool // pictures before that have been told of
	ended    bool
	err      error // of r
	out      []item
	taken    int

	// Where to begin: keyframes are counted out, then the gate is open.
	gate *gate
	from time.Duration // decode time of the first packet
}

// newVideo reads up to the first picture with a parameter set.
func newVideo(r io.Reader) (*video, error) {
	v := &video{r: r, buf: make([]byte, readSize)}
	read := 0
	for len(v.order.waiting) == 0 && !v.ended && read < maxProbe {
		read += v.read()
	}
	if v.err != nil {
		return nil, v.err
	}
	if len(v.order.waiting) == 0 {
		v.close()
		return nil, fmt.Errorf("no picture with a sequence parameter set in the first %d bytes: is it H.264 in Annex B framing?", read)
	}
	v.sps = v.order.waiting[0].SPS
	return v, nil
}

// learn reads on until the delay is known, and fixes it.
func (v *video) learn() error {
	held := 0
	if _, declared := v.sps.ReorderDepth(); !declared {
		for !v.ended && len(v.order.waiting) < probePictures && held < probeBytes {
			held += v.read()
		}
	}
	if v.ended {
		v.order.flush()
	}
	v.first = v.order.depth
	return v.err
}

// delay is the time from decode to presentation of a picture that stays in its
// place.
func (v *video) delay() time.Duration { return v.rate.time(v.first) }

func (v *video) track() media.Track {
	return media.Track{
		Codec: media.CodecH264, Framing: media.FramingAnnexB,
		Width: v.sps.Width, Height: v.sps.Height, FrameRate: v.rate.float(),
	}
}

// read takes in the next bytes and cuts the access units out.
func (v *video) read() int {
	n, err := v.r.Read(v.buf)
	v.splitter.Write(v.buf[:n])
	if err != nil {
		v.splitter.Flush()
		v.ended = true
		if !errors.Is(err, io.EOF) {
			v.err = fmt.Errorf("reading: %w", err)
		}
	}
	for {
		au, ok := v.splitter.Next()
		if !ok {
			break
		}
		v.report(au.Offset, au.Skipped)
		if !au.Known && !v.begun {
			if !v.early { // once: there may be a million of five bytes
				v.early = true
				v.damage(au.Offset, "pictures before the first parameter sets")
			}
			au.Release()
			continue
		}
		v.begun = true
		v.order.push(au)
	}
	if v.ended {
		v.report(v.splitter.Offset(), v.splitter.Skipped())
		v.order.flush()
	}
	return n
}

// report tells of n bytes before the place end that belong to no access unit.
func (v *video) report(end, n int64) {
	if n > 0 {
		v.damage(end-n, fmt.Sprintf("%d bytes belong to no access unit", n))
	}
}

func (v *video) damage(at int64, reason string) {
	v.out = append(v.out, item{damage: &media.DamageError{Offset: at, Time: v.last, Reason: reason}})
}

// fill reads until there is an item, or the end.
func (v *video) fill() bool {
	for v.taken == len(v.out) {
		v.out, v.taken = v.out[:0], 0
		for v.order.ready() {
			v.emit(v.order.pop())
		}
		if len(v.out) > 0 {
			return true
		}
		if v.ended {
			return false
		}
		v.read()
	}
	return true
}

// emit gives a picture its times. Should the stream reorder more than it said,
// decode times stand still for as long as it takes.
func (v *video) emit(p picture) {
	pts := v.rate.time(p.rank + v.first)
	dts := v.rate.time(max(p.n-(v.order.depth-v.first), 0))
	dts = max(min(dts, pts), v.last)
	pts = max(pts, dts)
	v.last = dts
	pk := media.Packet{DTS: dts, PTS: pts, Keyframe: p.Keyframe, Data: p.B, Owner: p.Buffer}
	if v.gate != nil && !v.gate.pass(&pk) {
		pk.Release()
		return
	}
	v.out = append(v.out, item{packet: pk})
}

func (v *video) peek() (time.Duration, bool) {
	if !v.fill() {
		return 0, false
	}
	return v.out[v.taken].packet.DTS, true // 0 for reports: at once
}

func (v *video) next() (media.Packet, error) {
	it := v.out[v.taken]
	v.out[v.taken] = item{}
	v.taken++
	if it.damage != nil {
		return media.Packet{}, it.damage
	}
	return it.packet, nil
}

func (v *video) failed() error { return v.err }

func (v *video) close() {
	for _, it := range v.out[v.taken:] {
		it.packet.Release()
	}
	v.order.clear()
	v.out, v.taken, v.ended = nil, 0, true
}
