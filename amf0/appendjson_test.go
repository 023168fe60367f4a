package amf0_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
)

func TestAppendJSON(t *testing.T) {
	for want, v := range map[string]any{
		`null`:            nil,
		`[null,true,"x"]`: amf0.StrictArray{amf0.Undefined{}, true, "x"},
		`{"b":1,"a":{}}`:  amf0.Object{{Name: "b", Value: 1.0}, {Name: "a", Value: amf0.Object{}}},
		`{"k":"<x>"}`:     amf0.ECMAArray{{Name: "k", Value: amf0.XML("<x>")}},
		`"+Inf"`:          math.Inf(1),
		`1500`:            amf0.Date{Milliseconds: 1500},
	} {
		require.JSONEq(t, want, string(amf0.AppendJSON(nil, v)))
	}
}
