// Package input reads encoded media from files and pipes: Open picks the reader
// that fits, Loop repeats a source for ever, Pace holds it to real time. Each
// container has a room of its own below.
package input

import "rtmpwriter/media"

// Source is what every reader is: see media.Source.
type Source = media.Source
