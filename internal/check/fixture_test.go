package check

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rtmpwriter/rtmp"
	"rtmpwriter/rtmp/rtmptest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const key = "opensesame"

// urlOf is where a server takes the key.
func urlOf(t *testing.T, server *rtmptest.Server) *rtmp.URL {
	t.Helper()
	u, err := rtmp.ParseURL(server.URL("live/"+key), "")
	require.NoError(t, err)
	return u
}

// find is the first finding of a step.
func find(t *testing.T, r *Report, step string) Finding {
	t.Helper()
	for _, f := range r.Steps {
		if f.Step == step {
			return f
		}
	}
	t.Fatalf("no step %s in %s", step, shown(t, r))
	return Finding{}
}

// shown is all that a report shows.
func shown(t *testing.T, r *Report) string {
	t.Helper()
	text, err := json.Marshal(r)
	require.NoError(t, err)
	require.NotContains(t, string(text), key)
	return string(text)
}
