package input

import (
	"fmt"
	"time"

	"rtmpwriter/media"
)

// longGOP is the keyframe distance that the large services ask for at most:
// 2 s is recommended, 4 s is where they refuse or complain.
const longGOP = 4 * time.Second

// dislikes lists what servers and services dislike about a track.
func (p *trackProbe) dislikes(t TrackReport) (list []string) {
	note := func(bad bool, format string, args ...any) {
		if bad {
			list = append(list, t.Codec+": "+fmt.Sprintf(format, args...))
		}
	}
	note(t.Frames == 0, "the track is empty")
	note(p.backward > 0, "decode times go back %d times; they are corrected while publishing", p.backward)
	note(p.broken > 0, "%d frames are not made of whole NAL units and cannot be sent", p.broken)
	if p.track.Codec.IsAudio() {
		note(t.SampleRate != 0 && t.SampleRate != 44100 && t.SampleRate != 48000, "services want 44.1 or 48 kHz, this is %d Hz", t.SampleRate)
		note(t.Channels > 2, "%d channels; services want stereo", t.Channels)
		return list
	}
	note(t.Keyframes == 0 && t.Frames > 0, "no keyframe: nothing could be sent")
	note(p.unmarked > 0 && t.Keyframes > 0, "does not begin with a keyframe; what comes before the first is skipped")
	note(t.GOPMax > longGOP, "keyframes up to %.1f s apart; services want 2 s, and refuse more than 4 s", t.GOPMax.Seconds())
	note(t.ReorderedFrames > 0, "B frames: real-time (WebRTC) distribution of some services refuses them")
	note(t.VariableFrameRate, "variable frame rate: some services want a constant one")
	if p.sps != nil {
		idc := p.sps.ProfileIDC
		note(idc == 110 || idc == 122 || idc == 244, "profile %s: services and most players want 8 bits 4:2:0", t.Profile)
		note(p.sps.Interlaced, "may be interlaced: services want progressive pictures")
	}
	return list
}

// dislikedTracks lists what is disliked about the tracks together.
func dislikedTracks(tracks []TrackReport) []string {
	var video, audio *TrackReport
	for i := range tracks {
		if tracks[i].Codec == media.CodecH264.String() {
			video = &tracks[i]
		} else {
			audio = &tracks[i]
		}
	}
	switch {
	case audio == nil:
		return []string{"no audio: some services (Facebook, AWS IVS) want both"}
	case video == nil:
		return []string{"no video: some services (Facebook, AWS IVS) want both"}
	}
	var list []string
	if apart := (video.Start - audio.Start).Abs(); apart > time.Second {
		list = append(list, fmt.Sprintf("audio and video begin %.1f s apart", apart.Seconds()))
	}
	if apart := (video.End - audio.End).Abs(); apart > time.Second {
		list = append(list, fmt.Sprintf("audio and video end %.1f s apart", apart.Seconds()))
	}
	return list
}
