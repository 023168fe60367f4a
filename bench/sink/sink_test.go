package sink

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// The sizes of tag bodies: shorter and longer than any chunk, with and without a
// rest behind the last whole one.
var (
	pictures = []int{40_000, 26, 128, 129, 300_000, 65_536, 7_000}
	sounds   = []int{3, 340, 128, 256, 341, 5, 129, 200, 77}
)

func sum(sizes []int) (n int) {
	for _, s := range sizes {
		n += s
	}
	return n
}

// chunksOf is how many chunks these bodies take.
func chunksOf(chunkSize int, sizes ...int) (n int) {
	for _, s := range sizes {
		n += (s + chunkSize - 1) / chunkSize
	}
	return n
}

// inOrder fails unless the times of r follow each other.
func inOrder(t *testing.T, begun int64, r Reception) {
	t.Helper()
	times := []int64{begun, r.Accepted, r.Agreed, r.First, r.Last, Now()}
	require.True(t, slices.IsSorted(times), "%d", times)
	require.Positive(t, r.Accepted)
	require.Less(t, r.First, r.Last, "several messages")
}

// complete fails unless r is the whole of pictures and sounds.
func complete(t *testing.T, begun int64, r Reception, chunkSize int) {
	t.Helper()
	inOrder(t, begun, r)
	require.NoError(t, r.Err)
	require.Equal(t, 1+len(pictures), r.Video, "with the sequence header")
	require.Equal(t, 1+len(sounds), r.Audio, "with the sequence header")
	chunks := chunksOf(chunkSize, slices.Concat(pictures, sounds)...)
	require.Greater(t, r.Chunks, chunks, "of the frames alone")
	require.Less(t, r.Chunks, chunks+40, "commands and headers are few")
	bytes := sum(pictures) + sum(sounds) + 1 + 2*handshakeSize + r.Chunks
	require.Greater(t, r.Bytes, int64(bytes), "a header has a byte at least")
	require.Less(t, r.Bytes, int64(bytes+5000), "commands and headers are short")
	require.Len(t, r.Delays, len(pictures))
	for _, d := range r.Delays {
		require.GreaterOrEqual(t, d, int64(0))
		require.Less(t, d, Now()-begun)
	}
}

func TestReception(t *testing.T) {
	for _, chunkSize := range []int{128, 65536} {
		t.Run(fmt.Sprint(chunkSize), func(t *testing.T) {
			begun, s := Now(), fresh(t)
			p := connect(t, "rtmp://"+s.Addr()+"/live/some-key", chunkSize)
			p.send(t, pictures, sounds, true)
			p.finish(t)
			all, err := s.Collect(patience(t), 1)
			require.NoError(t, err)
			require.Len(t, all, 1)
			require.Equal(t, "some-key", all[0].Key)
			complete(t, begun, all[0], chunkSize)
		})
	}
}

func TestReceptionUnstamped(t *testing.T) {
	s := fresh(t)
	p := connect(t, "rtmp://"+s.Addr()+"/live/key", 4096)
	p.send(t, pictures, sounds, false)
	p.finish(t)
	all, err := s.Collect(patience(t), 1)
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Empty(t, all[0].Delays)
	require.Equal(t, 1+len(pictures), all[0].Video)
}

func TestReceptionTLS(t *testing.T) {
	begun, s := Now(), fresh(t)
	l, err := s.ListenTLS()
	require.NoError(t, err)
	p := connect(t, "rtmps://"+l.Addr().String()+"/live/secret", 65536)
	p.send(t, pictures, sounds, true)
	p.finish(t)
	all, err := s.Collect(patience(t), 1)
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Equal(t, "secret", all[0].Key)
	complete(t, begun, all[0], 65536)
}

func TestSeveral(t *testing.T) {
	const n = 8
	begun, s := Now(), fresh(t)
	var all []*connected
	for i := range n {
		p := connect(t, fmt.Sprintf("rtmp://%s/live/%d", s.Addr(), i), 4096)
		p.send(t, pictures, sounds, true)
		all = append(all, p)
	}
	require.NoError(t, s.Await(patience(t), n))
	for _, p := range all {
		p.finish(t)
	}
	got, err := s.Collect(patience(t), n)
	require.NoError(t, err)
	var keys []string
	for _, r := range got {
		complete(t, begun, r, 4096)
		keys = append(keys, r.Key)
	}
	require.ElementsMatch(t, []string{"0", "1", "2", "3", "4", "5", "6", "7"}, keys)

	p := connect(t, "rtmp://"+s.Addr()+"/live/later", 4096)
	p.send(t, pictures, sounds, true)
	p.finish(t)
	got, err = s.Collect(patience(t), 1)
	require.NoError(t, err)
	require.Len(t, got, 1, "the others have been told of")
	require.Equal(t, "later", got[0].Key)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorContains(t, s.Await(ctx, 1), "0 of 1", "all have gone")
}
