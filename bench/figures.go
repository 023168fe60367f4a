package main

import (
	"math"
	"slices"
)

// figures are what one contender's rounds came to in one column; a round that
// failed is not a number.
type figures []float64

func (f figures) valid() figures {
	return slices.DeleteFunc(slices.Clone(f), math.IsNaN)
}

func (f figures) median() float64 {
	v := f.valid()
	if len(v) == 0 {
		return math.NaN()
	}
	slices.Sort(v)
	if n := len(v); n%2 == 0 {
		return (v[n/2-1] + v[n/2]) / 2
	}
	return v[len(v)/2]
}

func (f figures) spread() (least, most float64) {
	v := f.valid()
	if len(v) == 0 {
		return math.NaN(), math.NaN()
	}
	return slices.Min(v), slices.Max(v)
}

// over are the ratios of the same rounds.
func (f figures) over(other figures) (ratios figures) {
	for i, v := range f[:min(len(f), len(other))] {
		ratios = append(ratios, v/other[i])
	}
	return ratios
}

// percentile is of values in any order; q is from 0 to 1.
func percentile(values []int64, q float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	slices.Sort(values)
	return float64(values[min(len(values)-1, int(q*float64(len(values))))])
}
