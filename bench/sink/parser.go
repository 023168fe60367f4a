package sink

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The types of messages that the sink looks at.
const (
	typeSetChunkSize = 1
	typeWindowAck    = 5
	typeAudio        = 8
	typeVideo        = 9
	typeCommand      = 20
)

const (
	// keptOfMedia is how much of a media message is looked at, keptOfCommand of
	// any other: the rest is counted and forgotten.
	keptOfMedia   = 32
	keptOfCommand = 4096
	// lastCSID is the last chunk stream ID that fits a basic header of one byte;
	// no publisher uses another.
	lastCSID = 63
)

var errBasicHeader = errors.New("a basic header of several bytes, which no publisher needs")

// chunkStream is what a chunk stream's last header has left behind, and the message
// that is under way.
type chunkStream struct {
	kind     uint8
	length   int
	extended bool
	left     int // of the message
	head     []byte
	keep     int
}

// parser walks over the chunks of one publisher, and keeps nothing of payloads but
// their beginnings.
type parser struct {
	chunkSize int
	streams   [lastCSID + 1]chunkStream
	header    [16]byte
	have      int
	current   *chunkStream
	room      int // left of the chunk
	chunks    int
	done      func(*chunkStream) error
}

func newParser(done func(*chunkStream) error) *parser { return &parser{chunkSize: 128, done: done} }

// feed walks over what has come.
func (p *parser) feed(b []byte) error {
	for len(b) > 0 {
		s := p.current
		if s == nil {
			n, err := p.readHeader(b)
			if err != nil {
				return err
			}
			b = b[n:]
			continue
		}
		n := min(len(b), p.room)
		if free := s.keep - len(s.head); free > 0 {
			s.head = append(s.head, b[:min(n, free)]...)
		}
		b = b[n:]
		p.room -= n
		s.left -= n
		if p.room > 0 {
			continue
		}
		p.current = nil
		if s.left == 0 {
			if err := p.done(s); err != nil {
				return err
			}
			s.head = s.head[:0]
		}
	}
	return nil
}

// readHeader takes the bytes of a chunk header, which may come in pieces, and
// tells how many.
func (p *parser) readHeader(b []byte) (n int, err error) {
	for n < len(b) {
		p.header[p.have] = b[n]
		p.have++
		n++
		csid := p.header[0] & 0x3f
		if csid < 2 {
			return n, errBasicHeader
		}
		s := &p.streams[csid]
		if p.have < p.headerSize(s) {
			continue
		}
		p.have = 0
		p.chunks++
		return n, p.begin(s)
	}
	return n, nil
}

// headerSize is how long the header is, as far as its bytes tell by now.
func (p *parser) headerSize(s *chunkStream) int {
	format := p.header[0] >> 6
	size := 1 + [4]int{11, 7, 3, 0}[format]
	extended := s.extended
	if format < 3 {
		extended = p.have >= 4 && p.header[1]&p.header[2]&p.header[3] == 0xff
	}
	if extended {
		size += 4
	}
	return size
}

// begin starts a chunk, and a message where none is under way.
func (p *parser) begin(s *chunkStream) error {
	format := p.header[0] >> 6
	if format < 3 {
		s.extended = p.header[1]&p.header[2]&p.header[3] == 0xff
	}
	if format < 2 {
		s.length = int(binary.BigEndian.Uint32(p.header[3:]) & 0xffffff)
		s.kind = p.header[7]
	}
	if s.left == 0 {
		s.left = s.length
		s.keep = keptOfCommand
		if s.kind == typeAudio || s.kind == typeVideo {
			s.keep = keptOfMedia
		}
		if s.length == 0 {
			return p.done(s)
		}
	}
	p.current, p.room = s, min(s.left, p.chunkSize)
	return nil
}

// number reads the 32 bits of a control message.
func (s *chunkStream) number() (int, error) {
	if len(s.head) < 4 {
		return 0, fmt.Errorf("a control message of %d bytes", len(s.head))
	}
	return int(binary.BigEndian.Uint32(s.head) &^ (1 << 31)), nil
}
