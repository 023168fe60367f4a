package main

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

var nan = math.NaN()

// same is for figures, of which one may be not a number.
func same(t *testing.T, want, got float64) {
	t.Helper()
	if math.IsNaN(want) {
		require.True(t, math.IsNaN(got), "%g is a number", got)
		return
	}
	require.Equal(t, want, got)
}

func TestMedianAndSpread(t *testing.T) {
	for _, c := range []struct {
		name                string
		f                   figures
		median, least, most float64
	}{
		{"none", nil, nan, nan, nan},
		{"failed", figures{nan, nan}, nan, nan, nan},
		{"one", figures{3}, 3, 3, 3},
		{"two", figures{4, 1}, 2.5, 1, 4},
		{"odd", figures{9, 1, 2}, 2, 1, 9},
		{"even", figures{9, 1, 2, 4}, 3, 1, 9},
		{"with a failure", figures{9, nan, 1, 2}, 2, 1, 9},
		{"below 0", figures{-1, -3, -2}, -2, -3, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := append(figures{}, c.f...)
			same(t, c.median, c.f.median())
			least, most := c.f.spread()
			same(t, c.least, least)
			same(t, c.most, most)
			for i := range before {
				same(t, before[i], c.f[i]) // the rounds stay in their order
			}
		})
	}
}

func TestOver(t *testing.T) {
	ratios := figures{2, 9, nan, 5, 1}.over(figures{4, 3, 1, nan})
	require.Len(t, ratios, 4, "the rounds that both have")
	for i, want := range []float64{0.5, 3, nan, nan} {
		same(t, want, ratios[i])
	}
	same(t, 1.75, ratios.median())
	require.Empty(t, figures{}.over(figures{1}))
	same(t, math.Inf(1), figures{1}.over(figures{0}).median())
}

func TestPercentile(t *testing.T) {
	hundred := make([]int64, 100)
	for i := range hundred {
		hundred[i] = int64(100 - i)
	}
	for _, c := range []struct {
		name   string
		values []int64
		q      float64
		want   float64
	}{
		{"none", nil, 0.5, nan},
		{"one, the least", []int64{7}, 0, 7},
		{"one, the most", []int64{7}, 1, 7},
		{"the middle", []int64{30, 10, 20}, 0.5, 20},
		{"the least", hundred, 0, 1},
		{"half", hundred, 0.5, 51},
		{"nearly all", hundred, 0.99, 100},
		{"all", hundred, 1, 100},
	} {
		t.Run(c.name, func(t *testing.T) { same(t, c.want, percentile(c.values, c.q)) })
	}
}
