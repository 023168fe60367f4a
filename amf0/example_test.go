package amf0_test

import (
	"fmt"

	"rtmpwriter/amf0"
)

// A cue point, written and read back in order.
func Example() {
	body, err := amf0.Append(nil, "onCuePoint", amf0.Object{
		{Name: "name", Value: "advert"},
		{Name: "time", Value: 12.5},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	values, err := amf0.Decode(body)
	cue, _ := values[1].(amf0.Object)
	fmt.Println(values[0], cue.String("name"), cue.Number("time"), err)
	// Output: onCuePoint advert 12.5 <nil>
}
