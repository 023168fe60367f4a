package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errBroken = errors.New("it broke")

// told collects what a contest tells.
type told struct{ strings.Builder }

func (w *told) tell(format string, args ...any) { fmt.Fprintf(w, format, args...) }

// played is a contest that has been run, in which each contender's rounds come to
// these figures; one that is not a number is a failure.
func played(t *testing.T, names []string, rounds ...figures) (c *contest, said string) {
	t.Helper()
	c = &contest{name: "race", columns: []column{{"s", "%.1f"}}, rounds: len(rounds[0])}
	for i, name := range names {
		round := 0
		c.entries = append(c.entries, &entry{name: name, run: func(context.Context) ([]float64, error) {
			v := rounds[i][round]
			round++
			if math.IsNaN(v) {
				return nil, errBroken
			}
			return []float64{v}, nil
		}})
	}
	var w told
	require.NoError(t, c.run(t.Context(), w.tell))
	return c, w.String()
}

func TestEachRoundBeginsWithAnother(t *testing.T) {
	var order []string
	c := &contest{name: "race", rounds: 4, columns: []column{{"a", ""}, {"b", ""}}}
	for _, name := range []string{"x", "y", "z"} {
		c.entries = append(c.entries, &entry{name: name, run: func(context.Context) ([]float64, error) {
			order = append(order, name)
			return []float64{float64(len(order)), -1}, nil
		}})
	}
	var w told
	require.NoError(t, c.run(t.Context(), w.tell))
	require.Equal(t, "xyz yzx zxy xyz", strings.Join([]string{
		strings.Join(order[:3], ""), strings.Join(order[3:6], ""), strings.Join(order[6:9], ""), strings.Join(order[9:], ""),
	}, " "))
	require.Equal(t, []figures{{1, 6, 8, 10}, {-1, -1, -1, -1}}, c.entry("x").rounds)
	require.Equal(t, []figures{{2, 4, 9, 11}, {-1, -1, -1, -1}}, c.entry("y").rounds)
	require.Nil(t, c.entry("nobody"))
	require.Contains(t, w.String(), "round 1 of 4")
	require.Contains(t, w.String(), "round 4 of 4")
}

func TestPeerMayFail(t *testing.T) {
	c, said := played(t, []string{"we", "they"}, figures{1, 2, 3}, figures{4, nan, 6})
	require.Equal(t, 1, strings.Count(said, "they: it broke"))
	they := c.entry("they")
	require.ErrorIs(t, they.failed, errBroken)
	require.Len(t, they.rounds[0], 3)
	for i, want := range []float64{4, nan, 6} {
		same(t, want, they.rounds[0][i])
	}
	require.Equal(t, figures{1, 2, 3}, c.entry("we").rounds[0])
	require.NoError(t, c.entry("we").failed)
}

func TestOursMustNotFail(t *testing.T) {
	fails := func(context.Context) ([]float64, error) { return nil, errBroken }
	c := &contest{name: "race", rounds: 2, columns: []column{{"s", ""}}, entries: []*entry{{name: "we", ours: true, run: fails}}}
	var w told
	err := c.run(t.Context(), w.tell)
	require.ErrorIs(t, err, errBroken)
	require.EqualError(t, err, "race, we: it broke")
}

func TestContestEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	runs := 0
	c := &contest{name: "race", rounds: 5, columns: []column{{"s", ""}}, entries: []*entry{{name: "they", run: func(context.Context) ([]float64, error) {
		runs++
		cancel(errBroken)
		return nil, errUnmeasured
	}}}}
	var w told
	require.ErrorIs(t, c.run(ctx, w.tell), errBroken)
	require.Equal(t, 1, runs)
	require.Empty(t, w.String())
}

func TestReached(t *testing.T) {
	c, _ := played(t, []string{"we", "they", "broken"}, figures{1, 30, 8, 4}, figures{2, 10, 10, nan}, figures{nan, nan, nan, nan})
	for _, r := range []struct {
		name  string
		t     target
		value float64
		ok    bool
	}{
		{"the same rounds' ratios", target{ours: "we", peer: "they", most: 0.8}, 0.8, true},
		{"a ratio above", target{ours: "we", peer: "they", most: 0.79}, 0.8, false},
		{"a figure", target{ours: "we", most: 6}, 6, true},
		{"a figure above", target{ours: "we", most: 5.9}, 6, false},
	} {
		t.Run(r.name, func(t *testing.T) {
			value, ok, err := c.reached(r.t)
			require.NoError(t, err)
			require.Equal(t, r.value, value)
			require.Equal(t, r.ok, ok)
		})
	}
	for name, unmeasured := range map[string]target{
		"we are not there":        {ours: "nobody", most: 1},
		"the peer is not there":   {ours: "we", peer: "nobody", most: 1},
		"the peer always failed":  {ours: "we", peer: "broken", most: 1},
		"we always failed":        {ours: "broken", most: 1},
		"the peer's, ours failed": {ours: "broken", peer: "we", most: 1},
	} {
		t.Run(name, func(t *testing.T) {
			_, ok, err := c.reached(unmeasured)
			require.ErrorIs(t, err, errUnmeasured)
			require.False(t, ok)
		})
	}
	notYet := &contest{entries: []*entry{{name: "we"}}}
	_, _, err := notYet.reached(target{ours: "we", most: 1})
	require.ErrorIs(t, err, errUnmeasured)
}

func TestCurves(t *testing.T) {
	flat := strings.Repeat("1000 10 7\n", 9)
	for _, c := range []struct {
		name, said string
		want       []float64
	}{
		{"flat", flat, []float64{1, 1, 1}},
		{"grows", "100 10 7\n200 10 7\n300 15 7\n", []float64{3, 1.5, 1}},
		{"an outlier", "100 10 7\n900 10 7\n100 10 7\n" + strings.Repeat("100 10 7\n", 3) + "100 10 7\n100 10 7\n900 10 14\n", []float64{1, 1, 1}},
		{"the middle does not count", "4 1 1\n4 1 1\n9 9 9\n9 9 9\n2 1 1\n2 1 1\n", []float64{0.5, 1, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := curves(c.said)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
	_, err := curves("1 1 1\n2 2 2\n")
	require.ErrorIs(t, err, errUnmeasured)
	_, err = curves("")
	require.ErrorIs(t, err, errUnmeasured)
	_, err = curves(flat + "panic: no\n")
	require.ErrorContains(t, err, `"panic: no\n"`)
}
