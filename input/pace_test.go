package input

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

func TestPaceReturnsAtDecodeTime(t *testing.T) {
	for _, rate := range []float64{1, 2, 0.5, 0, -3} {
		synctest.Test(t, func(t *testing.T) {
			s := Pace(t.Context(), av(50, 13*ms), rate)
			speed := rate
			if rate <= 0 {
				speed = 1
			}
			begun := time.Now()
			for {
				p, err := s.Next()
				if errors.Is(err, io.EOF) {
					break
				}
				require.NoError(t, err)
				due := time.Duration(float64(p.DTS) / speed)
				took := time.Since(begun)
				require.LessOrEqual(t, took, due+time.Nanosecond)
				require.GreaterOrEqual(t, took, due-s.(*pace).ahead(&p))
			}
		})
	}
}

// TestPaceWakesWithTheVideo: audio goes along with a picture.
func TestPaceWakesWithTheVideo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{tracks: avTracks}
		for v, a := 0, 0; v < 300; {
			dts, at := time.Duration(v)*time.Second/30, time.Duration(a)*1024*time.Second/48000
			if dts <= at {
				f.steps = append(f.steps, media.Packet{DTS: dts})
				v++
			} else {
				f.steps = append(f.steps, media.Packet{Track: 1, DTS: at})
				a++
			}
		}
		s := Pace(t.Context(), f, 1)
		wakes, last := 0, time.Now()
		for {
			_, err := s.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if now := time.Now(); now.After(last) {
				wakes, last = wakes+1, now
			}
		}
		require.LessOrEqual(t, wakes, 301, "30 a second for 10 s")
	})
}

func TestPaceCatchesUpAfterAStall(t *testing.T) {
	for _, c := range []struct{ stall, late time.Duration }{
		{3 * time.Second, 0},
		{30 * time.Second, 30 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := Pace(t.Context(), av(500, 0), 1)
			begun := time.Now()
			for n := 0; ; n++ {
				p, err := s.Next()
				if errors.Is(err, io.EOF) {
					break
				}
				require.NoError(t, err)
				if n == 100 {
					<-time.After(c.stall)
				}
				if n > 500 { // long caught up
					late := time.Since(begun) - p.DTS
					require.InDelta(t, float64(c.late), float64(late), float64(100*ms))
				}
			}
		})
	}
}

func TestPaceEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		stop := errors.New("the user stopped it")
		owner := &released{}
		s := Pace(ctx, &fake{tracks: avTracks, steps: []any{
			media.Packet{}, media.Packet{DTS: time.Hour, Owner: owner}, media.Packet{DTS: 2 * time.Hour},
		}}, 1)
		_, err := s.Next()
		require.NoError(t, err)
		time.AfterFunc(time.Minute, func() { cancel(stop) })
		begun := time.Now()
		_, err = s.Next()
		require.ErrorIs(t, err, stop)
		require.Equal(t, time.Minute, time.Since(begun))
		require.Equal(t, 1, owner.times, "the packet that waited is given back")
		_, err = s.Next()
		require.ErrorIs(t, err, stop)
	})
}

type released struct{ times int }

func (r *released) Release() { r.times++ }

func TestPacePassesErrors(t *testing.T) {
	damage := &media.DamageError{Reason: "scratch"}
	s := Pace(t.Context(), &fake{tracks: avTracks, steps: []any{damage}}, 1)
	_, err := s.Next()
	require.Equal(t, damage, err)
	_, err = s.Next()
	require.Equal(t, io.EOF, err)
	require.Len(t, s.Tracks(), 2)
	require.Equal(t, time.Second, s.Duration())
}

func TestPaceAllocatesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := av(3000, 0)
		s := Pace(t.Context(), f, 1)
		for range 10 {
			_, _ = s.Next()
		}
		require.Zero(t, testing.AllocsPerRun(1000, func() { _, _ = s.Next() }))
	})
}

// TestPaceShowsEveryTrackAtOnce: a track that begins a little later is there from the
// start, so that nobody waits for it.
func TestPaceShowsEveryTrackAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := Pace(t.Context(), &fake{tracks: avTracks, steps: []any{
			media.Packet{}, media.Packet{DTS: 40 * ms}, media.Packet{Track: 1, DTS: 60 * ms}, media.Packet{DTS: 80 * ms},
		}}, 1)
		begun := time.Now()
		for _, due := range []time.Duration{0, 0, 0, 80 * ms} {
			_, err := s.Next()
			require.NoError(t, err)
			require.Equal(t, due, time.Since(begun))
		}
	})
}
