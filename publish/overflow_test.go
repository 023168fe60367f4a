package publish

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// unit makes a frame of 1000 bytes: K and P are video, A is audio.
func unit(kind byte, dts time.Duration) *frame {
	track := 0
	if kind == 'A' {
		track = 1
	}
	f := testFrame(track, dts, 1000)
	f.keyframe = kind != 'P'
	return f
}

// kindOf is the letter of a frame.
func kindOf(f *frame) byte {
	switch {
	case f.config.codec.IsAudio():
		return 'A'
	case f.keyframe:
		return 'K'
	}
	return 'P'
}

// held is what a queue holds, video then audio.
func held(q *queue) (s string) {
	for i := range q.tracks {
		for k := range q.tracks[i].frames.len() {
			s += string(kindOf(q.tracks[i].frames.at(k)))
		}
	}
	return s
}

func TestOverflowTakesWhatIsMissedLeast(t *testing.T) {
	q := testQueue(6000, true)
	q.mode = OverflowDrop
	at := time.Duration(0)
	put := func(kind byte) fate {
		at += 40 * ms
		what, victims, err := q.push(context.Background(), unit(kind, at), 0)
		require.NoError(t, err)
		q.giveBackAll(victims)
		require.LessOrEqual(t, q.bytes, q.limit)
		return what
	}
	for _, step := range []struct {
		kind byte
		what fate
		left string
	}{
		{'K', queued, "K"}, {'P', queued, "KP"}, {'P', queued, "KPP"}, {'K', queued, "KPPK"}, {'P', queued, "KPPKP"}, {'A', queued, "KPPKPA"},
		{'P', overflowed, "KPPKPA"}, // nothing depends on it that is queued
		{'A', queued, "KPPKAA"},     // the last P of the newest group goes
		{'P', overflowed, "KPPKAA"}, // what comes behind it cannot be decoded
		{'A', queued, "KPKAAA"},     // then those of older groups, from their end
		{'K', queued, "KKKAAA"},
		{'P', overflowed, "KKKAAA"},
		{'A', queued, "KKAAAA"}, // then the oldest keyframe
		{'A', queued, "KAAAAA"},
		{'A', queued, "AAAAAA"},
		{'A', queued, "AAAAAA"}, // and the oldest audio
		{'P', overflowed, "AAAAAA"},
		{'K', queued, "KAAAAA"},
	} {
		require.Equal(t, step.what, put(step.kind), "%c before %s", step.kind, step.left)
		require.Equal(t, step.left, held(q))
	}
	require.Equal(t, 6, q.frames)
}

// A frame that could not fit anyway costs nothing else its place.
func TestOverflowOfAFrameThatCannotFit(t *testing.T) {
	q := testQueue(3000, true)
	q.mode = OverflowDrop
	ctx := context.Background()
	first := testFrame(0, 0, 1600)
	first.keyframe = true
	require.NoError(t, push(ctx, q, first))
	batch, _, _ := q.pop(nil, 1) // it is being sent
	require.Empty(t, batch, "audio may come")
	q.endTrack(1)
	batch, _, _ = q.pop(nil, 1)
	require.Len(t, batch, 1)
	require.NoError(t, push(ctx, q, unit('P', 1)))
	huge := testFrame(0, 2, 5000)
	huge.keyframe = true
	what, victims, err := q.push(ctx, huge, 0)
	require.NoError(t, err)
	require.Equal(t, overflowed, what)
	require.Empty(t, victims)
	require.Equal(t, "P", held(q))
	what, _, _ = q.push(ctx, unit('P', 3), 0)
	require.Equal(t, overflowed, what, "it depends on the keyframe")
	q.finished(batch, nil)
	huge = testFrame(0, 4, 5000)
	huge.keyframe = true
	what, victims, _ = q.push(ctx, huge, 0)
	require.Equal(t, queued, what, "beside less than half the buffer it fits")
	require.Empty(t, victims)
}

// A keyframe that is larger than the whole buffer goes out beside sound that is
// queued: it would never find the buffer empty.
func TestKeyframeLargerThanTheBuffer(t *testing.T) {
	for _, mode := range []OverflowMode{OverflowNoDrop, OverflowDrop} {
		q := testQueue(3000, true)
		q.mode = mode
		require.NoError(t, push(context.Background(), q, testFrame(1, 0, 200)))
		huge := testFrame(0, 0, 5000)
		huge.keyframe = true
		what, victims, err := q.push(context.Background(), huge, 0)
		require.NoError(t, err)
		require.Equal(t, queued, what)
		require.Empty(t, victims)
		require.True(t, q.full())
	}
}

// Whatever comes and goes: no picture is sent whose reference was dropped, the
// limit holds, and every frame is somewhere.
func TestOverflowKeepsTheStreamDecodable(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 0))
		q := testQueue(4000+random.IntN(30_000), true)
		q.mode = OverflowMode(seed % 2)
		written, dropped, sent := 0, 0, 0
		last, whole := map[string]int{}, false // the number within the group sent last
		group, number := 0, 0
		type place struct{ group, number int }
		places := map[time.Duration]place{}
		for step := range 2000 {
			at := time.Duration(step) * ms
			if random.IntN(3) > 0 {
				f := unit("KPPPPPPPAAAA"[random.IntN(12)], at)
				f.size = 1 + random.IntN(3000)
				if kindOf(f) == 'K' {
					group, number = group+1, 0
				}
				places[at] = place{group, number}
				if f.track == 0 {
					number++
				}
				written++
				what, victims, err := q.push(context.Background(), f, 0)
				require.Equal(t, what == refused, err != nil)
				dropped += len(victims)
				q.giveBackAll(victims)
				if what != queued {
					dropped++
				}
				continue
			}
			batch, _, _ := q.pop(nil, 1+random.IntN(5000))
			for _, f := range batch {
				sent++
				if f.track == 1 {
					continue
				}
				p := places[f.dts]
				if !f.keyframe && whole {
					require.Equal(t, place{last["group"], last["number"] + 1}, p, "seed %d", seed)
				}
				whole = whole || f.keyframe
				last["group"], last["number"] = p.group, p.number
			}
			q.finished(batch, nil)
			require.LessOrEqual(t, q.bytes, q.limit)
		}
		require.Equal(t, written, sent+dropped+len(held(q)))
		require.NotZero(t, dropped)
	}
}
