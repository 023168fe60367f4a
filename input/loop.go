package input

import (
	"errors"
	"fmt"
	"io"
	"time"

	"rtmpwriter/media"
)

// Loop repeats an input for ever: open is called for each round. The tracks
// must be the same each time.
//
// Timestamps go on without jump or gap: a round is moved by the length of the
// longest track, so that its first frame follows where that track's last one
// ends (the length of the last frame is taken from the track's cadence), and by
// the same for all tracks, so that audio and video keep their distance. Where
// they begin so far apart that the new round would reach back into the old by
// more than 100 ms, it is moved further.
//
// Next never returns io.EOF. Damage is told in every round that meets it. A
// round without a packet is an error, and so is one that open refuses; both are
// final. Duration is 0: a loop has none.
func Loop(open func() (Source, error)) (Source, error) {
	l := &loop{open: open}
	if err := l.begin(); err != nil {
		return nil, err
	}
	l.tracks = l.src.Tracks()
	l.spans = make([]span, len(l.tracks))
	for i, t := range l.tracks {
		l.spans[i].config = t.Config
	}
	return l, nil
}

// seam is how far a round may reach back into the one before it, in the decode
// times of different tracks: as far as files interleave them anyway.
const seam = 100 * time.Millisecond

type loop struct {
	open   func() (Source, error)
	src    Source // nil after a final error
	tracks []media.Track
	err    error // final

	spans  []span        // of the round, by track
	shift  time.Duration // added to the times of the round
	origin time.Duration // decode time of the first packet of all
	total  time.Duration // length of the rounds before
	rounds int
	begun  bool // a packet of this round has come
}

// begin opens the next round.
func (l *loop) begin() error {
	src, err := l.open()
	if err != nil {
		return err
	}
	if l.tracks != nil {
		if err := sameTracks(l.tracks, src.Tracks()); err != nil {
			return errors.Join(err, src.Close())
		}
	}
	l.src, l.begun = src, false
	return nil
}

// sameTracks refuses a round that cannot follow the others.
func sameTracks(want, got []media.Track) error {
	if len(want) != len(got) {
		return fmt.Errorf("loop: the input has %d tracks now, %d at first", len(got), len(want))
	}
	for i, w := range want {
		if g := got[i]; g.Codec != w.Codec || g.Framing != w.Framing || g.NALLengthSize != w.NALLengthSize {
			return fmt.Errorf("loop: track %d is %s (%s) now, %s (%s) at first", i, g.Codec, g.Framing, w.Codec, w.Framing)
		}
	}
	return nil
}

// Tracks lists the tracks of the first round.
func (l *loop) Tracks() []media.Track { return l.tracks }

// Duration is 0: the loop has no end.
func (l *loop) Duration() time.Duration { return 0 }

// Next returns the next packet of the round, or the first of a new one.
func (l *loop) Next() (media.Packet, error) {
	for l.err == nil {
		p, err := l.src.Next()
		if err == nil {
			return l.moved(p), nil
		}
		var damage *media.DamageError
		if errors.As(err, &damage) {
			return p, err
		}
		if errors.Is(err, io.EOF) {
			err = l.again()
		}
		l.err = err
	}
	return media.Packet{}, l.err
}

// again ends the round and begins the next.
func (l *loop) again() error {
	l.rounds++
	if !l.begun {
		return fmt.Errorf("loop: round %d of the input has no packet", l.rounds)
	}
	l.total += l.length()
	err := l.src.Close()
	l.src = nil
	if err != nil {
		return fmt.Errorf("loop: close round %d: %w", l.rounds, err)
	}
	if err := l.begin(); err != nil {
		return fmt.Errorf("loop: round %d: %w", l.rounds+1, err)
	}
	tracks := l.src.Tracks()
	for i := range l.spans {
		l.spans[i].restart(tracks[i].Config)
	}
	return nil
}

// length is what the next round is moved by against this one.
func (l *loop) length() (longest time.Duration) {
	var first, last time.Duration
	found := false
	for i, s := range l.spans {
		if s.count == 0 {
			continue
		}
		longest = max(longest, s.length(l.tracks[i]))
		if !found {
			found, first, last = true, s.first, s.last
		}
		first, last = min(first, s.first), max(last, s.last)
	}
	return max(longest, last-first-seam)
}

// moved puts p into the time of the loop.
func (l *loop) moved(p media.Packet) media.Packet {
	if !l.begun {
		l.begun = true
		if l.rounds == 0 {
			l.origin = p.DTS
		}
		l.shift = l.origin + l.total - p.DTS
	}
	if p.Track >= 0 && p.Track < len(l.spans) {
		l.spans[p.Track].note(&p)
	}
	p.DTS += l.shift
	p.PTS += l.shift
	return p
}

// Close closes the round that is open.
func (l *loop) Close() error {
	if l.src == nil {
		return nil
	}
	src := l.src
	l.src = nil
	if l.err == nil {
		l.err = errors.New("loop: closed")
	}
	return src.Close()
}
