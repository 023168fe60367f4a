package rawin

import (
	"errors"
	"fmt"
	"io"
	"time"

	"rtmpwriter/media"
	"rtmpwriter/media/aac"
)

// audio is the ADTS lane.
type audio struct {
	r        io.Reader
	buf      []byte
	splitter aac.Splitter
	track    media.Track
	index    int // of the track
	ended    bool
	err      error // of r
	out      []item
	taken    int

	format aac.Format    // in force
	base   time.Duration // of frame 0 under the config
	frames int64         // since base
	// For guessing how many frames were skipped.
	seen, bytes int64
	last        time.Duration
}

// openAudio reads up to the first frame, which is due at the time delay.
func openAudio(r io.Reader, delay time.Duration) (*audio, error) {
	a := &audio{r: r, buf: make([]byte, readSize), base: delay}
	a.splitter.Strict = true
	read := 0
	for a.format.Record == nil && !a.ended && read < maxProbe {
		read += a.read()
	}
	if a.err != nil {
		return nil, a.err
	}
	if a.format.Record == nil {
		return nil, fmt.Errorf("no AAC frame with an ADTS header in the first %d bytes", read)
	}
	return a, nil
}

// read takes in the next bytes and cuts the frames out.
func (a *audio) read() int {
	n, err := a.r.Read(a.buf)
	a.splitter.Write(a.buf[:n])
	if err != nil {
		a.splitter.Flush()
		a.ended = true
		if !errors.Is(err, io.EOF) {
			a.err = fmt.Errorf("reading: %w", err)
		}
	}
	for {
		u, ok := a.splitter.Next()
		if !ok {
			break
		}
		a.report(u.Offset, u.Skipped)
		a.emit(&u)
	}
	if a.ended {
		a.report(a.splitter.Offset(), a.splitter.Skipped())
	}
	if err := a.splitter.Err(); err != nil && a.err == nil {
		a.ended, a.err = true, &media.UnsupportedError{What: "AAC", Hint: err.Error()}
	}
	return n
}

// report tells of n bytes before the place end that are no frames, and lets
// their time pass.
func (a *audio) report(end, n int64) {
	if n == 0 {
		return
	}
	if a.seen > 0 {
		average := a.bytes / a.seen
		a.frames += (n + average/2) / average
	}
	a.out = append(a.out, item{damage: &media.DamageError{
		Offset: end - n, Time: a.last, Reason: fmt.Sprintf("%d bytes are no whole ADTS frames", n),
	}})
}

func (a *audio) emit(u *aac.Unit) {
	p := media.Packet{Data: u.B, Owner: u.Buffer}
	if u.Changed {
		p.Config = a.reconfigure(u)
	}
	a.seen++
	a.bytes += int64(u.FrameSize)
	a.last = a.base + a.format.Config.FrameDuration(a.frames)
	a.frames++
	p.DTS, p.PTS = a.last, a.last
	a.out = append(a.out, item{packet: p})
}

// reconfigure makes the AudioSpecificConfig of a frame whose header differs
// from those before. The first one is the track's and goes with no packet.
func (a *audio) reconfigure(u *aac.Unit) []byte {
	before := a.format
	if !a.format.Follow(u) {
		return nil
	}
	a.base += before.Config.FrameDuration(a.frames)
	a.frames = 0
	if before.Record == nil {
		a.track = a.format.Track()
		return nil
	}
	return a.format.Record
}

// skipTo drops what is before from. A change of the config that is dropped
// goes with the first packet that is not.
func (a *audio) skipTo(from time.Duration) error {
	var config []byte
	for from > 0 && a.fill() {
		it := &a.out[a.taken]
		if it.damage == nil && it.packet.DTS >= from {
			if it.packet.Config == nil {
				it.packet.Config = config
			}
			return nil
		}
		if it.packet.Config != nil {
			config = it.packet.Config
		}
		it.packet.Release()
		a.taken++
	}
	return a.err // a sound that ends before is no error: pictures may go on
}

func (a *audio) fill() bool {
	for a.taken == len(a.out) {
		if a.out, a.taken = a.out[:0], 0; a.ended {
			return false
		}
		a.read()
	}
	return true
}

func (a *audio) peek() (time.Duration, bool) {
	if !a.fill() {
		return 0, false
	}
	return a.out[a.taken].packet.DTS, true // 0 for reports: at once
}

func (a *audio) next() (media.Packet, error) {
	it := a.out[a.taken]
	a.out[a.taken] = item{}
	a.taken++
	if it.damage != nil {
		return media.Packet{}, it.damage
	}
	it.packet.Track = a.index
	return it.packet, nil
}

func (a *audio) failed() error { return a.err }

func (a *audio) close() {
	for _, it := range a.out[a.taken:] {
		it.packet.Release()
	}
	a.out, a.taken, a.ended = nil, 0, true
}
