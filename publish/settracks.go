package publish

import (
	"fmt"
	"slices"

	"rtmpwriter/media"
)

// SetTracks tells the tracks: at most one of video and one of audio. It must be
// called before Run and Write. Called again, with as many tracks of the same
// kinds, it changes their description: the next frame of a track brings its new
// sequence header. The error is a *TrackError.
func (p *Publisher) SetTracks(tracks ...media.Track) error {
	if old := p.trackList(); old != nil {
		return p.changeTracks(old, tracks)
	}
	list := make([]*track, len(tracks))
	shared := &restarts{}
	var audio, video int
	for i, info := range tracks {
		t, err := newTrack(i, info, shared)
		if err != nil {
			return err
		}
		t.times.InOrder = !p.options.AllowBFrames
		if list[i] = t; info.Codec.IsAudio() {
			audio++
		} else {
			video++
		}
	}
	if audio > 1 || video > 1 || audio+video == 0 {
		return &TrackError{Track: len(tracks) - 1, Reason: "a stream has one video track, one audio track or both"}
	}
	p.queue.setTracks(len(list), video > 0)
	p.tracks.Store(&list)
	return nil
}

func (p *Publisher) changeTracks(old []*track, tracks []media.Track) error {
	if len(tracks) != len(old) {
		return &TrackError{Track: len(tracks) - 1, Reason: fmt.Sprintf("there are %d tracks already; their number cannot change", len(old))}
	}
	for i, info := range tracks {
		if info.Codec != old[i].codec {
			return &TrackError{Track: i, Reason: "the codec of a track cannot change while publishing"}
		}
		if _, err := newTrack(i, info, nil); err != nil {
			return err // before any has changed
		}
	}
	for i, info := range tracks {
		old[i].mu.Lock()
		err := old[i].configure(info)
		old[i].mu.Unlock()
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *Publisher) trackList() []*track {
	if l := p.tracks.Load(); l != nil {
		return *l
	}
	return nil
}

// videoTrack is the index of the video track, -1 without one.
func (p *Publisher) videoTrack() int {
	return slices.IndexFunc(p.trackList(), func(t *track) bool { return t.codec.IsVideo() })
}

func (p *Publisher) isAudio(i int) bool {
	l := p.trackList()
	return i < len(l) && l[i].codec.IsAudio()
}
