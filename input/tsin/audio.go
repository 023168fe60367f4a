package tsin

import (
	"time"

	"rtmpwriter/media"
	"rtmpwriter/media/aac"
)

// audio cuts an ADTS stream into AAC frames and gives them their times: a
// timestamp is that of the first frame which begins in its PES packet, the
// others follow at the length of a frame.
type audio struct {
	out      *outbox
	splitter aac.Splitter
	marks    marks
	clock    trackClock

	begun      bool
	recovering bool
	track      media.Track   // as the first frame tells it
	format     aac.Format    // in force
	stamped    time.Duration // time of the last frame with a timestamp
	count      int64         // frames since
	jumpNext   bool
}

func (a *audio) begin(s stamp) {
	s.jump = s.jump || a.jumpNext
	a.jumpNext = s.jump && !s.known
	a.marks.add(a.splitter.Offset(), s)
}

func (a *audio) body(b []byte) {
	a.splitter.Write(b)
	a.deliver()
}

func (a *audio) lost() {
	a.splitter.Break()
	a.deliver()
	a.marks.clear()
	a.recovering = true
}

func (a *audio) end() {
	a.splitter.Flush()
	a.deliver()
	a.report(a.splitter.Skipped())
	a.marks.clear()
}

func (a *audio) known() bool { return a.format.Record != nil }

func (a *audio) deliver() {
	for {
		u, ok := a.splitter.Next()
		if !ok {
			break
		}
		a.report(u.Skipped)
		p := media.Packet{Track: a.out.audio, Data: u.B, Owner: u.Buffer}
		if u.Changed {
			p.Config = a.reconfigure(&u)
		}
		a.begun, a.recovering = true, false
		p.DTS = a.time(u.Offset)
		p.PTS = p.DTS
		a.out.push(p)
	}
	if err := a.splitter.Err(); err != nil {
		a.out.fail(&media.UnsupportedError{What: "AAC in MPEG-TS", Hint: err.Error()})
	}
}

// report tells of n bytes that are no frames, unless they follow a loss that
// has been reported, or come before the first frame of all.
func (a *audio) report(n int64) {
	if n > 0 && a.begun && !a.recovering {
		a.out.damage(a.clock.last, "%d bytes of audio are no whole ADTS frames", n)
	}
}

// reconfigure makes the AudioSpecificConfig of a frame whose header differs
// from those before. The first one is the track's and goes with no packet.
func (a *audio) reconfigure(u *aac.Unit) []byte {
	before := a.format
	if !a.format.Follow(u) {
		return nil
	}
	a.stamped += before.Config.FrameDuration(a.count)
	a.count = 0
	if before.Record == nil {
		a.track = a.format.Track()
		return nil
	}
	return a.format.Record
}

// time gives the frame that begins at the place at its time.
func (a *audio) time(at int64) time.Duration {
	s := a.marks.take(at)
	if !s.known {
		a.count++
		return a.clock.follow(a.stamped + a.format.Config.FrameDuration(a.count))
	}
	t, jumped := a.clock.place(stamp{known: true, dts: s.pts, jump: s.jump}, a.format.Config.FrameDuration(1))
	if jumped {
		a.out.jumped(t, s.jump)
	}
	a.stamped, a.count = t, 0
	return t
}
