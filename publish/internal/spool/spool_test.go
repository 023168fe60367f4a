package spool_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish/internal/spool"
)

// block is what a block of a number holds, and parts are what it is made of.
func block(n int) []byte { return bytes.Repeat([]byte{byte(n), byte(n >> 8), 7}, 1000+n%5000) }

func parts(b []byte) [][]byte { return [][]byte{b[:1], b[1 : len(b)/2], nil, b[len(b)/2:]} }

// What goes in comes out, in whatever order it is asked for and given up, within the
// limit, and no file stays.
func TestBlocksComeBack(t *testing.T) {
	folder, random := t.TempDir(), rand.New(rand.NewPCG(1, 1))
	const limit = 2 << 20
	s := spool.New(folder, limit)
	kept := map[int]spool.Place{}
	full := 0
	for n := range 5000 {
		place, err := s.Write(parts(block(n)))
		if err != nil {
			require.ErrorIs(t, err, spool.ErrFull)
			full++
		} else {
			require.Equal(t, len(block(n)), place.Size())
			kept[n] = place
		}
		require.LessOrEqual(t, s.Bytes(), int64(limit))
		for number, p := range kept { // in the order of the map: none
			if len(kept) < 100 && random.IntN(10) > 0 {
				break
			}
			b := make([]byte, p.Size())
			require.NoError(t, p.Read(b))
			require.Equal(t, block(number), b)
			p.Free()
			delete(kept, number)
		}
	}
	require.NotZero(t, full, "the limit was met")
	for _, p := range kept {
		p.Free()
	}
	require.Zero(t, s.Bytes(), "room comes back")
	s.Close()
	s.Close()
	_, err := s.Write(parts(block(1)))
	require.ErrorIs(t, err, os.ErrClosed)
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, left)
}

// Blocks are read and given up while others are written.
func TestReadsBesideWrites(t *testing.T) {
	s := spool.New(t.TempDir(), 64<<20)
	defer s.Close()
	places := make(chan spool.Place, 100)
	var done sync.WaitGroup
	for range 3 {
		done.Go(func() {
			for p := range places {
				b := make([]byte, p.Size())
				if err := p.Read(b); err != nil || b[2] != 7 {
					t.Error(err, b[2])
				}
				p.Free()
			}
		})
	}
	for n := range 2000 {
		p, err := s.Write(parts(block(n)))
		require.NoError(t, err)
		places <- p
	}
	close(places)
	done.Wait()
	require.Zero(t, s.Bytes())
}

func TestFoldersThatTakeNothing(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "none")
	require.Error(t, spool.Check(folder))
	s := spool.New(folder, 1<<20)
	defer s.Close()
	_, err := s.Write(parts(block(1)))
	require.ErrorIs(t, err, os.ErrNotExist)
	require.Zero(t, s.Bytes(), "nothing of it is kept")
	require.NoError(t, os.Mkdir(folder, 0o700))
	require.NoError(t, spool.Check(folder))
	_, err = s.Write(parts(block(1)))
	require.NoError(t, err, "it is there now")
}
