package input

import (
	"fmt"
	"time"

	"rtmpwriter/media"
	"rtmpwriter/media/aac"
	"rtmpwriter/media/h264"
)

// trackProbe sums up one track.
type trackProbe struct {
	track    media.Track
	report   TrackReport
	analyzer h264.Analyzer
	sps      *h264.SPS
	nals     [][]byte

	lastDTS, step, longest time.Duration // step is the last frame's, longest the longest
	shortest               time.Duration
	lastKey                time.Duration
	highestPTS             time.Duration
	unmarked               int // IDR pictures that the container does not mark, or none at the start
	backward               int
	broken                 int
}

func newTrackProbe(t media.Track) *trackProbe {
	p := &trackProbe{track: t}
	if t.Codec.IsVideo() && len(t.Config) > 0 {
		_ = p.analyzer.Params.ObserveConfig(t.Config) // what is wrong shows in the frames
	}
	return p
}

func (p *trackProbe) add(packet *media.Packet) {
	r := &p.report
	if r.Frames == 0 {
		r.Start = packet.DTS
	} else {
		p.distance(packet.DTS - p.lastDTS)
	}
	p.lastDTS = packet.DTS
	r.Bytes += int64(len(packet.Data))
	if p.track.Codec.IsVideo() {
		p.addPicture(packet)
	}
	r.Frames++
}

func (p *trackProbe) distance(d time.Duration) {
	if d < 0 {
		p.backward++
		return
	}
	p.step, p.longest = d, max(p.longest, d)
	if p.shortest == 0 || d < p.shortest {
		p.shortest = d
	}
}

func (p *trackProbe) addPicture(packet *media.Packet) {
	r := &p.report
	var err error
	if p.track.Framing == media.FramingAnnexB {
		p.nals = media.AppendAnnexB(p.nals[:0], packet.Data)
	} else {
		p.nals, err = media.AppendLengthPrefixed(p.nals[:0], packet.Data, p.track.NALLengthSize)
	}
	if err != nil {
		p.broken++
	}
	picture := p.analyzer.Read(p.nals)
	if picture.SPS != nil {
		p.sps = picture.SPS
	}
	if picture.Keyframe || packet.Keyframe {
		if r.Keyframes > 0 {
			r.GOPMax = max(r.GOPMax, packet.DTS-p.lastKey)
		}
		r.Keyframes++
		p.lastKey = packet.DTS
	} else if r.Frames == 0 {
		p.unmarked++
	}
	if r.Frames > 0 && packet.PTS < p.highestPTS {
		r.ReorderedFrames++
	}
	p.highestPTS = max(p.highestPTS, packet.PTS)
	r.MaxComposition = max(r.MaxComposition, packet.PTS-packet.DTS)
}

func (p *trackProbe) finish() TrackReport {
	r := p.report
	r.Codec = p.track.Codec.String()
	r.End = p.lastDTS + p.step
	r.Bitrate = rate(r.Bytes, r.End-r.Start)
	if p.track.Codec.IsAudio() {
		r.SampleRate, r.Channels = p.track.SampleRate, p.track.Channels
		if c, err := aac.ParseConfig(p.track.Config); err == nil {
			r.Profile, r.SampleRate = profileOf(c), c.OutputRate
			if c.Channels > 0 {
				r.Channels = c.Channels
			}
		}
		return r
	}
	r.Width, r.Height, r.FrameRate = p.track.Width, p.track.Height, p.track.FrameRate
	if p.sps != nil {
		r.Profile, r.Level = p.sps.ProfileName(), p.sps.LevelName()
		r.Width, r.Height = p.sps.Width, p.sps.Height
	}
	if r.Frames > 1 {
		r.FrameRate = float64(r.Frames-1) / (p.lastDTS - r.Start).Seconds()
	}
	// Containers that count in milliseconds jitter by one.
	r.VariableFrameRate = p.longest-p.shortest > 3*time.Millisecond
	if r.Keyframes > 0 {
		r.GOPMax = max(r.GOPMax, r.End-p.lastKey)
		r.GOPMean = (r.End - r.Start) / time.Duration(r.Keyframes)
	}
	return r
}

func profileOf(c aac.Config) string {
	switch {
	case c.PS:
		return "HE-AAC v2"
	case c.SBR:
		return "HE-AAC"
	case c.ObjectType == aac.ObjectLC:
		return "LC"
	case c.ObjectType == aac.ObjectMain:
		return "Main"
	default:
		return fmt.Sprintf("object type %d", c.ObjectType)
	}
}
