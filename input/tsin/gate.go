package tsin

import (
	"time"

	"rtmpwriter/media"
)

// maxHeld bounds the audio that is kept for a keyframe still to come: ten
// seconds of it, far more than muxers let sound run ahead.
const maxHeld = 512

// gate lets packets through from a keyframe on.
type gate struct {
	at    time.Duration // earliest presentation time of the keyframe
	video bool          // there is a video track to wait for

	open    bool
	from    time.Duration // decode time of the keyframe
	shown   time.Duration // and its presentation time
	leading bool          // no picture behind the keyframe yet
	held    []media.Packet
}

func (g *gate) pass(p media.Packet, isVideo bool, emit func(media.Packet)) {
	switch {
	case g.open && isVideo && g.leading && p.PTS < g.shown:
		// Shown before the keyframe of an open GOP: refers to what is cut off.
		p.Release()
	case g.open && p.DTS < g.from:
		p.Release()
	case g.open:
		g.leading = g.leading && !isVideo
		emit(p)
	case isVideo == g.video && p.PTS >= g.at && (!isVideo || p.Keyframe):
		g.open, g.leading, g.from, g.shown = true, isVideo, p.DTS, p.PTS
		emit(p)
		for _, h := range g.held {
			g.pass(h, false, emit)
		}
		g.held = nil
	case !isVideo && g.video && p.PTS >= g.at-maxDelay:
		g.hold(p) // it may belong to a keyframe that is still to come
	default:
		p.Release()
	}
}

func (g *gate) hold(p media.Packet) {
	if len(g.held) == maxHeld {
		g.held[0].Release()
		g.held = g.held[:copy(g.held, g.held[1:])]
	}
	g.held = append(g.held, p)
}

func (g *gate) clear() {
	for i := range g.held {
		g.held[i].Release()
	}
	g.held = nil
}
