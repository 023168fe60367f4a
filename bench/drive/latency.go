package drive

import (
	"encoding/binary"
	"math/rand/v2"
	"time"

	"rtmpwriter/bench/film"
	"rtmpwriter/bench/sink"
)

const (
	// pictureSize is the mean of 6 Mbit/s at 30 pictures a second.
	pictureSize = 25_000
	soundSize   = 340
	// settle is how long frames carry no time, while buffers and clocks settle.
	settle = time.Second
	// ring is how many pictures may be on their way.
	ring = 64
)

// sps and pps are of 1920x1080, High, as any x264 writes them.
var (
	sps = []byte{0x67, 0x64, 0x00, 0x28, 0xac, 0xd9, 0x40, 0x78, 0x02, 0x27, 0xe5, 0xc0, 0x44, 0x00, 0x00, 0x03, 0x00, 0x04, 0x00, 0x00, 0x03, 0x00, 0xf0, 0x3c, 0x60, 0xc6, 0x58}
	pps = []byte{0x68, 0xeb, 0xe3, 0xcb, 0x22, 0xc0}
)

// latency sends pictures at 30 a second and sound at 47, each at its own time as an
// encoder does, with the time of the call in each picture.
func (j Job) latency(s Stream) error {
	if err := s.Write(film.Tag{Kind: 9, Body: avcHeader()}); err != nil {
		return err
	}
	if err := s.Write(film.Tag{Kind: 8, Body: []byte{0xaf, 0, 0x11, 0x90}}); err != nil {
		return err
	}
	pictures := make([][]byte, ring)
	for i := range pictures {
		pictures[i] = picture()
	}
	sound := append([]byte{0xaf, 1, 0x21}, make([]byte, soundSize)...)
	begun := time.Now().Add(rand.N(time.Second / 30)) //nolint:gosec // no secret
	for v, a := 0, 0; ; {
		dts, at := time.Duration(v)*time.Second/30, time.Duration(a)*1024*time.Second/48000
		if dts > j.For+settle {
			return nil
		}
		t := film.Tag{Kind: 8, Timestamp: uint32(at.Milliseconds()), Body: sound}
		if dts <= at {
			at = dts
			t = film.Tag{Kind: 9, Timestamp: uint32(dts.Milliseconds()), Body: pictures[v%ring]}
			t.Body[0], t.Body[9] = 0x27, 0x41
			if v%60 == 0 {
				t.Body[0], t.Body[9] = 0x17, 0x65
			}
			v++
		} else {
			a++
		}
		time.Sleep(time.Until(begun.Add(at)))
		if t.Kind == 9 && at > settle {
			sink.Stamp(t.Body)
		}
		if err := s.Write(t); err != nil {
			return err
		}
	}
}

// picture is a tag body of one slice.
func picture() []byte {
	b := append([]byte{0x27, 1, 0, 0, 0}, make([]byte, pictureSize)...)
	for i := range b[5:] {
		b[5+i] = 0x55
	}
	binary.BigEndian.PutUint32(b[5:], pictureSize-4)
	return b
}

// avcHeader is a tag body with an AVCDecoderConfigurationRecord.
func avcHeader() []byte {
	b := append([]byte{0x17, 0, 0, 0, 0, 1}, sps[1:4]...)
	b = append(b, 0xff, 0xe1, 0, byte(len(sps)))
	b = append(append(b, sps...), 1, 0, byte(len(pps)))
	return append(b, pps...)
}
