package rtmp

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// ack is an acknowledgement, and how much may have been sent when it came.
type ack struct {
	count   uint32
	offered uint64
}

// TestAcknowledger has counts as servers make them: the position that they
// stand for, and what is wrong with them.
func TestAcknowledger(t *testing.T) {
	const window, around = 1000, 1 << 32
	for name, c := range map[string]struct {
		at       uint64 // where the server is, its count being last
		last     uint32
		acks     []ack
		position uint64
		wrong    string
	}{
		"a good one":                          {acks: []ack{{1000, 1500}, {2000, 2000}, {5000, 9000}}, position: 5000},
		"all that was sent":                   {acks: []ack{{1500, 1500}}, position: 1500},
		"one byte more":                       {acks: []ack{{1000, 1500}, {1501, 1500}, {1400, 2000}}, position: 1000, wrong: "more than was sent"},
		"far more":                            {acks: []ack{{0xFFFFFFFF, 1500}}, wrong: "more than was sent"},
		"back":                                {acks: []ack{{1000, 5000}, {999, 5000}, {5000, 5000}}, position: 1000, wrong: "goes back"},
		"back to nothing":                     {acks: []ack{{1000, 5000}, {0, 5000}}, position: 1000, wrong: "goes back"},
		"twice the same":                      {acks: []ack{{1000, 1000}, {1000, 9000}, {2000, 9000}, {2000, 99000}}, position: 2000},
		"the same without a window":           {acks: []ack{{1000, 1000}, {1000, 1100}, {1000, 1200}, {1000, 1300}, {1000, 3099}}, position: 1000},
		"a fixed increment":                   {acks: []ack{{1000, 1000}, {1000, 2000}, {1000, 3000}, {1000, 4000}}, position: 1000, wrong: "stands still"},
		"nothing, again and again":            {acks: []ack{{0, 4000}, {0, 5000}, {0, 6000}}, wrong: "stands still"},
		"around 2^32":                         {at: around - 500, last: 0xFFFFFE0C, acks: []ack{{300, around + 400}, {1300, around + 2000}}, position: around + 1300},
		"around 2^32 for the third time":      {at: 3*around - 500, last: 0xFFFFFE0C, acks: []ack{{300, 3*around + 400}}, position: 3*around + 300},
		"around 2^32, and more than was sent": {at: around - 500, last: 0xFFFFFE0C, acks: []ack{{300, around + 299}}, position: around - 500, wrong: "more than was sent"},
		// nginx had 700 bytes at once when it was 100 short of its end: 600 of them it forgets.
		"from 0xF0000000 to 0":                   {at: restartAt - 100, last: restartAt - 100, acks: []ack{{500, restartAt + 5000}, {1500, restartAt + 5000}}, position: restartAt + 1500},
		"from 0xF0000000 to 0 the second time":   {at: 2*restartAt - 100, last: restartAt - 100, acks: []ack{{500, 2*restartAt + 5000}}, position: 2*restartAt + 500},
		"to 0 from what has not been 0xF0000000": {at: 0xE0000000, last: 0xE0000000, acks: []ack{{500, around}}, position: 0xE0000000, wrong: "goes back"},
		"to 0 from beyond 0xF0000000":            {at: restartAt, last: restartAt, acks: []ack{{500, 2 * around}}, position: restartAt, wrong: "goes back"},
		"from 0xF0000000 to far beyond 0":        {at: restartAt - 100, last: restartAt - 100, acks: []ack{{1 << 30, 2 * around}}, position: restartAt - 100, wrong: "goes back"},
	} {
		a := acknowledger{position: c.at, last: c.last}
		for _, next := range c.acks {
			a.hear(next.count, next.offered, window)
			require.LessOrEqual(t, a.position, next.offered, name)
		}
		require.Equal(t, c.position, a.position, name)
		require.EqualValues(t, len(c.acks), a.heard, name)
		if c.wrong == "" {
			require.Empty(t, a.reason, name)
		} else {
			require.Contains(t, a.reason, c.wrong, name)
		}
	}
}

// FuzzAcknowledger lets a server say what it likes: a position is never more
// than what was sent, and never goes back.
func FuzzAcknowledger(f *testing.F) {
	f.Add(uint64(restartAt-100), uint32(restartAt-100), uint32(500), uint32(1000), uint64(5000))
	f.Add(uint64(1<<32-1), uint32(1<<32-1), uint32(0), uint32(1), uint64(2))
	f.Fuzz(func(t *testing.T, at uint64, last, first, second uint32, more uint64) {
		at %= 1 << 60
		a := acknowledger{position: at, last: last}
		offered := at + more%(1<<40)
		for _, count := range []uint32{first, second, first} {
			before := a.position
			a.hear(count, offered, 1000)
			require.GreaterOrEqual(t, a.position, before)
			require.LessOrEqual(t, a.position, offered)
		}
	})
}
