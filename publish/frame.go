package publish

import (
	"encoding/binary"
	"time"

	"rtmpwriter/media"
	"rtmpwriter/publish/internal/spool"
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
	// disposable tells that no other picture refers to this one.
	disposable bool
	// settled tells that the track has counted it as out; end is how many bytes
	// its session had sent with it (or its batch, until that is on the socket), and
	// again that an earlier one had sent it.
	settled, again bool
	end            uint64
	// before and after are the data messages that went out beside it, where what
	// was sent may be sent again.
	before, after [][]byte
	// disk is what the spooler has to do with the frame, place where its payload
	// lies then.
	disk  diskState
	place spool.Place
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
	if f.disk == diskThere {
		f.place.Free()
	}
	clear(f.payload)
	clear(f.nals)
	*f = frame{payload: f.payload[:0], nals: f.nals[:0], prefixes: f.prefixes[:0]}
}

// unload forgets the payload, which lies elsewhere, and returns whose it was.
func (f *frame) unload() (owner media.Releaser) {
	owner = f.owner
	f.owner, f.payload, f.nals, f.prefixes = nil, nil, nil, nil
	return owner
}

// load reads the payload back. In an outage's backlog a buffer a frame is no
// matter.
func (f *frame) load() error {
	payload := make([]byte, f.size)
	if err := f.place.Read(payload); err != nil {
		return err
	}
	f.place.Free()
	f.disk, f.place, f.payload = diskNone, spool.Place{}, [][]byte{payload}
	return nil
}

// framePool is a free list rather than a sync.Pool, so that a stream in its
// steady state allocates nothing whatever the garbage collector does. The
// queue's lock guards it.
type framePool struct{ free []*frame }

// maxFreeFrames bounds the idle frames of one publisher: two groups of pictures of
// five seconds with their audio, which come back together from what is held for an
// outage.
const maxFreeFrames = 1024

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
