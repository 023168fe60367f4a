package advice

import (
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fine is a sample of a stream that runs well.
func fine(at time.Duration) Sample {
	return Sample{
		Time: at, Input: 4_128_000, Audio: sound, Sent: 4_128_000,
		RTT: 40 * time.Millisecond, MinRTT: 40 * time.Millisecond, DeliveryRate: 9_000_000, Connected: true,
	}
}

// feed adds a sample every 250 ms and returns what was told.
func feed(e *Estimator, from, to time.Duration, change func(*Sample)) (told []Advice) {
	for at := from; at < to; at += sampleEvery {
		s := fine(at)
		if change != nil {
			change(&s)
		}
		if a, changed := e.Add(s); changed {
			told = append(told, a)
		}
	}
	return told
}

func TestCeilingFollowsTheInput(t *testing.T) {
	e := New(Config{})
	require.Empty(t, feed(e, 0, 10*time.Second, nil))
	require.Equal(t, int64(4_000_000), e.Advice().Target)
	// A burst of a quarter of a second makes no rate.
	require.Empty(t, feed(e, 10*time.Second, 10*time.Second+sampleEvery, func(s *Sample) { s.Input *= 3 }))
	require.Equal(t, int64(4_000_000), e.Advice().Target)
	require.Empty(t, feed(e, 11*time.Second, 15*time.Second, func(s *Sample) { s.Input, s.Sent = 5_128_000, 5_128_000 }))
	require.Equal(t, int64(5_000_000), e.Advice().Target)
	told := feed(e, 15*time.Second, 17*time.Second, func(s *Sample) {
		s.Input, s.Sent, s.Backlog = 5_128_000, 2_500_000, s.Time-15*time.Second
	})
	require.NotEmpty(t, told)
	told = feed(e, 17*time.Second, 2*time.Minute, func(s *Sample) { s.Input, s.Sent = 5_128_000, 5_128_000 })
	require.Equal(t, Advice{5_000_000, Probe}, told[len(told)-1], "back at the ceiling")
}

func TestBounds(t *testing.T) {
	require.Equal(t, int64(3_000_000), New(Config{Floor: 1, Ceiling: 3_000_000}).Advice().Target)
	require.Equal(t, int64(500_000), New(Config{Floor: 500_000, Ceiling: 1}).Advice().Target)
	require.Equal(t, int64(DefaultFloor), New(Config{Floor: -1, Ceiling: -1}).Advice().Target)
	require.Equal(t, maxRate, New(Config{Floor: math.MaxInt64, Ceiling: math.MaxInt64}).Advice().Target)
}

// TestDropped: frames that were dropped are congestion, however short the backlog
// is kept by it.
func TestDropped(t *testing.T) {
	e := New(Config{Floor: floor, Ceiling: 4_000_000})
	feed(e, 0, 5*time.Second, nil)
	told := feed(e, 5*time.Second, 8*time.Second, func(s *Sample) {
		s.Backlog, s.Sent, s.Dropped = 150*time.Millisecond, 2_000_000, uint64(s.Time/sampleEvery)
	})
	require.NotEmpty(t, told)
	require.Equal(t, Congestion, told[0].Reason)
	require.InDelta(t, 2_000_000*0.9-128_000, told[len(told)-1].Target, 150_000)
}

// TestNewWay: a round-trip time that is longer for good, by another way or by
// others' traffic, takes nothing away for good.
func TestNewWay(t *testing.T) {
	e := New(Config{Floor: floor, Ceiling: 4_000_000})
	feed(e, 0, 5*time.Second, nil)
	feed(e, 5*time.Second, 2*time.Minute, func(s *Sample) {
		s.RTT = min(s.RTT+(s.Time-5*time.Second)/4, 600*time.Millisecond)
	})
	require.Equal(t, int64(4_000_000), e.Advice().Target)
}

func TestLostConnection(t *testing.T) {
	gone := func(s *Sample) { s.Connected, s.Sent, s.Backlog = false, 0, s.Time-5*time.Second }

	t.Run("without congestion", func(t *testing.T) {
		e := New(Config{Floor: floor, Ceiling: 4_000_000})
		require.Empty(t, feed(e, 0, 5*time.Second, nil))
		require.Empty(t, feed(e, 5*time.Second, 15*time.Second, gone))
		require.Empty(t, feed(e, 15*time.Second, 30*time.Second, nil))
	})
	t.Run("under congestion", func(t *testing.T) {
		e := New(Config{Floor: floor, Ceiling: 4_000_000})
		feed(e, 0, 5*time.Second, nil)
		feed(e, 5*time.Second, 7*time.Second, func(s *Sample) { s.Sent, s.Backlog = 2_000_000, (s.Time-5*time.Second)/2 })
		before := e.Advice().Target
		require.Less(t, before, int64(2_000_000))
		told := feed(e, 7*time.Second, 15*time.Second, gone)
		require.Len(t, told, 1)
		require.Equal(t, Outage, told[0].Reason)
		require.InEpsilon(t, before/2, told[0].Target, 0.06)
		told = feed(e, 15*time.Second, 2*time.Minute, nil)
		require.Equal(t, Recovery, told[0].Reason)
		require.Equal(t, int64(4_000_000), told[len(told)-1].Target)
	})
}

// TestCatchingUp: what waited in an outage gets room where the link has none to
// spare, whatever its age.
func TestCatchingUp(t *testing.T) {
	late := func(sent int64) func(*Sample) {
		return func(s *Sample) { s.CatchingUp, s.Backlog, s.Sent = true, 8*time.Second, sent }
	}
	e := New(Config{Floor: floor, Ceiling: 4_000_000})
	require.Empty(t, feed(e, 0, 20*time.Second, late(9_000_000)), "it catches up by itself")

	e = New(Config{Floor: floor, Ceiling: 4_000_000})
	told := feed(e, 0, 20*time.Second, late(4_000_000))
	require.Equal(t, []Advice{{4_000_000*8/10 - sound, CatchUp}}, told)
	told = feed(e, 20*time.Second, 23*time.Second, nil)
	require.Equal(t, []Advice{{4_000_000*9/10 - sound, Recovery}}, told)
}

// TestSlowStart: what a new connection has not found out yet is no limit.
func TestSlowStart(t *testing.T) {
	e := New(Config{Floor: floor, Ceiling: 4_000_000})
	require.Empty(t, feed(e, 0, 5*time.Second, func(s *Sample) {
		s.Sent = min(s.Input, int64(s.Time/time.Millisecond)*2_000)
		s.Backlog = max(0, min(s.Time/2, 2*time.Second-s.Time))
	}))
}

func TestIgnoresTheSameTime(t *testing.T) {
	e := New(Config{Floor: floor, Ceiling: 4_000_000})
	feed(e, 0, 5*time.Second, nil)
	for range 100 {
		s := fine(4 * time.Second)
		s.Backlog, s.Dropped = time.Minute, math.MaxUint64
		_, changed := e.Add(s)
		require.False(t, changed)
	}
}

func TestReasonsHaveNames(t *testing.T) {
	names := map[string]bool{}
	for r := None; r <= Probe; r++ {
		names[r.String()] = true
	}
	require.Len(t, names, int(Probe)+1)
}

func TestAllocatesNothing(t *testing.T) {
	e, at := New(Config{}), time.Duration(0)
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		at += sampleEvery
		s := fine(at)
		s.Backlog = at % (3 * time.Second)
		e.Add(s)
	}))
}

// FuzzEstimator: whatever is measured, the target stays in its bounds.
func FuzzEstimator(f *testing.F) {
	f.Add(int64(100_000), int64(6_000_000), make([]byte, 160))
	f.Fuzz(func(t *testing.T, floor, ceiling int64, data []byte) {
		e := New(Config{Floor: floor, Ceiling: ceiling})
		next := func() int64 {
			var b [8]byte
			data = data[copy(b[:], data):]
			return int64(binary.LittleEndian.Uint64(b[:]))
		}
		for len(data) > 0 {
			flags := next()
			a, _ := e.Add(Sample{
				Time: time.Duration(next()), Input: next(), Audio: next(), Sent: next(),
				Backlog: time.Duration(next()), RTT: time.Duration(next()), MinRTT: time.Duration(next()),
				DeliveryRate: next(), Dropped: uint64(next()),
				Connected: flags&1 == 0, CatchingUp: flags&2 != 0,
			})
			require.GreaterOrEqual(t, a.Target, e.floor)
			require.LessOrEqual(t, a.Target, e.ceiling())
			require.LessOrEqual(t, a.Target, maxRate)
		}
	})
}
