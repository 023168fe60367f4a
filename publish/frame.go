package publish

import (
	"encoding/binary"
	"time"

	"rtmpwriter/media"
)

// frame is one packet on its way: cut into the slices that its RTMP message
// will be made of. Frames are recycled, with the room of their slices.
type frame struct {
	track    int
	dts, pts time.Duration
	keyframe bool
	// corrected tells that pts is not the packet's own, reordered that the
	// picture should be shown before one that came earlier and is not, because
	// B frames are not allowed; both only of tracks whose times are estimated.
	corrected, reordered bool
	// config is what the track's sequence header must say for this frame.
	config *trackConfig
	// payload is the message's body after the FLV tag header. The slices alias
	// the packet's data and prefixes.
	payload [][]byte
	size    int // bytes of payload
	// nals and prefixes are room for cutting the next packet.
	nals     [][]byte
	prefixes []byte
	owner    media.Releaser
	// written is when Write was called.
	written time.Time
}

// addNALs makes the payload of NAL units: a 4-byte length before each one. The
// units are not copied.
func (f *frame) addNALs() {
	need := 4 * len(f.nals)
	if cap(f.prefixes) < need {
		f.prefixes = make([]byte, 0, 2*need)
	}
	f.prefixes = f.prefixes[:0]
	for _, nal := range f.nals {
		at := len(f.prefixes)
		f.prefixes = binary.BigEndian.AppendUint32(f.prefixes, uint32(len(nal)))
		f.add(f.prefixes[at : at+4 : at+4])
		f.add(nal)
	}
}

func (f *frame) add(b []byte) {
	f.payload = append(f.payload, b)
	f.size += len(b)
}

// reset gives the packet back and makes the frame ready for its next use.
func (f *frame) reset() {
	if f.owner != nil {
		f.owner.Release()
	}
	clear(f.payload)
	clear(f.nals)
	*f = frame{payload: f.payload[:0], nals: f.nals[:0], prefixes: f.prefixes[:0]}
}

// framePool is a free list rather than a sync.Pool, so that a stream in its
// steady state allocates nothing whatever the garbage collector does. The
// queue's lock guards it.
type framePool struct{ free []*frame }

// maxFreeFrames bounds the idle frames of one publisher: a second of video
// with its audio.
const maxFreeFrames = 128

func (p *framePool) get() *frame {
	n := len(p.free)
	if n == 0 {
		return &frame{written: time.Now()}
	}
	f := p.free[n-1]
	p.free = p.free[:n-1]
	f.written = time.Now()
	return f
}

func (p *framePool) put(f *frame) {
	if len(p.free) < maxFreeFrames {
		p.free = append(p.free, f)
	}
}
