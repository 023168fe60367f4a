// Package mp4in reads H.264 and AAC from MP4 and MOV files (ISO/IEC 14496-12,
// -14, -15 and QuickTime), plain and fragmented.
//
// Memory does not grow with the file: the sample tables, megabytes in a film of
// some hours, are never loaded. Each is walked by a small cursor through a
// window of a few kilobytes (table.go), fragments are walked one by one
// (fragment.go), and all that foreign bytes can make this package allocate is
// bounded by the constants in limits.go.
//
// # Times
//
// Packets come in the order of their decode times, as the file's edit list
// presents them: presentation time 0 is the start of the first edit, an empty
// edit before it delays the track. All tracks are moved together when the first
// packet would have a negative time, so audio and video keep their distance.
//
//   - Video begins with the last sync sample at or before the edit. Pictures
//     between the two are sent, since the edit's first pictures need them.
//   - Audio begins 200 ms before the edit, or with the video when that is
//     earlier: an AAC decoder needs the encoder's priming frames, and earlier
//     ones serve nobody.
//   - A track ends with its edit. Of several edits with media the first one's
//     start and the last one's end count; cuts between them are not made, since
//     they would need encoding. Skipped tells of it.
//   - Negative composition offsets are met by one constant that is taken from
//     the decode times of the whole video track, so that no picture is shown
//     before it is decoded. Presentation times stay as the standard and browsers
//     have them; in fragments ffprobe shows such video later by that constant.
package mp4in

import (
	"io"
	"time"

	"rtmpwriter/media"
)

// Options say where to begin.
type Options struct {
	// Start is where to begin, counted from the start of the presentation:
	// with the last sync sample at or before it, audio beside it. It must not
	// be beyond the end.
	Start time.Duration
}

// Source reads one file. It is a media.Source, used by one goroutine at a time.
type Source struct {
	tracks   []*track
	list     []media.Track
	skipped  []string
	duration time.Duration

	base    time.Duration // added to all times, so that none is negative
	begun   bool
	last    time.Duration // decode time of the last packet
	pending []error       // to be told before the next packet
	cut     *cutError     // where the file ends too early; told at the end
}

// Open reads the structure of the size bytes of r. It reads no media and keeps
// r, which must stay readable until the source is no longer used.
//
// The first enabled track of each kind that can be published is taken. A file
// whose only video or audio is in another codec is refused with
// *media.UnsupportedError; a broken structure is *media.DamageError.
func Open(r io.ReaderAt, size int64, opts Options) (*Source, error) {
	f := &file{r: r, size: size}
	m, err := f.movie()
	if err != nil {
		return nil, err
	}
	s := &Source{}
	if err := s.choose(f, m); err != nil {
		return nil, err
	}
	if err := s.begin(m, opts.Start); err != nil {
		return nil, err
	}
	return s, nil
}

// Tracks lists the tracks, video first.
func (s *Source) Tracks() []media.Track { return s.list }

// Skipped tells what of the file is not published, one sentence each: further
// tracks, rotation, cuts inside the edit list.
func (s *Source) Skipped() []string { return s.skipped }

// Duration is the length of the presentation, 0 when the file does not tell.
func (s *Source) Duration() time.Duration { return s.duration }

// Close does nothing: the reader is the caller's.
func (s *Source) Close() error { return nil }
