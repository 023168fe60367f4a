package chunk

import (
	"bufio"
	"errors"
	"io"
	"slices"
)

const (
	// readPiece is how much memory a message gets ahead of its bytes, so that
	// an announced length alone costs nothing.
	readPiece = 4096
	// keepBody is the largest body whose memory a chunk stream keeps.
	keepBody = 4096
)

// Message is a whole message.
type Message struct {
	Header
	Body []byte
}

// Reader joins the messages of a chunk stream. It obeys Set Chunk Size and
// Abort by itself, and returns them too.
type Reader struct {
	r        *bufio.Reader
	limits   Limits
	size     int
	streams  map[uint32]*readState
	buffered int      // bytes of unfinished messages
	scratch  [11]byte // a message header while it is read
}

// readState is one chunk stream's memory.
type readState struct {
	header   Header
	length   int
	delta    uint32
	extended bool
	open     bool // a message is unfinished
	body     []byte
}

// NewReader returns a Reader with chunks of DefaultSize.
func NewReader(r *bufio.Reader, limits Limits) *Reader {
	return &Reader{r: r, limits: limits, size: DefaultSize, streams: make(map[uint32]*readState)}
}

// Next returns the next whole message; its body is valid until Next is called
// again. At the end of the stream the error is io.EOF, within a message
// io.ErrUnexpectedEOF. A peer that breaks the protocol or a limit gives a
// *FormatError, after which the stream can't be read on.
func (r *Reader) Next() (Message, error) {
	for {
		m, whole, err := r.chunk()
		if err != nil {
			return Message{}, err
		}
		if whole {
			return m, r.applyControl(m)
		}
	}
}

// chunk reads one chunk, and tells whether it completed a message.
func (r *Reader) chunk() (m Message, whole bool, err error) {
	s, err := r.begin()
	if err != nil {
		if errors.Is(err, io.EOF) && r.buffered > 0 {
			err = io.ErrUnexpectedEOF
		}
		return m, false, err
	}
	if err := r.fill(s); err != nil {
		return m, false, unexpected(err)
	}
	if len(s.body) < s.length {
		return m, false, nil
	}
	m = Message{s.header, s.body}
	r.buffered -= len(s.body)
	s.open = false
	if s.body = s.body[:0]; cap(s.body) > keepBody {
		s.body = nil
	}
	return m, true, nil
}

// fill reads the bytes of one chunk.
func (r *Reader) fill(s *readState) error {
	for left := min(s.length-len(s.body), r.size); left > 0; {
		n := min(left, readPiece)
		if r.buffered+n > r.limits.Buffered {
			return malformed("more than %d bytes of unfinished messages", r.limits.Buffered)
		}
		at := len(s.body)
		s.body = slices.Grow(s.body, n)[:at+n]
		if _, err := io.ReadFull(r.r, s.body[at:]); err != nil {
			return err
		}
		r.buffered += n
		left -= n
	}
	return nil
}

// unexpected marks an end within a chunk.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
