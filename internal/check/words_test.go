package check

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
)

// Whatever number a server says, the report can be written as JSON.
func TestValuesAreJSON(t *testing.T) {
	text, err := json.Marshal(values(amf0.Object{
		{Name: "a", Value: math.NaN()}, {Name: "b", Value: math.Inf(-1)}, {Name: "c", Value: 1.5},
		{Name: "d", Value: amf0.Object{{Name: "e", Value: math.Inf(1)}, {Name: "f", Value: nil}}},
	}))
	require.NoError(t, err)
	require.JSONEq(t, `{"a":"NaN","b":"-Inf","c":1.5,"d":{"e":"+Inf","f":null}}`, string(text))
}
