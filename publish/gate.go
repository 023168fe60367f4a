package publish

import (
	"errors"
	"slices"
	"time"
)

// videoAway is how long after the last video frame a stream counts as one
// without video, whose audio need not wait for a keyframe.
const videoAway = 2 * time.Second

// fromKeyframe leaves out what comes before the keyframe that the session
// begins with.
func (s *sender) fromKeyframe(batch []*frame) []*frame {
	// Audio waits only for video that comes.
	alone := !slices.ContainsFunc(batch, isVideo) && (s.popped.Sub(s.video) >= videoAway || s.p.queue.through(s.p.videoTrack()))
	kept, shut := batch[:0], s.shut[:0]
	for _, f := range batch {
		if s.gate && s.held(f, alone) {
			shut = append(shut, f)
		} else {
			kept = append(kept, f)
		}
	}
	s.leaveOut(shut)
	return kept
}

// leaveOut counts the frames that are not sent, and is done with them.
func (s *sender) leaveOut(shut []*frame) {
	if s.shut = shut; len(shut) > 0 {
		s.p.counters.lost(len(shut))
		s.p.queue.finished(shut, errGap)
	}
}

func isVideo(f *frame) bool { return f.config.codec.IsVideo() }

// errGap is why a frame is not sent that stands before a session's keyframe.
var errGap = errors.New("before the first keyframe of the session")

// held tells whether f must not go out yet, and opens the gate at a keyframe.
// alone lets audio pass.
func (s *sender) held(f *frame, alone bool) bool {
	switch {
	case f.config.codec.IsAudio():
		return !alone
	case f.keyframe:
		s.gate = false
		s.p.queue.closeGap()
	}
	return !f.keyframe
}

// load reads the frames back that are on disk. One that cannot be read is lost,
// with those that depend on it.
func (s *sender) load(batch []*frame) []*frame {
	kept, shut := batch[:0], s.shut[:0]
	broken, track := false, 0 // of video: nothing of it goes out until a keyframe
	for _, f := range batch {
		video := isVideo(f)
		if (!video || !broken || f.keyframe) && s.isLoaded(f) {
			kept, broken = append(kept, f), broken && !video
			continue
		}
		shut = append(shut, f)
		if video && !f.disposable {
			broken, track = true, f.track
		}
	}
	if broken {
		s.p.counters.lost(s.p.queue.giveBackAll(s.p.queue.skipGroup(track)))
	}
	s.leaveOut(shut)
	return kept
}

// isLoaded tells that a frame is in memory, now if not before.
func (s *sender) isLoaded(f *frame) bool {
	if !s.p.queue.isOnDisk(f) {
		return true
	}
	err := f.load()
	if err != nil {
		s.p.log.Error("a frame of the outage spool is lost", "folder", s.p.options.OutageSpool, "error", err)
	}
	return err == nil
}
