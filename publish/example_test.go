package publish_test

import (
	"fmt"

	"rtmpwriter/publish"
)

// Every door binds the option table; so can you.
func ExampleOptions_Fields() {
	o := publish.DefaultOptions()
	for _, f := range o.Fields() {
		if f.Name == "chunk-size" {
			fmt.Println(f.Set("12"))
			fmt.Println(f.Set("4096"), o.ChunkSize)
		}
	}
	// Output:
	// option chunk-size = "12": must be a number from 128 to 1048576 bytes
	// <nil> 4096
}
