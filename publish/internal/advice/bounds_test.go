package advice

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// mobile is a link with a radio's queue and round trip.
func mobile(rate func(time.Duration) int64) link {
	return link{rate: rate, queue: 200 * time.Millisecond, rtt: 60 * time.Millisecond, noise: 20 * time.Millisecond}
}

// traces are what the advice is judged on, and what is demanded of it there.
var traces = []struct {
	name        string
	utilisation int64         // at least, in thousandths
	late        time.Duration // at most
	backlog     time.Duration // at most
	advices     int64         // a minute at most
	why         string
}{
	{"recorded-att-lte-drive", 700, 280 * time.Second, 85 * time.Second, 18, "78 s in one piece with next to nothing; a fifth of the time it carries less than the floor"},
	{"recorded-att-lte-drive-2016", 630, 25 * time.Second, 9 * time.Second, 20, "from 5 s of nothing to 14 Mbit/s within seconds"},
	{"recorded-tmobile-lte", 900, 2500 * time.Millisecond, 1500 * time.Millisecond, 18, "dips of a second"},
	{"recorded-tmobile-umts-drive", 650, 200 * time.Second, 27 * time.Second, 18, "an eighth of the time less than the floor, for 13 s in one piece"},
	{"recorded-verizon-evdo-drive", 660, 220 * time.Second, 30 * time.Second, 18, "a seventh of the time less than the floor, for 20 s in one piece"},
	{"recorded-verizon-lte", 820, 11 * time.Second, 5 * time.Second, 18, "a hole of 1.5 s, and dips"},
	{"synthetic-lte-drive", 600, 60 * time.Second, 9 * time.Second, 18, "a sixth of it is near the floor or nothing, in one piece from 54 s to 67 s"},
	{"synthetic-3g-tunnel", 680, 85 * time.Second, 12 * time.Second, 18, "tunnels of 8 to 11 s wait as long, and half of the link drains them"},
	{"synthetic-wifi", 800, 8 * time.Second, 2 * time.Second, 18, "dips are over before the encoder follows"},
	{"synthetic-shared", 820, time.Second, time.Second, 18, "changes every half minute or minute, each found anew"},
	{"synthetic-satellite", 880, time.Second, time.Second, 18, "every 15 s another rate, after half a second of nothing"},
}

// TestTraces judges the advice on every trace, against an encoder that nobody
// advises and one that goes by a widespread rule.
func TestTraces(t *testing.T) {
	for _, c := range traces {
		t.Run(c.name, func(t *testing.T) {
			rivals := judgedOn(t, c.name)
			v, alone, rule := rivals[0].verdict, rivals[1].verdict, rivals[2].verdict
			require.GreaterOrEqual(t, v.utilisation, c.utilisation, c.why)
			require.LessOrEqual(t, v.late, c.late, c.why)
			require.LessOrEqual(t, v.backlog, c.backlog, c.why)
			require.LessOrEqual(t, v.perMinute, c.advices, "one in three seconds at the most, as a climb takes")
			require.GreaterOrEqual(t, v.lowest, floor)

			require.Less(t, v.late, max(alone.late/2, 1))
			require.Less(t, v.backlog, alone.backlog)
			require.Greater(t, v.sent, rule.sent-10, "about as much at least, mostly a lot more")
		})
	}
}

type rival struct {
	name string
	verdict
}

// judgedOn runs the three over a trace, with an encoder of 4 Mbit/s.
func judgedOn(t *testing.T, trace string) []rival {
	t.Helper()
	const most = int64(4_000_000)
	rate, length := loadTrace(t, trace)
	e := encoder{most: most, follows: time.Second, variation: 200}
	rivals := []rival{{name: "advice"}, {name: "none"}, {name: "30 s rule"}}
	for i, a := range []adviser{advised(floor, most), nobody{}, &thirty{most: most}} {
		rivals[i].verdict = run(mobile(rate), e, a, length).judged(most)
	}
	return rivals
}

// TestRandomLinks: on any link the target is in its bounds, an encoder has rest
// between two advices, and where the link carries twice the floor and the sound at
// least, nothing waits for long.
func TestRandomLinks(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 7))
		lowest := 2 * (floor + sound)
		var rates []int64
		for range 20 {
			rates = append(rates, lowest+r.Int64N(4_000_000))
		}
		const piece = 9 * time.Second
		l := link{
			rate:  func(now time.Duration) int64 { return rates[int(now/piece)%len(rates)] },
			queue: time.Duration(r.Int64N(int64(time.Second))), rtt: time.Duration(r.Int64N(int64(200 * time.Millisecond))),
			noise: time.Duration(r.Int64N(int64(60 * time.Millisecond))), blind: r.IntN(2) == 0,
		}
		l.rtt += time.Millisecond
		e := encoder{
			most: 1_000_000 + r.Int64N(4_000_000), follows: time.Duration(r.Int64N(int64(3 * time.Second))),
			gop: 30 + r.IntN(120), key: 4 + r.Int64N(7), variation: r.Int64N(500),
		}
		out := run(l, e, advised(floor, e.most), 3*time.Minute)
		v := out.judged(e.most)
		for _, p := range out.points {
			require.True(t, p.target >= floor && p.target <= e.most, "seed %d: %d", seed, p.target)
		}
		for i := 1; i < len(out.times); i++ {
			require.GreaterOrEqual(t, out.times[i]-out.times[i-1], urgentRest, "seed %d", seed)
		}
		// Until the cut has been seen and followed all of the encoder's bits may wait,
		// and go at the link's lowest rate.
		bound := (2500*time.Millisecond + e.follows) * time.Duration(e.most) / time.Duration(slices.Min(rates))
		require.LessOrEqual(t, v.backlog, bound, "seed %d: %v", seed, v)
		require.LessOrEqual(t, v.backlog, 12*time.Second, "seed %d: %v", seed, v)
		require.GreaterOrEqual(t, v.utilisation, int64(450), "every 9 s another rate; seed %d: %v", seed, v)
	}
}
