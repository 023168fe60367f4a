package tsin

import (
	"time"

	"rtmpwriter/media"
	"rtmpwriter/media/h264"
)

// defaultStep is the frame duration that is assumed where neither timestamps
// nor the stream tell one: 25 frames a second.
const defaultStep = 40 * time.Millisecond

// video cuts an H.264 stream into access units and gives them their times.
type video struct {
	out      *outbox
	splitter h264.Splitter
	marks    marks
	clock    trackClock

	begun      bool
	recovering bool // bytes were lost, and reported
	// The cadence, for units without timestamps: the last unit with one, and
	// how many have followed.
	stamped  time.Duration
	count    int64
	step     time.Duration
	orders   orderClock
	jumpNext bool
}

func (v *video) begin(s stamp) {
	s.jump = s.jump || v.jumpNext
	v.jumpNext = s.jump && !s.known
	v.marks.add(v.splitter.Offset(), s)
}

func (v *video) body(b []byte) {
	v.splitter.Write(b)
	v.deliver()
}

func (v *video) lost() {
	v.deliver()
	v.splitter.Break()
	v.marks.clear()
	v.recovering = true
}

func (v *video) end() {
	v.splitter.Flush()
	v.deliver()
	v.marks.clear()
}

// known tells that the stream has shown a picture and a sequence parameter set.
func (v *video) known() bool { return v.begun && v.splitter.Params.First() != nil }

func (v *video) track() media.Track {
	s := v.splitter.Params.First()
	t := media.Track{Codec: media.CodecH264, Framing: media.FramingAnnexB, Width: s.Width, Height: s.Height}
	if rate := s.FrameRate(); isSane(rate) {
		t.FrameRate = rate
	}
	return t
}

// isSane tells frame rates from the nonsense that some encoders write.
func isSane(rate float64) bool { return rate >= 1 && rate <= 1000 }

func (v *video) deliver() {
	for {
		au, ok := v.splitter.Next()
		if !ok {
			return
		}
		if au.Skipped > 0 && v.begun && !v.recovering {
			v.out.damage(v.clock.last, "%d bytes of video belong to no access unit", au.Skipped)
		}
		v.begun, v.recovering = true, false
		dts, pts := v.times(&au)
		v.out.push(media.Packet{
			Track: v.out.video, DTS: dts, PTS: pts,
			Keyframe: au.Keyframe, Data: au.B, Owner: au.Buffer,
		})
	}
}

// times gives an access unit its times. A start code of 3 bytes may have its
// leading zero in the PES packet before, hence the 1.
func (v *video) times(au *h264.AccessUnit) (dts, pts time.Duration) {
	s := v.marks.take(au.Offset + 1)
	if !s.known {
		v.count++
		dts = v.clock.follow(v.stamped + time.Duration(v.count)*v.frame(au.SPS))
		return dts, v.orders.guess(au.Picture, dts)
	}
	begun := v.clock.begun
	dts, jumped := v.clock.place(s, v.frame(au.SPS))
	if jumped {
		v.out.jumped(dts, s.jump)
	} else if d := (dts - v.stamped) / time.Duration(v.count+1); begun && d > minStep && d < maxBack {
		v.step = d
	}
	v.stamped, v.count = dts, 0
	pts = dts + delay(s)
	v.orders.learn(au.Picture, dts, pts, v.frame(au.SPS))
	return dts, pts
}

// frame is the duration of a frame as far as it is known.
func (v *video) frame(s *h264.SPS) time.Duration {
	if v.step > 0 {
		return v.step
	}
	if s != nil {
		if rate := s.FrameRate(); isSane(rate) {
			return time.Duration(float64(time.Second) / rate)
		}
	}
	return defaultStep
}
