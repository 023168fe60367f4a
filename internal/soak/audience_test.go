package soak

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"sync"

	"rtmpwriter/rtmp/rtmptest"
)

const (
	videoStep, audioStep = 40, 20 // ms
	group                = 50     // pictures between keyframes
)

// audience is what sits behind a server: it looks at every frame that arrives, and
// remembers which.
type audience struct {
	mu       sync.Mutex
	seen     map[uint8][]uint64 // a bit a frame, by the type of message
	count    map[uint8]int
	twice    int
	sessions int
	expect   map[*rtmptest.Session]int // the picture that comes next; -1: a keyframe
	faults   []string
	payload  int // of a picture
}

func newAudience(frames, payload int) *audience {
	room := func() []uint64 { return make([]uint64, frames/64+1) }
	return &audience{
		seen: map[uint8][]uint64{8: room(), 9: room()}, count: map[uint8]int{},
		expect: map[*rtmptest.Session]int{}, payload: payload,
	}
}

// script is the audience's server.
func (a *audience) script(ackEvery int) rtmptest.Script {
	answer := rtmptest.Default()
	return rtmptest.Script{
		Forget: true, AckEvery: ackEvery, Message: a.look,
		On: map[string]rtmptest.Handler{
			"publish": func(s *rtmptest.Session, m rtmptest.Message) {
				a.mu.Lock()
				a.expect[s] = -1
				a.sessions++
				a.mu.Unlock()
				answer(s, m)
			},
			"end": func(s *rtmptest.Session, _ rtmptest.Message) {
				a.mu.Lock()
				delete(a.expect, s)
				a.mu.Unlock()
			},
		},
	}
}

// look takes a message: its frame must be whole, at its time, and decodable.
func (a *audience) look(s *rtmptest.Session, m rtmptest.Message) {
	if m.Type != 8 && m.Type != 9 || m.Body[1] == 0 {
		return // metadata and headers
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	step, want := uint32(audioStep), sound
	if m.Type == 9 {
		step, want = videoStep, func(n int) []byte { return picture(n, a.payload) }
	}
	n := int(m.Timestamp / step)
	if m.Timestamp%step != 0 || n/64 >= len(a.seen[m.Type]) || !bytes.HasSuffix(m.Body, want(n)) {
		a.fault("type %d at %d ms: not the frame that was sent", m.Type, m.Timestamp)
		return
	}
	if m.Type == 9 {
		if next := a.expect[s]; next < 0 && n%group != 0 || next >= 0 && n != next && n%group != 0 {
			a.fault("picture %d where %d was due: it cannot be decoded", n, next)
		}
		a.expect[s] = n + 1
	}
	bit := uint64(1) << (n % 64)
	if a.seen[m.Type][n/64]&bit != 0 {
		a.twice++
		return
	}
	a.seen[m.Type][n/64] |= bit
	a.count[m.Type]++
}

// fault notes what must not be; the first few say enough.
func (a *audience) fault(format string, args ...any) {
	if len(a.faults) < 10 {
		a.faults = append(a.faults, fmt.Sprintf(format, args...))
	}
}

// missing lists the frames of n that never came, the first few.
func (a *audience) missing(kind uint8, n int) (list []int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := range n {
		if a.seen[kind][i/64]&(1<<(i%64)) == 0 && len(list) < 20 {
			list = append(list, i)
		}
	}
	return list
}

// picture is the NAL unit of picture n.
func picture(n, size int) []byte {
	b := append([]byte{0x41, 0x9a}, bytes.Repeat([]byte{0xaa}, size)...)
	if n%group == 0 {
		b[0], b[1] = 0x65, 0x88
	}
	return append(number(b, n), 0x80)
}

func sound(n int) []byte { return number([]byte{0x21}, n) }

// number writes n in bytes that are never zero: no start code comes of them.
func number(b []byte, n int) []byte {
	for shift := 24; shift >= 0; shift -= 4 {
		b = append(b, 0x10|byte(n>>shift)&0xf)
	}
	return binary.BigEndian.AppendUint32(b, 0xabcdef01)
}
