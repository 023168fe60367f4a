package advice

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the synthetic traces, the chart and the figures anew")

const (
	traceStep   = 500 * time.Millisecond
	traceLength = 600 // steps: five minutes
)

// models make the traces; testdata/README.md describes them. All of it is
// arithmetic with integers in kbit/s, so that every machine makes the same.
var models = map[string]func(*rand.Rand) []int64{
	"synthetic-lte-drive": lteDrive,
	"synthetic-3g-tunnel": tunnels,
	"synthetic-wifi":      crowdedWifi,
	"synthetic-shared":    sharedUplink,
	"synthetic-satellite": satellite,
}

// around is a number that scatters about mean, by spread at most, the middle more
// often.
func around(r *rand.Rand, mean, spread int64) int64 {
	sum := int64(0)
	for range 4 {
		sum += r.Int64N(2*spread + 1)
	}
	return max(mean+sum/4-spread, 0)
}

// lteDrive is a drive through cells: a level for 5 to 30 s, a fading about it that
// remembers, and a stall of half a second to a second and a half at every change of cell.
func lteDrive(r *rand.Rand) (trace []int64) {
	levels := []int64{600, 1_500, 3_000, 5_000, 9_000}
	fade, i := int64(0), 2
	for len(trace) < traceLength {
		for range 10 + r.IntN(50) {
			fade = fade*7/10 + around(r, 500, 500) - 500
			trace = append(trace, max(levels[i]*(1000+fade)/1000, 50))
		}
		for range 1 + r.IntN(3) {
			trace = append(trace, 0)
		}
		i = min(max(i+r.IntN(5)-2, 0), len(levels)-1)
	}
	return trace
}

// tunnels is a train with 3G: a slow drift between 400 kbit/s and 3 Mbit/s, and a
// tunnel of 3 to 12 s about every minute.
func tunnels(r *rand.Rand) (trace []int64) {
	level := int64(1_500)
	for len(trace) < traceLength {
		for range 80 + r.IntN(80) {
			level = min(max(level+around(r, 200, 200)-200, 400), 3_000)
			trace = append(trace, around(r, level, level/3))
		}
		for range 6 + r.IntN(18) {
			trace = append(trace, 0)
		}
	}
	return trace
}

// crowdedWifi has 8 Mbit/s with dips of 1 to 4 s to a fifth, every 5 to 30 s.
func crowdedWifi(r *rand.Rand) (trace []int64) {
	for len(trace) < traceLength {
		for range 10 + r.IntN(50) {
			trace = append(trace, around(r, 8_000, 2_500))
		}
		for range 2 + r.IntN(6) {
			trace = append(trace, around(r, 1_600, 800))
		}
	}
	return trace
}

// sharedUplink is 5 Mbit/s, of which somebody else's uploads take a third to two
// thirds for 10 to 60 s.
func sharedUplink(r *rand.Rand) (trace []int64) {
	for len(trace) < traceLength {
		for range 20 + r.IntN(100) {
			trace = append(trace, around(r, 5_000, 150))
		}
		left := 1_700 + r.Int64N(1_600)
		for range 20 + r.IntN(100) {
			trace = append(trace, around(r, left, 300))
		}
	}
	return trace
}

// satellite changes its way every 15 s: another level, half a second of nothing.
func satellite(r *rand.Rand) (trace []int64) {
	for len(trace) < traceLength {
		level := 2_500 + r.Int64N(9_500)
		trace = append(trace, 0)
		for range 29 {
			trace = append(trace, around(r, level, level/4))
		}
	}
	return trace
}

func makeTrace(name string) []byte {
	seed := uint64(0)
	for _, c := range []byte(name) {
		seed = seed*31 + uint64(c)
	}
	var text bytes.Buffer
	for _, kbits := range models[name](rand.New(rand.NewPCG(seed, 0)))[:traceLength] {
		fmt.Fprintln(&text, kbits)
	}
	return text.Bytes()
}

// loadTrace reads a trace as a link's rate. Beyond its end the last value holds.
func loadTrace(t *testing.T, name string) (func(time.Duration) int64, time.Duration) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".txt")
	require.NoError(t, err)
	var trace []int64
	for line := range bytes.Lines(text) {
		kbits, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 10, 64)
		require.NoError(t, err)
		trace = append(trace, kbits*1000)
	}
	require.Greater(t, len(trace), 200)
	return func(now time.Duration) int64 { return trace[min(int(now/traceStep), len(trace)-1)] },
		traceStep * time.Duration(len(trace))
}

// TestTracesAreCurrent: nobody has touched up a trace.
func TestTracesAreCurrent(t *testing.T) {
	for name := range models {
		path := "testdata/" + name + ".txt"
		if *update {
			require.NoError(t, os.WriteFile(path, makeTrace(name), 0o600))
		}
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(makeTrace(name)), string(text), "%s is not what its model makes; go test -update writes it", path)
	}
}
