package tsin

import (
	"errors"
	"fmt"
	"io"
)

const (
	// packetSize is the size of a transport packet, syncByte its first byte
	// (ISO/IEC 13818-1, 2.4.3.2).
	packetSize = 188
	syncByte   = 0x47
	// bufferSize is how much is read at once.
	bufferSize = 64 << 10
	// maxLeading bounds the search for the first packets: what has none in
	// its first 64 KiB is no transport stream.
	maxLeading = bufferSize - syncRun*maxStride
	// syncRun is how many sync bytes in a row prove the packets.
	syncRun   = 4
	maxStride = 204
)

// errNotTS tells that no packets were found.
var errNotTS = errors.New("no MPEG-TS packets in the first 64 KiB")

// layout is how packets lie in the stream: lead bytes before each sync byte,
// stride bytes from one to the next.
type layout struct{ lead, stride int }

// layouts are plain packets, packets behind 4 bytes of time stamp (M2TS), and
// packets with 16 bytes of parity behind them.
var layouts = [...]layout{{0, packetSize}, {4, 192}, {0, maxStride}}

// framer cuts a byte stream into transport packets and finds them again after
// damage. It never waits for more bytes than it needs to tell a packet.
type framer struct {
	r   io.Reader
	buf []byte
	pos int
	end int
	at  int64 // place of buf[0] in the stream
	err error // of r
	layout
	phase int64 // place of the first packet, modulo the stride
	// patient makes every packet wait for the sync byte behind it. In a pipe
	// that could take until the next picture.
	patient bool
	// skipped bytes since takeSkipped, from place skippedAt on.
	skipped, skippedAt int64
}

func newFramer(r io.Reader) *framer {
	return &framer{r: r, buf: make([]byte, bufferSize)}
}

// offset is the place of the next unread byte.
func (f *framer) offset() int64 { return f.at + int64(f.pos) }

// reset starts again behind a seek to the place at.
func (f *framer) reset(at int64) {
	f.pos, f.end, f.at, f.err, f.skipped = 0, 0, at, nil, 0
}

// align is the last place at or before at where a packet begins, if nothing is
// missing before it.
func (f *framer) align(at int64) int64 {
	stride := int64(f.stride)
	return max(at-((at-f.phase)%stride+stride)%stride, 0)
}

// fill reads until n bytes are there. It tells false at the end.
func (f *framer) fill(n int) bool {
	if f.end-f.pos < n && f.pos > 0 {
		f.at += int64(f.pos)
		f.end = copy(f.buf, f.buf[f.pos:f.end])
		f.pos = 0
	}
	for empty := 0; f.end-f.pos < n && f.err == nil; {
		var k int
		k, f.err = f.r.Read(f.buf[f.end:])
		f.end += k
		if k > 0 {
			empty = 0
		} else if empty++; empty > 100 { // as bufio does
			f.err = io.ErrNoProgress
		}
	}
	return f.end-f.pos >= n
}

// detect finds the first packets and their layout.
func (f *framer) detect() error {
	for skip := 0; skip <= maxLeading; skip++ {
		if !f.fill(skip+packetSize) && f.err != io.EOF {
			return fmt.Errorf("reading MPEG-TS: %w", f.err)
		}
		for _, l := range layouts {
			if f.isRun(f.pos+skip, l, syncRun) {
				f.layout = l
				f.skip(skip)
				f.phase = f.offset() % int64(l.stride)
				return nil
			}
		}
		if f.pos+skip >= f.end {
			break
		}
	}
	return errNotTS
}

// isRun tells whether n sync bytes stand one stride apart. At the end of the
// stream there may be fewer packets, but one must be whole.
func (f *framer) isRun(from int, l layout, n int) bool {
	base := from - f.pos
	if !f.fill(base + l.lead + packetSize) {
		return false
	}
	for i := range n {
		need := base + i*l.stride + l.lead + 1
		if !f.fill(need) {
			return f.err == io.EOF
		}
		if f.buf[f.pos+need-1] != syncByte {
			return false
		}
	}
	return true
}

// next returns the next packet, valid until the call after, and its place. At
// the end, io.ErrUnexpectedEOF comes with what there is of a last packet that
// is cut short.
func (f *framer) next() (packet []byte, at int64, err error) {
	for {
		want := f.stride // behind the last packet, parity may be missing
		if f.patient {
			want += f.lead + 1
		}
		f.fill(want)
		if f.end-f.pos < f.lead+packetSize {
			return f.rest(f.err)
		}
		if f.buf[f.pos+f.lead] == syncByte && !f.isOff() {
			break
		}
		if err := f.resync(); err != nil {
			return f.rest(err)
		}
	}
	at = f.offset() + int64(f.lead)
	packet = f.buf[f.pos+f.lead:][:packetSize]
	f.pos = min(f.pos+f.stride, f.end)
	return packet, at, nil
}

// isOff tells that no packet follows the one in front, as far as has been read:
// bytes of it are missing then, or it is none.
func (f *framer) isOff() bool {
	next := f.pos + f.stride + f.lead
	return next < f.end && f.buf[next] != syncByte
}

// rest is a last packet that is cut short, if there is one.
func (f *framer) rest(err error) ([]byte, int64, error) {
	at, left := f.offset()+int64(f.lead), f.buf[f.pos:f.end]
	f.pos = f.end
	if err == io.EOF && len(left) > f.lead && left[f.lead] == syncByte {
		return left[f.lead:], at, io.ErrUnexpectedEOF
	}
	return nil, at, err
}

// resync skips to the next place where packets follow each other.
func (f *framer) resync() error {
	for {
		if !f.fill(f.lead + packetSize) {
			return f.err
		}
		if f.isRun(f.pos, f.layout, syncRun-1) {
			return nil
		}
		f.skip(1)
	}
}

func (f *framer) skip(n int) {
	if n > 0 && f.skipped == 0 {
		f.skippedAt = f.offset()
	}
	f.skipped += int64(n)
	f.pos += n
}

// takeSkipped tells and forgets the bytes passed over since the last call.
func (f *framer) takeSkipped() (at, n int64) {
	at, n = f.skippedAt, f.skipped
	f.skipped = 0
	return at, n
}
