package chunk

import (
	"encoding/binary"
	"io"
)

// begin reads a chunk header and brings its chunk stream up to date. An end
// before the first byte is io.EOF.
func (r *Reader) begin() (*readState, error) {
	b, err := r.r.ReadByte()
	if err != nil {
		return nil, err
	}
	csid, err := r.csid(b & 0x3f)
	if err != nil {
		return nil, unexpected(err)
	}
	s, err := r.stream(csid, b>>6)
	if err != nil {
		return nil, err
	}
	if err := r.messageHeader(s, b>>6); err != nil {
		return nil, unexpected(err)
	}
	if s.length > r.limits.MessageSize {
		return nil, malformed("message of type %d with %d bytes, more than %d", s.header.Type, s.length, r.limits.MessageSize)
	}
	s.open = true
	return s, nil
}

// csid reads the longer forms of the chunk stream ID (section 5.3.1.1).
func (r *Reader) csid(low byte) (uint32, error) {
	if low >= minCSID {
		return uint32(low), nil
	}
	r.scratch[1] = 0
	b := r.scratch[:2]
	if _, err := io.ReadFull(r.r, b[:1+low]); err != nil {
		return 0, err
	}
	return 64 + uint32(b[0]) + uint32(b[1])<<8, nil
}

// stream finds the state of a chunk stream, and checks that the chunk may come
// now. A new stream begins with type 0; type 1 is let pass, since old servers
// begin their user control messages with it and mean message stream 0.
func (r *Reader) stream(csid uint32, format uint8) (*readState, error) {
	s := r.streams[csid]
	switch {
	case s == nil && format > 1:
		return nil, malformed("chunk stream %d begins with a chunk of type %d", csid, format)
	case s == nil && len(r.streams) >= r.limits.Streams:
		return nil, malformed("more than %d chunk streams", r.limits.Streams)
	case s == nil:
		s = &readState{header: Header{CSID: csid}}
		r.streams[csid] = s
	case s.open && format < 3:
		return nil, malformed("chunk stream %d begins a message within another", csid)
	}
	return s, nil
}

// messageHeader reads the message header and the extended time (sections
// 5.3.1.2 and 5.3.1.3).
func (r *Reader) messageHeader(s *readState, format uint8) error {
	if format == 3 {
		return r.repeat(s)
	}
	sizes := [3]int{11, 7, 3}
	b := r.scratch[:sizes[format]]
	if _, err := io.ReadFull(r.r, b); err != nil {
		return err
	}
	time := uint24(b)
	if format < 2 {
		s.length, s.header.Type = int(uint24(b[3:])), b[6]
	}
	if format == 0 {
		s.header.StreamID = binary.LittleEndian.Uint32(b[7:])
		s.header.Timestamp = 0
	}
	if s.extended = time == extended; s.extended {
		var err error
		if time, err = r.uint32(); err != nil {
			return err
		}
	}
	s.delta = time // of type 0 as well: a type 3 that begins a message adds it
	s.header.Timestamp += time
	return nil
}

// repeat handles type 3: more of a message, or a new one like the last.
func (r *Reader) repeat(s *readState) error {
	if !s.open {
		s.header.Timestamp += s.delta
	}
	if !s.extended {
		return nil
	}
	_, err := r.uint32()
	return err
}

func (r *Reader) uint32() (uint32, error) {
	b := r.scratch[:4]
	_, err := io.ReadFull(r.r, b)
	return binary.BigEndian.Uint32(b), err
}

func uint24(b []byte) uint32 { return uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2]) }
