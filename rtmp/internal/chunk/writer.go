package chunk

import "fmt"

// writerCSIDs bounds the chunk streams of a Writer: 2 to 7.
const writerCSIDs = 8

// MaxHead is the longest head of a message that Writer.Append takes.
const MaxHead = 64

// Writer turns messages into a vector of slices for one vectored write: chunk
// headers of its own between the payload slices of the caller. In the steady
// state it allocates nothing. It is used by one goroutine at a time.
type Writer struct {
	size    int
	streams [writerCSIDs]writeState
	vector  [][]byte
	headers arena
	pending int
}

// writeState is what the last message of a chunk stream left behind.
type writeState struct {
	used   bool
	header Header
	length int
}

// NewWriter returns a Writer that cuts at DefaultSize.
func NewWriter() *Writer { return &Writer{size: DefaultSize} }

// SetSize sets the chunk size of the messages that follow. The peer must have
// been told with Set Chunk Size.
func (w *Writer) SetSize(n int) { w.size = n }

// Append adds a message whose body is head, which is copied, and the payload
// slices, which are not: they must stay as they are until Reset.
func (w *Writer) Append(h Header, head []byte, payload [][]byte) error {
	length := len(head)
	for _, p := range payload {
		length += len(p)
	}
	if err := checkLength(length); err != nil {
		return err
	}
	if h.CSID < minCSID || h.CSID >= writerCSIDs {
		return fmt.Errorf("chunk stream %d: must be %d to %d", h.CSID, minCSID, writerCSIDs-1)
	}
	if len(head) > min(w.size, MaxHead) {
		return fmt.Errorf("message head of %d bytes: at most %d fit", len(head), min(w.size, MaxHead))
	}

	format, time := w.streams[h.CSID].next(h, length)
	first := w.headers.take(2*maxHeader + MaxHead)
	first = append(appendHeader(first, format, h, time, length), head...)
	whole := appendContinuation(first, h.CSID, time)
	first, further := whole[:len(first):len(first)], whole[len(first):]
	w.headers.keep(len(whole))

	w.vector = append(w.vector, first)
	w.pending += length + len(first) - len(head)
	w.cut(payload, w.size-len(head), further)
	return nil
}

// cut adds the payload with the header of further chunks wherever one is full.
// All further chunks of a message have the same header, so it is made once.
func (w *Writer) cut(payload [][]byte, room int, further []byte) {
	for _, p := range payload {
		for len(p) > 0 {
			if room == 0 {
				w.vector = append(w.vector, further)
				w.pending += len(further)
				room = w.size
			}
			n := min(room, len(p))
			w.vector = append(w.vector, p[:n])
			p, room = p[n:], room-n
		}
	}
}

// next picks the format of a message's first chunk and its time field, and
// remembers the message.
//
// Never type 3: what its delta is after a type 0 is a known trap (section
// 5.3.1.2.4). Type 0 at the start and when the message stream changes, as the
// specification demands, and when the step does not fit the 24 bits of a delta.
// Those are the steps backwards by the serial rule of RFC 1982 (a step over the
// wrap of the 32 bits goes forward), and forward ones of hours: an extended
// delta is legal there, but some servers take it for an absolute time.
func (s *writeState) next(h Header, length int) (format uint8, time uint32) {
	last := *s
	*s = writeState{used: true, header: h, length: length}
	delta := h.Timestamp - last.header.Timestamp
	switch {
	case !last.used, h.StreamID != last.header.StreamID, delta >= extended:
		return 0, h.Timestamp
	case h.Type != last.header.Type, length != last.length:
		return 1, delta
	default:
		return 2, delta
	}
}

// Pending is the number of bytes in Vector.
func (w *Writer) Pending() int { return w.pending }

// Vector returns what was appended since Reset. Whoever writes it may consume
// the slice; it is valid until the next Append or Reset.
func (w *Writer) Vector() [][]byte { return w.vector }

// Reset forgets what Vector returned, not the state of the chunk streams.
func (w *Writer) Reset() {
	clear(w.vector) // let go of the payloads
	w.vector, w.pending = w.vector[:0], 0
	w.headers.reset()
}
