package tsin

import "bytes"

// Sizes of a PES header (2.4.3.6): up to its length field, up to its optional
// fields, and the longest.
const (
	pesPrefix  = 6
	pesFixed   = 9
	pesLongest = pesFixed + 255
)

// stamp is what a PES header tells of time: 33-bit counts of 90 kHz.
type stamp struct {
	known    bool
	pts, dts int64
	// jump tells that the packet announced a new time base.
	jump bool
}

// sink takes the payload of one elementary stream.
type sink interface {
	// begin tells that a PES packet begins with the next byte.
	begin(stamp)
	body([]byte)
	// lost tells that bytes are missing: the unit in work is incomplete.
	lost()
	// end tells that the unit in work is whole and the last one.
	end()
}

// pesState is what the reader expects.
type pesState uint8

const (
	pesIdle   pesState = iota // the next PES packet
	pesHeader                 // more of its header
	pesBody
)

// pesReader puts the packets of one PID together. What they carry is handed on
// at once, not when the PES packet is complete: those of video may have no
// length and end only where the next one begins.
type pesReader struct {
	pid  uint16
	sink sink

	counter int    // continuity counter expected, -1 for any
	last    []byte // payload before, to know repetitions
	state   pesState
	head    []byte
	bounded bool // the PES packet tells its length
	left    int  // bytes still to come of it
	padded  bool // the packet before was filled up
	// scrambled is set by a PES packet that is.
	scrambled bool
	jump      bool
}

func newPESReader(pid uint16, s sink) *pesReader {
	return &pesReader{pid: pid, sink: s, counter: -1}
}

// push takes a packet of the PID. It returns what is wrong, if anything.
func (r *pesReader) push(p packet) (damage string) {
	if p.failed || len(p.payload) == 0 {
		return "" // a failed packet shows as a gap at the next one
	}
	r.jump = r.jump || p.discontinuity
	if r.counter >= 0 && int(p.counter) != r.counter {
		if int(p.counter) == (r.counter+15)&15 && bytes.Equal(p.payload, r.last) {
			return "" // sent twice (2.4.3.3)
		}
		if !p.discontinuity {
			damage = "packets are missing"
		}
		if r.isWhole() {
			r.sink.end()
			r.state = pesIdle
		} else {
			r.lose()
		}
	}
	r.padded = p.padded
	r.counter = int(p.counter+1) & 15
	r.last = append(r.last[:0], p.payload...)
	if p.start {
		if short := r.cut(); damage == "" {
			damage = short
		}
		r.state, r.head = pesHeader, r.head[:0]
	}
	if bad := r.take(p.payload); damage == "" {
		damage = bad
	}
	return damage
}

// isWhole tells that nothing is missing of the PES packet in work: its length
// is reached or, where it tells none, its last packet was filled up.
func (r *pesReader) isWhole() bool {
	return r.state == pesBody && r.left == 0 && (r.bounded || r.padded)
}

// lose drops what is incomplete and waits for the next PES packet, whose time
// is known.
func (r *pesReader) lose() {
	if r.state != pesIdle {
		r.sink.lost()
	}
	r.state, r.left = pesIdle, 0
}

// cut ends the PES packet in work and tells whether bytes of it are missing.
func (r *pesReader) cut() (damage string) {
	if r.state == pesHeader || r.left > 0 {
		r.lose()
		return "a PES packet is shorter than its length"
	}
	r.state = pesIdle
	return ""
}

func (r *pesReader) take(b []byte) (damage string) {
	if r.state == pesHeader {
		n := min(len(b), pesLongest-len(r.head))
		r.head = append(r.head, b[:n]...)
		size, ok := headerSize(r.head)
		if !ok {
			r.lose()
			return "no PES header where one is announced"
		}
		if len(r.head) < size {
			return ""
		}
		b = b[n-(len(r.head)-size):]
		r.head = r.head[:size]
		r.open()
	}
	if r.state == pesBody {
		// More than the length tells is taken too: some muxers let the
		// 16 bits overflow.
		r.left = max(r.left-len(b), 0)
		r.sink.body(b)
	}
	return ""
}

// headerSize is the size of a PES header of which b is the beginning; ok is
// false when it is none of an elementary stream with timestamps.
func headerSize(b []byte) (size int, ok bool) {
	startCode := []byte{0, 0, 1}
	if n := min(len(b), 3); !bytes.Equal(b[:n], startCode[:n]) {
		return 0, false
	}
	if len(b) < pesFixed {
		return pesFixed, true
	}
	return pesFixed + int(b[8]), b[6]&0xc0 == 0x80
}

// open reads the gathered header.
func (r *pesReader) open() {
	h := r.head
	r.scrambled = h[6]&0x30 != 0
	length := int(h[4])<<8 | int(h[5])
	r.bounded = length > 0
	r.left = 0
	if r.bounded {
		r.left = max(length+pesPrefix-len(h), 0)
	}
	s, _ := headerStamp(h)
	s.jump, r.jump = r.jump, false
	r.state = pesBody
	r.sink.begin(s)
}

// headerStamp reads the timestamps of a whole PES header.
func headerStamp(h []byte) (s stamp, ok bool) {
	if h[7]&0x80 == 0 || len(h) < pesFixed+5 {
		return stamp{}, false
	}
	s.known, s.pts = true, readStamp(h[9:])
	s.dts = s.pts
	if h[7]&0x40 != 0 && len(h) >= pesFixed+10 {
		s.dts = readStamp(h[14:])
	}
	return s, true
}

// readStamp reads the 33 bits of a timestamp, which marker bits cut in three.
func readStamp(b []byte) int64 {
	return int64(b[0]>>1&7)<<30 | int64(b[1])<<22 | int64(b[2]>>1)<<15 | int64(b[3])<<7 | int64(b[4]>>1)
}

// finish ends the stream. It tells whether the last unit is cut short.
func (r *pesReader) finish() (damage string) {
	if damage = r.cut(); damage == "" {
		r.sink.end()
	}
	return damage
}
