// Package spool keeps blocks of bytes in files until they are wanted again: first
// in, first out, in segments that are removed when nothing in them is needed.
// Nothing outlives the process: where the system lets a file be removed while it
// is open, it has no name from the start.
package spool

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// A segment grows to an eighth of the limit, so that room comes back in steps of
// that size, but not beyond maxSegment.
const (
	segments   = 8
	maxSegment = 8 << 20
)

// ErrFull tells that the limit is reached: room comes back as blocks are freed.
var ErrFull = errors.New("the spool's size limit is reached")

// Spool is a folder's worth of blocks. Write is for one goroutine at a time;
// everything else may be called from any.
type Spool struct {
	folder  string
	limit   int64
	segment int64  // bytes of a file
	scratch []byte // of Write

	mu       sync.Mutex
	bytes    int64 // in all segments, freed blocks of theirs included
	current  *segment
	segments map[*segment]struct{}
	closed   bool
}

// segment is one file. Its fields but the file are guarded by the spool's lock.
type segment struct {
	spool  *Spool
	file   *os.File
	size   int64
	blocks int // not freed yet
}

// Place is where a block lies.
type Place struct {
	segment *segment
	offset  int64
	size    int
}

// Size is the block's length in bytes.
func (p Place) Size() int { return p.size }

// Read fills b, which must be as long as the block, with it.
func (p Place) Read(b []byte) error {
	if _, err := io.ReadFull(io.NewSectionReader(p.segment.file, p.offset, int64(p.size)), b); err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	return nil
}

// Free gives the block up.
func (p Place) Free() {
	s := p.segment.spool
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.segment.blocks--; p.segment.blocks > 0 || s.closed {
		return
	}
	s.drop(p.segment)
	if s.current == p.segment {
		s.current = nil
	}
}

// New makes a spool in a folder that exists, with at most limit bytes in its
// files. Nothing is written yet.
func New(folder string, limit int64) *Spool {
	return &Spool{folder: folder, limit: limit, segment: min(limit/segments, maxSegment), segments: map[*segment]struct{}{}}
}

// Check tells whether files can be made in a folder.
func Check(folder string) error {
	f, err := create(folder)
	if err == nil {
		remove(f)
	}
	return err
}

// Write keeps the parts as one block. After an error nothing of it is kept:
// ErrFull, or what the system says. What was kept before stays.
func (s *Spool) Write(parts [][]byte) (Place, error) {
	s.scratch = s.scratch[:0]
	for _, part := range parts {
		s.scratch = append(s.scratch, part...)
	}
	seg, offset, err := s.reserve(len(s.scratch))
	if err != nil {
		return Place{}, err
	}
	place := Place{seg, offset, len(s.scratch)}
	if _, err := seg.file.WriteAt(s.scratch, offset); err != nil {
		place.Free()
		s.abandon(seg)
		return Place{}, fmt.Errorf("spool: %w", err)
	}
	return place, nil
}

// reserve finds room for a block of n bytes.
func (s *Spool) reserve(n int) (*segment, int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return nil, 0, os.ErrClosed
	case s.bytes+int64(n) > s.limit:
		return nil, 0, ErrFull
	}
	if s.current == nil || s.current.size+int64(n) > s.segment {
		if err := s.begin(); err != nil {
			return nil, 0, err
		}
	}
	seg := s.current
	offset := seg.size
	seg.size += int64(n)
	seg.blocks++
	s.bytes += int64(n)
	return seg, offset, nil
}

// begin makes a new segment the current one. The old one goes when it is empty.
func (s *Spool) begin() error {
	f, err := create(s.folder)
	if err != nil {
		return err
	}
	if s.current != nil && s.current.blocks == 0 {
		s.drop(s.current)
	}
	s.current = &segment{spool: s, file: f}
	s.segments[s.current] = struct{}{}
	return nil
}

// abandon leaves a segment that could not be written to.
func (s *Spool) abandon(seg *segment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == seg {
		s.current = nil
		if seg.blocks == 0 {
			s.drop(seg)
		}
	}
}

// drop removes a segment. The lock is held.
func (s *Spool) drop(seg *segment) {
	if _, ok := s.segments[seg]; ok {
		delete(s.segments, seg)
		s.bytes -= seg.size
		remove(seg.file)
	}
}

// Bytes is how much lies in the files.
func (s *Spool) Bytes() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes
}

// Close removes all files. Calling it again does nothing.
func (s *Spool) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed, s.current = true, nil
	for seg := range s.segments {
		s.drop(seg)
	}
}

// create makes a file and, where the system lets it, takes its name away.
func create(folder string) (*os.File, error) {
	f, err := os.CreateTemp(folder, "rtmpwriter-spool-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // Windows keeps the name while it is open: remove sees to that
	return f, nil
}

// remove closes a file that create has made, and sees to it that it is gone.
func remove(f *os.File) {
	_ = f.Close()
	_ = os.Remove(f.Name()) // gone already but on Windows
}
