package rtmp_test

import (
	"fmt"

	"rtmpwriter/rtmp"
)

// Both forms of the URL; the key stays hidden when printed.
func ExampleParseURL() {
	for _, s := range []string{"rtmp://127.0.0.1/live+myStream", "rtmp://example.com/app/instance/key?token=1"} {
		u, err := rtmp.ParseURL(s, "+")
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Printf("%s | %s | %s\n", u.App, u.StreamKey(), u)
	}
	_, err := rtmp.ParseURL("rtmp://127.0.0.1:99999/live+myStream", "+")
	fmt.Println(err)
	// Output:
	// live | myStream | rtmp://127.0.0.1/live/****
	// app/instance | key?token=1 | rtmp://example.com/app/instance/****
	// bad RTMP URL: port "99999" must be a number from 1 to 65535
}
