package mp4in

import (
	"fmt"

	"rtmpwriter/media"
)

// choose takes the tracks to publish, video first, and notes what is left out.
func (s *Source) choose(f *file, m *movie) error {
	for _, kind := range []string{"vide", "soun"} {
		best, other := m.best(kind)
		if best == nil && other != nil {
			return &media.UnsupportedError{
				What: fmt.Sprintf("track %d, %s: %s", other.number, other.name(), other.problem()),
				Hint: wayOut(other.problem()),
			}
		}
		if best != nil {
			s.take(f, best)
		}
	}
	for _, t := range m.traks {
		if !s.takes(t) {
			s.skipped = append(s.skipped, t.leftOut())
		}
	}
	if len(s.tracks) == 0 {
		return damaged(0, "no video and no audio in the file")
	}
	return nil
}

// wayOut says what the user can do about a track with the problem.
func wayOut(problem string) string {
	switch problem {
	case problemEncrypted:
		return "decrypt it first"
	case problemExternal:
		return "save the movie self-contained"
	default:
		return "convert it to H.264 and AAC, for example with ffmpeg -c:v libx264 -c:a aac"
	}
}

// best returns the track of a kind to publish: the first enabled one, or else
// the first at all, of those that can be. other is one of those that cannot.
func (m *movie) best(handler string) (best, other *trak) {
	for _, t := range m.traks {
		switch {
		case t.handler != handler:
		case t.problem() != "":
			if other == nil {
				other = t
			}
		case best == nil || t.enabled && !best.enabled:
			best = t
		}
	}
	return best, other
}

// take adds a track and tells what of it cannot be published.
func (s *Source) take(f *file, k *trak) {
	t := &track{trak: k, index: len(s.tracks), video: k.handler == "vide", cursor: k.start, ahead: ahead{f: f}}
	s.tracks = append(s.tracks, t)
	if k.turned != 0 {
		s.skipped = append(s.skipped, fmt.Sprintf("track %d: the picture is to be turned by %d degrees, which RTMP cannot tell", k.number, k.turned))
	}
	if k.edit.parts > 1 {
		s.skipped = append(s.skipped, fmt.Sprintf("track %d: an edit list of %d parts is played as one", k.number, k.edit.parts))
	}
}

func (s *Source) takes(k *trak) bool {
	for _, t := range s.tracks {
		if t.trak == k {
			return true
		}
	}
	return false
}

// leftOut tells which track is not published and why.
func (t *trak) leftOut() string {
	switch {
	case t.handler != "vide" && t.handler != "soun":
		return fmt.Sprintf("track %d: %q, neither video nor audio", t.number, t.handler)
	case t.problem() != "":
		return fmt.Sprintf("track %d: %s, %s", t.number, t.name(), t.problem())
	default:
		return fmt.Sprintf("track %d: %s, another track of this kind is sent", t.number, t.name())
	}
}
