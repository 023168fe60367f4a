package rtmp

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// A stream key that is a word of the protocol is masked where it is the key, and
// does not blot out what the server means.
func TestKeysThatAreWordsOfTheProtocol(t *testing.T) {
	for _, key := range []string{"stream", "Start", "publish", "NetStream", "status", "error"} {
		synctest.Test(t, func(t *testing.T) {
			server := rtmptest.NewPipeServer(t, rtmptest.Script{})
			u, err := ParseURL(server.URL("live+"+key), "+")
			require.NoError(t, err)
			c, err := Dial(context.Background(), u, Config{Dial: server.Dial})
			require.NoError(t, err, key)
			require.NoError(t, c.Close(context.Background()))
			server.Close()

			server = rtmptest.NewPipeServer(t, on("publish", rtmptest.Refuse("NetStream.Publish.BadName", "no "+key)))
			u, err = ParseURL(server.URL("live+"+key), "+")
			require.NoError(t, err)
			_, err = Dial(context.Background(), u, Config{Dial: server.Dial})
			var status *StatusError
			require.ErrorAs(t, err, &status)
			require.Equal(t, "NetStream.Publish.BadName", status.Code)
			require.Equal(t, "no ****", status.Description)
			server.Close()
		})
	}
	u, err := ParseURL("rtmp://h/live/"+sesame, "+")
	require.NoError(t, err)
	r := newRedactor(u)
	r.add("a.b", 1)
	for code, want := range map[string]string{
		"NetStream.Publish." + sesame: "NetStream.Publish.****", "NetStream.a.b": "NetStream.****", sesame: "****", "error": "error", "": "", "Net.Stream": "Net.Stream",
	} {
		require.Equal(t, want, r.code(code))
	}
}
