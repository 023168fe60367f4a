// Package timecode counts frames as SMPTE ST 12-1 labels them: hours, minutes,
// seconds and frames of a day, drop-frame and non-drop-frame.
package timecode
